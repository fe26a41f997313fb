# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several sources in one task: the frames of the timeline are those that ffmpeg finds in each source,
in order, with every kind of seam."""
import json
import os
import subprocess
import sys
import unittest
from fractions import Fraction

import numpy
from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
from animtask import Gst, clip, run  # noqa: E402
from timeline import H264, WMV, TimelineTest, frame_times, pictures, psnr, timeline  # noqa: E402

VP9 = clip("webm/flower_960x540_vp9.webm") or clip("webm/roadtrip_vp9_profile2_10bit.webm")
VFR = clip("mp4/terminal_640x480_vfr.mp4")


class Joined(TimelineTest):
    def test_three_clips_of_different_size_codec_and_rate(self):
        self.expect([(H264, Fraction(0), None), (WMV, Fraction(0), Fraction(3)),
                     (VP9, Fraction(0), Fraction(2))], Fraction(1, 2))

    def test_seams_between_samples(self):
        self.expect([(H264, Fraction(13, 10), Fraction(17, 10)),
                     (WMV, Fraction(7, 10), Fraction(11, 10)),
                     (H264, Fraction(2, 10), Fraction(9, 10))], Fraction(2, 5))

    def test_times_that_nanoseconds_cannot_say(self):
        self.expect([(H264, Fraction(1), Fraction(6, 10)), (WMV, Fraction(2), Fraction(7, 10))],
                    Fraction(1, 7), start=Fraction(1, 10))

    def test_a_start_in_a_later_part(self):
        self.expect([(H264, Fraction(0), Fraction(2)), (WMV, Fraction(1), Fraction(3))],
                    Fraction(3, 10), start=Fraction(23, 10))

    def test_a_number_that_ends_before_the_last_part(self):
        outcome = self.expect([(H264, Fraction(0), Fraction(1)), (H264, Fraction(2), Fraction(2)),
                               (WMV, Fraction(0), None)], Fraction(1, 2), number=4)
        self.assertLess(outcome.result["DecodedFrames"], 100)

    def test_frames_held_for_long(self):
        self.expect([(VFR, Fraction(1, 2), Fraction(3)), (H264, Fraction(4), None),
                     (VFR, Fraction(0), Fraction(2))], Fraction(1, 4))

    def test_every_frame(self):
        parts = [(H264, Fraction(1), Fraction(1, 2)), (WMV, Fraction(0), Fraction(1))]
        outcome = run(self.task(parts), self.root)
        self.assertEqual(outcome.end, "EOS")
        wanted = []
        for source, begin, duration in parts:
            times, _ = frame_times(source)
            wanted += [(source, i) for i, time in enumerate(times)
                       if begin - Fraction(1, 2000) <= time < begin + duration - Fraction(1, 2000)]
        self.assertEqual(outcome.output["FrameCount"], len(wanted))
        self.compare(wanted)

    def test_eleven_parts_of_one_file(self):
        parts = [(H264, Fraction(i, 4), Fraction(1, 4)) for i in range(10, -1, -1)]
        self.expect(parts, Fraction(1, 4))

    def test_the_picture_of_the_alignment_source(self):
        parts = [(H264, Fraction(0), Fraction(1)), (WMV, Fraction(0), Fraction(1))]
        for index, size in ((0, (854, 480)), (1, (320, 240))):
            with self.subTest(index=index):
                task = self.task(parts, Width=1, Height=1, Interval=0.5)
                task["AlignmentIndex"] = index
                outcome = run(task, self.root)
                self.assertEqual(outcome.end, "EOS")
                self.assertEqual((outcome.output["Width"], outcome.output["Height"]), size)

    def test_refusals(self):
        late = run(self.task([(H264, Fraction(0), None), (H264, Fraction(60), None)], Interval=1),
                   self.root)
        self.assertIn("/Sources/1/StartTime: 60 s is at or after the end of the source", late.end)
        self.assertEqual(late.result["Code"], "StartTimeOutOfRange")
        missing = run(self.task([(H264, Fraction(0), None), ("gone.mp4", Fraction(0), None)],
                                Interval=1), self.root)
        self.assertIn("\"gone.mp4\" does not exist", missing.end)
        sound = run(self.task([(H264, Fraction(0), None), (clip("audio/sample.wav"), Fraction(0),
                                                             None)], Interval=1), self.root)
        self.assertEqual(sound.result["Code"], "NoVideoStream")
        beyond = run(self.task([(H264, Fraction(0), Fraction(1)), (H264, Fraction(0), Fraction(1))],
                               Interval=1, StartTime=2), self.root)
        self.assertIn("StartTime: 2 s is at or after the end of the timeline, which is 2 s long",
                      beyond.end)
        self.assertEqual(os.listdir(self.root), [])

    def test_damage_ends_its_part_alone(self):
        cut = os.path.join(self.root, "cut.ts")
        subprocess.run(["ffmpeg", "-v", "error", "-i", H264, "-an", "-c", "copy", cut], check=True)
        with open(cut, "r+b") as file:
            file.truncate(os.path.getsize(cut) * 2 // 3)
        outcome = run(self.task([(cut, Fraction(0), None), (WMV, Fraction(0), Fraction(1))],
                                Interval=0.25), self.root)
        self.assertEqual(outcome.end, "EOS")
        whole = len(timeline([(H264, Fraction(0), None), (WMV, Fraction(0), Fraction(1))],
                             Fraction(1, 4)))
        self.assertGreater(outcome.output["FrameCount"], whole // 2)
        self.assertLess(outcome.output["FrameCount"], whole)
        with Image.open(self.output) as image:
            image.seek(image.n_frames - 1)
            last = numpy.asarray(image.convert("RGB"))
        times, _ = frame_times(WMV)
        self.assertGreater(max(psnr(last, pictures(WMV)[i]) for i, time in enumerate(times)
                               if Fraction(1, 2) < time < 1), 30)

    def test_pauses(self):
        """At moments in the midst of parts and between them: every picture still comes, once."""
        parts = [(H264, Fraction(0), Fraction(3)), (WMV, Fraction(0), Fraction(2)),
                 (H264, Fraction(1), Fraction(3))]
        element = Gst.ElementFactory.make("animtaskbin")
        element.set_property("task", json.dumps(self.task(parts, Interval=0.25)))
        element.set_property("storage-root", self.root)
        pipeline = Gst.Pipeline()
        pipeline.add(element)
        self.addCleanup(pipeline.set_state, Gst.State.NULL)
        ends = Gst.MessageType.EOS | Gst.MessageType.ERROR
        pipeline.set_state(Gst.State.PLAYING)
        pipeline.get_state(30 * Gst.SECOND)
        end = None
        for _ in range(4):
            end = end or pipeline.get_bus().timed_pop_filtered(Gst.SECOND // 50, ends)
            pipeline.set_state(Gst.State.PAUSED)
            pipeline.set_state(Gst.State.PLAYING)
        end = end or pipeline.get_bus().timed_pop_filtered(60 * Gst.SECOND, ends)
        self.assertEqual(end.type if end else None, Gst.MessageType.EOS)
        self.compare(timeline(parts, Fraction(1, 4)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
