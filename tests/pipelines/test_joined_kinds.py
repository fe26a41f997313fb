# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sources of every kind joined to those of every other kind: the frames are those that ffmpeg finds in
each source, and the same bin does it again."""
import json
import os
import sys
import unittest
from fractions import Fraction

sys.path.insert(0, os.path.dirname(__file__))
from animtask import Gst, clip  # noqa: E402
from clips import says_orientation  # noqa: E402
from timeline import H264, WMV, TimelineTest, level, psnr, timeline  # noqa: E402

# Where a part begins (no sample is at the edge of a frame), and how like ffmpeg's its pictures must
# be: HDR is mapped in other ways, and of saturated edges every scaler and every siting of chroma makes
# something else.
KINDS = {
    "raw/foreman_qcif_baseline.264": ("1.01", psnr, 30),
    "ts/hevc_854x480.ts": ("0.25", psnr, 30),
    "avi/bird_xvid_960x400.avi": ("0.555", psnr, 27),
    "hls/cmaf_master_12seg/playlist.m3u8": ("1.05", psnr, 23),
    "mp4/pixel_hdr10_av1_720x1280.mp4": ("1.018", level, 12),
    "mp4/hdr_hlg_640x360_hevc.mov": ("0.15", psnr, 30),
    "generated/ntsc_dvd_interlaced.vob": ("0.551", psnr, 30),
    "mp4/bear_rotate_and_flip.mp4": ("0.217", psnr, 30),
    "mp4/carphone_qcif_sar128-117.mp4": ("1.018", psnr, 30),
}
FLIPPED = "mp4/bear_rotate_and_flip.mp4"
if not says_orientation(clip(FLIPPED)):
    del KINDS[FLIPPED]
SOURCES = [clip(name) for name in KINDS]
BEGIN = {clip(name): Fraction(begin) for name, (begin, *_) in KINDS.items()}
# Its picture counts in every task, so that bars around a picture are those of the test's own size.
LAST = (H264, Fraction("1.02"), Fraction(1, 4))
MOST = 10  # sources of one task beside it


def round_trip(kinds):
    """Each kind after each other kind, once (an Euler circuit by Hierholzer)."""
    left = {a: [b for b in kinds if b != a] for a in kinds}
    trail, out = [kinds[0]], []
    while trail:
        if left[trail[-1]]:
            trail.append(left[trail[-1]].pop())
        else:
            out.append(trail.pop())
    return out[::-1]


class JoinedKinds(TimelineTest):
    likeness = {clip(name): (like, least) for name, (_, like, least) in KINDS.items()}

    def test_every_kind_after_every_other_kind(self):
        trail = round_trip(SOURCES)
        self.assertEqual(len(set(zip(trail, trail[1:]))), len(SOURCES) * (len(SOURCES) - 1))
        for first in range(0, len(trail) - 1, MOST - 1):
            parts = [*((source, BEGIN[source], Fraction(3, 10))
                       for source in trail[first:first + MOST]), LAST]
            with self.subTest(first=first):
                outcome = self.expect(parts, Fraction(1, 10))
                for warning in outcome.result["Warnings"]:
                    self.assertIn("neither timestamps nor a frame rate", warning)

    def test_field_pairs_of_a_short_source(self):
        self.expect([(clip("ts/avchd_1080i50_sony.mts"), Fraction("0.05"), None),
                     (WMV, Fraction("0.51"), Fraction(1, 2)),
                     (clip("ts/avchd_1080i50_sony.mts"), Fraction("0.13"), Fraction(1, 5)), LAST],
                    Fraction(11, 100))

    # ---- one bin --------------------------------------------------------------------------------

    def bin(self):
        element = Gst.ElementFactory.make("animtaskbin")
        element.set_property("storage-root", self.root)
        pipeline = Gst.Pipeline()
        pipeline.add(element)
        self.addCleanup(pipeline.set_state, Gst.State.NULL)
        return pipeline, element

    def end_of(self, pipeline):
        message = pipeline.get_bus().timed_pop_filtered(
            60 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
        if message is None:
            return "TIMEOUT"
        return "EOS" if message.type == Gst.MessageType.EOS else message.parse_error()[0].message

    def test_the_same_bin_runs_one_task_after_the_other(self):
        interval = Fraction(1, 10)
        pipeline, element = self.bin()
        for names in (("raw/foreman_qcif_baseline.264", "mp4/carphone_qcif_sar128-117.mp4"),
                      ("generated/ntsc_dvd_interlaced.vob", "avi/bird_xvid_960x400.avi",
                       "hls/cmaf_master_12seg/playlist.m3u8"),
                      ("hls/cmaf_master_12seg/playlist.m3u8", "ts/hevc_854x480.ts")):
            parts = [(clip(name), BEGIN[clip(name)], Fraction(1, 2)) for name in names] + [LAST]
            with self.subTest(names=names):
                element.set_property("task", json.dumps(self.task(
                    parts, Interval=f"{interval.numerator}/{interval.denominator}")))
                pipeline.set_state(Gst.State.PLAYING)
                self.assertEqual(self.end_of(pipeline), "EOS")
                pipeline.set_state(Gst.State.NULL)
                self.compare(timeline(parts, interval))
                os.remove(self.output)

    def test_the_same_bin_runs_again_after_a_stop_and_after_a_failure(self):
        parts = [(H264, Fraction(0), None), (WMV, Fraction(0), None), (H264, Fraction(0), None)]
        pipeline, element = self.bin()
        for number in range(3):
            element.set_property("task", json.dumps(self.task(parts)))
            pipeline.set_state(Gst.State.PLAYING)
            pipeline.get_state(10 * Gst.SECOND)
            pipeline.set_state(Gst.State.NULL)
            self.assertEqual(os.listdir(self.root), [])
            missing = [(H264, Fraction(0), None), ("gone.mp4", Fraction(0), None)]
            element.set_property("task", json.dumps(self.task(missing)))
            pipeline.set_state(Gst.State.PLAYING)
            self.assertIn('"gone.mp4" does not exist', self.end_of(pipeline))
            pipeline.set_state(Gst.State.NULL)
            self.assertEqual(os.listdir(self.root), [])
            short = [(WMV, Fraction("0.51"), Fraction(1, 2)), (H264, Fraction("1.01"), Fraction(1, 2))]
            element.set_property("task", json.dumps(self.task(short, Interval="11/100")))
            pipeline.set_state(Gst.State.PLAYING)
            self.assertEqual(self.end_of(pipeline), "EOS")
            pipeline.set_state(Gst.State.NULL)
            self.compare(timeline(short, Fraction(11, 100)))
            os.remove(self.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
