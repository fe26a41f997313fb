# SPDX-License-Identifier: LGPL-2.1-or-later
"""The two requests of the service's page, run unchanged, against frames that ffmpeg picks."""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy
from PIL import Image, ImageSequence

sys.path.insert(0, os.path.dirname(__file__))
from animtask import ROOT, clip, oracle, run  # noqa: E402

REQUESTS = os.path.join(ROOT, "examples", "tasks")
LONG = "mp4/bbb_480p_30s_h264.mp4"
SHORT = "mp4/bbb_480p_5s_h264_b.mp4"


def frames_of(path):
    with Image.open(path) as image:
        frames, durations = [], []
        for frame in ImageSequence.Iterator(image):
            frames.append(numpy.asarray(frame.convert("RGB"), dtype=numpy.float64))
            durations.append(frame.info["duration"])
    return frames, durations


def oracle_frames(source, size, skip, count):
    """RGB frames that ffmpeg picks each second, from number `skip` on."""
    width, height = size
    options = oracle(source)
    options[options.index("-vf") + 1] += f",scale={width}:{height}:flags=lanczos"
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *options, "-f", "rawvideo",
                          "-pix_fmt", "rgb24", "-"], check=True, capture_output=True).stdout
    frames = numpy.frombuffer(raw, dtype=numpy.uint8).reshape(-1, height, width, 3)
    return frames[skip:skip + count].astype(numpy.float64)


def psnr(a, b):
    error = numpy.mean((a - b) ** 2)
    return 10 * numpy.log10(255 ** 2 / max(error, 1e-9))


class Seed(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="seed-")
        self.addCleanup(shutil.rmtree, self.root)
        self.folder = os.path.join(self.root, "test-bucket", "video-demo")
        os.makedirs(self.folder)
        self.output = os.path.join(self.folder, "animation.webp")

    def convert(self, request, source):
        shutil.copyfile(source, os.path.join(self.folder, "brewing.mov"))
        with open(os.path.join(REQUESTS, request), encoding="utf-8") as file:
            outcome = run(file.read(), self.root)
        self.assertEqual(outcome.end, "EOS")
        return outcome

    def long_source(self):
        """A clip of at least 30 s: the real one, or else the sample seven times in a row."""
        source = clip(LONG)
        if source is None:
            source = os.path.join(self.root, "long.mp4")
            command = ["ffmpeg", "-v", "error", "-stream_loop", "6", "-i", clip(SHORT), "-an"]
            subprocess.run([*command, "-c", "copy", source], check=True)
        return source

    def expect_oracle(self, source, skip):
        """Each frame is the oracle's, and nearer to it than to its neighbours."""
        frames, _ = frames_of(self.output)
        height, width, _ = frames[0].shape
        expected = oracle_frames(source, (width, height), skip, len(frames))
        self.assertEqual(len(frames), len(expected))
        for number, frame in enumerate(frames):
            with self.subTest(frame=number):
                mine = psnr(frame, expected[number])
                self.assertGreater(mine, 27)
                for other in (number - 1, number + 1):
                    if 0 <= other < len(expected) and psnr(expected[number], expected[other]) < 40:
                        self.assertGreater(mine, psnr(frame, expected[other]) + 3)

    def expect_message(self):
        paths = glob.glob(os.path.join(self.root, ".topics", "test-mns-topic", "*.json"))
        self.assertEqual(len(paths), 1)
        with open(paths[0], encoding="utf-8") as file:
            message = json.load(file)
        content = json.loads(message["content"])
        self.assertEqual(message["type"], "imm:Task:MediaConvert")
        self.assertEqual(content["Status"], "Succeeded")
        self.assertEqual(content["ProjectName"], "test-project")
        self.assertEqual(content["Targets"][0]["Image"]["Animations"][0]["URI"],
                         "oss://test-bucket/video-demo/animation.webp")

    def test_seconds_5_to_30(self):
        source = self.long_source()
        outcome = self.convert("seed-5-to-30.json", source)
        self.assertEqual(outcome.output["FrameCount"], 25)
        self.assertEqual((outcome.output["Width"], outcome.output["Height"]), (427, 240))
        frames, durations = frames_of(self.output)
        self.assertEqual(len(frames), 25)
        self.assertEqual(sum(durations), 1667)
        self.assertEqual(frames[0].shape, (240, 427, 3))
        self.expect_oracle(source, 5)
        self.expect_message()

    def test_the_whole_video(self):
        source = clip(LONG) or clip(SHORT)
        seconds = 30 if LONG in source else 5
        outcome = self.convert("seed-whole.json", source)
        self.assertEqual(outcome.output["FrameCount"], seconds)
        frames, durations = frames_of(self.output)
        self.assertEqual(len(frames), seconds)
        self.assertEqual(sum(durations), round(seconds * 1000 / 15))
        self.expect_oracle(source, 0)
        self.expect_message()
        self.assertEqual(sorted(os.listdir(self.folder)), ["animation.webp", "brewing.mov"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
