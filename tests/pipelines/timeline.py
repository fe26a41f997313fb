# SPDX-License-Identifier: LGPL-2.1-or-later
"""The frames that a task with several sources must show, as ffprobe and ffmpeg have them."""
import bisect
import functools
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from fractions import Fraction

import numpy
from PIL import Image, ImageSequence

from animtask import clip, run

H264 = clip("mp4/bbb_480p_5s_h264_b.mp4")  # 854x480, B frames
WMV = clip("wmv/lego_wmv2_320x240.wmv")  # passes the gate whole
WIDTH, HEIGHT = 160, 90


@functools.cache
def frame_times(source):
    """Times of the video's frames from the first one, and its end."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
               "frame=best_effort_timestamp_time,pkt_duration_time", "-of", "json", source]
    frames = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["frames"]
    if "best_effort_timestamp_time" not in frames[-1]:  # a raw stream: 25 a second
        return [Fraction(k, 25) for k in range(len(frames))], Fraction(len(frames), 25)
    times = [Fraction(frame["best_effort_timestamp_time"]) for frame in frames]
    last = frames[-1].get("pkt_duration_time")
    end = times[-1] + (Fraction(last) if last else times[-1] - times[-2])
    return [time - times[0] for time in times], end - times[0]


@functools.cache
def pictures(source):
    """All frames, without their interlacing, in square pixels, and fitted into the test's size with
    black bars."""
    scale = (r"yadif=deint=interlaced,scale=iw*max(sar\,1):ih/min(sar\,1):flags=lanczos,"
             f"scale={WIDTH}:{HEIGHT}:force_original_aspect_ratio=decrease:flags=lanczos,"
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


def level(a, b):
    """How like two pictures are whose brightness was mapped in different ways, in dB."""
    a, b = (picture.astype(numpy.float64).mean(axis=-1) for picture in (a, b))
    together = numpy.corrcoef(a.ravel(), b.ravel())[0, 1]
    return -10 * numpy.log10(max(1 - together ** 2, 1e-9))


class TimelineTest(unittest.TestCase):
    # By source: how pictures are held against ffmpeg's, and how like they must be; else psnr and 30.
    likeness = {}

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
                like, least = self.likeness.get(source, (psnr, 30))
                mine = like(picture, all_of_it[index])
                self.assertGreater(mine, least)
                for other in (index - 1, index + 1):
                    if 0 <= other < len(all_of_it):
                        if psnr(all_of_it[index], all_of_it[other]) < 40:
                            # Two scalers and matrices differ more than neighbours may.
                            margin = 0.3 if like is psnr else 0
                            self.assertGreater(mine, like(picture, all_of_it[other]) + margin)
