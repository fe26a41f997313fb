# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several sources in one task: the frames of the timeline are those that ffmpeg finds in each source,
in order, with every kind of seam."""
import bisect
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction

import numpy
from PIL import Image, ImageSequence

sys.path.insert(0, os.path.dirname(__file__))
from animtask import Gst, clip, run  # noqa: E402

H264 = clip("mp4/bbb_480p_5s_h264_b.mp4")  # 854x480, B frames
WMV = clip("wmv/lego_wmv2_320x240.wmv")  # passes the gate whole
VP9 = clip("webm/flower_960x540_vp9.webm") or clip("webm/roadtrip_vp9_profile2_10bit.webm")
VFR = clip("mp4/terminal_640x480_vfr.mp4")
WIDTH, HEIGHT = 160, 90


@functools.cache
def frame_times(source):
    """Times of the video's frames from the first one, and its end."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
               "frame=best_effort_timestamp_time,pkt_duration_time", "-of", "json", source]
    frames = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["frames"]
    times = [Fraction(frame["best_effort_timestamp_time"]) for frame in frames]
    last = frames[-1].get("pkt_duration_time")
    end = times[-1] + (Fraction(last) if last else times[-1] - times[-2])
    return [time - times[0] for time in times], end - times[0]


@functools.cache
def pictures(source):
    """All frames, fitted into the test's size with black bars."""
    scale = (f"scale={WIDTH}:{HEIGHT}:force_original_aspect_ratio=decrease:flags=lanczos,"
             f"pad={WIDTH}:{HEIGHT}:(ow-iw)/2:(oh-ih)/2")
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-i", source, "-map", "0:v:0", "-vf", scale, "-vsync",
         "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        check=True, capture_output=True).stdout
    return numpy.frombuffer(raw, dtype=numpy.uint8).reshape(-1, HEIGHT, WIDTH, 3)


def timeline(parts, interval, start=Fraction(0), number=None):
    """The frames (source, index) that are on screen at start + k * interval."""
    wanted, offset, k = [], Fraction(0), 0
    for source, begin, duration in parts:
        times, end = frame_times(source)
        length = end - begin if duration is None else min(duration, end - begin)
        while start + k * interval < offset + length and (number is None or k < number):
            time = max(start + k * interval - offset + begin, Fraction(0))
            # ffprobe and the container round times to microseconds and milliseconds.
            wanted.append((source, bisect.bisect_right(times, time + Fraction(1, 2000)) - 1))
            k += 1
        offset += length
    return wanted


def psnr(a, b):
    error = numpy.mean((a.astype(numpy.float64) - b) ** 2)
    return 10 * numpy.log10(255 ** 2 / max(error, 1e-9))


class Joined(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="joined-")
        self.addCleanup(shutil.rmtree, self.root)
        self.output = os.path.join(self.root, "out.webp")

    def task(self, parts, **fields):
        """The picture of H264 counts: fitted into it and then into the test's size, all have the same
        bars as fitted into the test's size alone."""
        sources = []
        for source, begin, duration in parts:
            sources.append({"URI": source, "StartTime": float(begin)})
            if duration is not None:
                sources[-1]["Duration"] = float(duration)
        animation = {"URI": self.output, "Format": "webp", "FrameRate": 10, "Width": WIDTH,
                     "Height": HEIGHT, "ScaleType": "fill", "Lossless": True, **fields}
        index = next((i for i, part in enumerate(parts) if part[0] == H264), 0)
        return {"ProjectName": "test", "Sources": sources, "AlignmentIndex": index,
                "Targets": [{"Image": {"Animations": [animation]}}]}

    def expect(self, parts, interval, start=Fraction(0), number=None):
        fields = {"Interval": f"{interval.numerator}/{interval.denominator}",
                  "StartTime": float(start)}
        if number is not None:
            fields["Number"] = number
        outcome = run(self.task(parts, **fields), self.root)
        self.assertEqual(outcome.end, "EOS")
        wanted = timeline(parts, interval, start, number)
        self.assertEqual(outcome.output["FrameCount"], len(wanted))
        self.compare(wanted)
        return outcome

    def compare(self, wanted):
        """Each frame is the wanted one, and not the one before or after it."""
        with Image.open(self.output) as image:
            stored = [(numpy.asarray(frame.convert("RGB")), round(frame.info["duration"] / 100))
                      for frame in ImageSequence.Iterator(image)]
        shown = [picture for picture, times in stored for _ in range(times)]
        self.assertEqual(len(shown), len(wanted))
        for number, (picture, (source, index)) in enumerate(zip(shown, wanted)):
            with self.subTest(frame=number, source=os.path.basename(source), index=index):
                all_of_it = pictures(source)
                mine = psnr(picture, all_of_it[index])
                self.assertGreater(mine, 30)
                for other in (index - 1, index + 1):
                    if 0 <= other < len(all_of_it):
                        if psnr(all_of_it[index], all_of_it[other]) < 40:
                            # Two scalers and matrices differ more than neighbours may.
                            self.assertGreater(mine, psnr(picture, all_of_it[other]) + 0.3)

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

    def test_an_end_that_is_asked_for(self):
        parts = [(H264, Fraction(0), None), (WMV, Fraction(0), None), (H264, Fraction(0), None)]
        outcome = run(self.task(parts), self.root, end_after=0.3)
        self.assertIn(outcome.end, ("EOS", "the task was ended before the first picture of "
                                    "/Targets/0/Image/Animations/0"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
