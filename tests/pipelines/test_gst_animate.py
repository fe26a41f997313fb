# SPDX-License-Identifier: LGPL-2.1-or-later
"""gst-animate-1.0 as a user meets it: options, what it prints, exit statuses, Ctrl-C."""

import json
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from PIL import Image

MEDIA = pathlib.Path(os.environ["ANIM_MEDIA"])
CLIP = MEDIA / "mp4" / "bbb_480p_5s_h264_b.mp4"

DONE, FAILED, USAGE, TASK, SOURCE, OUTPUT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


def frames_of(path):
    """(durations in ms, loop count as Pillow reads it, size) of an animated image."""
    with Image.open(path) as image:
        durations = []
        for index in range(image.n_frames):
            image.seek(index)
            image.load()
            durations.append(image.info["duration"])
        return durations, image.info.get("loop"), image.size


class GstAnimate(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copy(CLIP, self.folder / "in.mp4")

    def call(self, *arguments):
        return subprocess.run(
            ["gst-animate-1.0", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def expect(self, status, *arguments):
        done = self.call(*arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def left(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_a_video_becomes_both_formats_in_one_call(self):
        self.expect(
            DONE, "in.mp4", "-o", "out.webp", "-o", "out.gif", "--fps", "5", "--width", "200"
        )
        for name in ("out.webp", "out.gif"):
            durations, loop, size = frames_of(self.folder / name)
            self.assertEqual(sum(durations), 5000)
            self.assertEqual(loop, 0)
            self.assertEqual(size, (200, 112))

    def test_a_part_of_the_video_is_taken(self):
        done = self.expect(
            DONE, "in.mp4", "-o", "o.webp", "--start", "1", "--to", "3.5", "--interval", "0.5",
            "--frame-rate", "4", "--height", "0.25", "--loop", "2", "--json",
        )  # fmt: skip
        output = json.loads(done.stdout)["Outputs"][0]
        self.assertEqual(output["FrameCount"], 5)
        self.assertEqual(output["Duration"], 1.25)
        self.assertEqual(output["LoopCount"], 2)
        self.assertEqual((output["Width"], output["Height"]), (214, 120))
        self.assertEqual(frames_of(self.folder / "o.webp")[0], [250] * 5)

    def test_a_dry_run_tells_and_writes_nothing(self):
        before = self.left()
        done = self.expect(DONE, "in.mp4", "-o", "o.gif", "--fps", "10", "--width", "100", "-n")
        self.assertIn("51 frames", done.stdout)
        self.assertIn("100x56", done.stdout)
        self.assertEqual(self.left(), before)

    def test_the_printed_pipeline_makes_the_same_animation(self):
        arguments = ["in.mp4", "-o", "o.webp", "--interval", "1", "--width", "100", "--start", "2"]
        line = self.expect(DONE, *arguments, "--print-pipeline").stdout
        self.expect(DONE, *arguments)
        ours = (self.folder / "o.webp").read_bytes()
        (self.folder / "o.webp").unlink()
        subprocess.run(["bash", "-c", line], cwd=self.folder, check=True, capture_output=True)
        self.assertEqual((self.folder / "o.webp").read_bytes(), ours)

    def test_a_task_file_runs(self):
        animation = {"Format": "gif", "URI": "o.{autoext}", "Interval": 1, "Width": 0.1, "Height": 0.1}
        task = {
            "ProjectName": "p",
            "Sources": [{"URI": "in.mp4"}],
            "Targets": [{"Image": {"Animations": [animation]}}],
        }
        (self.folder / "task.json").write_text(json.dumps(task))
        done = self.expect(DONE, "task.json")
        self.assertIn("o.gif: 5 frames", done.stdout)
        self.assertEqual(sum(frames_of(self.folder / "o.gif")[0]), 5000)

    def test_a_task_has_the_id_that_is_given(self):
        look = ("in.mp4", "-o", "a.webp", "--number", "1", "--json")
        made = self.expect(DONE, *look, "--task-id", "My-task.1")
        self.assertEqual(json.loads(made.stdout)["TaskId"], "My-task.1")
        for bad in ("../x", ".x", "a b", "x" * 129):
            refused = self.expect(TASK, *look, "--task-id", bad)
            self.assertIn("task-id", refused.stderr)

    def test_limits_hold_and_are_read(self):
        arguments = ["in.mp4", "-o", "o.gif", "--fps", "5", "--width", "64"]
        for options, status, sentence in (
            (["--max-frames", "5"], TASK, "at most 5 are allowed (max-frames)"),
            (["--max-pixels", "1000"], TASK, "(max-pixels)"),
            (["--max-duration", "2.5"], TASK, "at most 2.5 s are allowed (max-duration)"),
            (["--max-output-size", "100"], TASK, "larger than 100 bytes"),
            (["--allowed-schemes", "oss"], TASK, "is of the scheme path"),
            (["--timeout", "soon"], USAGE, '--timeout: "soon" is no number of seconds'),
            (["--max-frames", "-1"], USAGE, '--max-frames: "-1" is no whole number'),
        ):
            with self.subTest(options):
                self.assertIn(sentence, self.expect(status, *arguments, *options).stderr)
        self.expect(DONE, *arguments, "--max-frames", "26", "--timeout", "60", "--max-pixels", "0")
        self.assertIn("--max-output-size=BYTES", self.expect(DONE, "--help-limits").stdout)

    def test_help_and_version(self):
        self.assertIn("gst-animate-1.0 in.mp4 -o out.webp", self.expect(DONE, "--help").stdout)
        self.assertRegex(self.expect(DONE, "--version").stdout, r"^gst-animate-1.0 \d+\.\d+\.\d+\n$")

    def test_each_kind_of_failure_has_its_status_and_leaves_nothing(self):
        (self.folder / "bad.json").write_text('{"ProjectName": "p", "Surces": []}')
        (self.folder / "text.mp4").write_text("this is no video")
        (self.folder / "full.webp").mkdir()
        before = self.left()
        rows = [
            (USAGE, ["in.mp4"], "-o FILE"),
            (USAGE, ["in.mp4", "-o", "o.png"], "neither .webp nor .gif"),
            (USAGE, ["in.mp4", "-o", "o.gif", "--width", "wide"], "no number"),
            (USAGE, ["in.mp4", "-o", "o.gif", "--fps", "5", "--interval", "1"], "--fps"),
            (USAGE, ["in.mp4", "-o", "o.gif", "--scale-type", "fitt"], "stretch, crop, fill, fit"),
            (USAGE, ["--what"], "--what"),
            (USAGE, [], "no task and no video"),
            (TASK, ["bad.json"], "Surces"),
            (TASK, ["none.json"], "none.json"),
            (TASK, ["in.mp4", "-o", "o.gif", "--frame-rate", "500"], "FrameRate"),
            (TASK, ["in.mp4", "-o", "o.gif", "--start", "99"], "StartTime"),
            (TASK, ["in.mp4", "-o", "o.gif", "-o", "o.gif", "--fps", "2"], "o.gif"),
            (SOURCE, ["none.mp4", "-o", "o.gif"], "none.mp4"),
            (SOURCE, ["text.mp4", "-o", "o.gif"], "text.mp4"),
            (OUTPUT, ["in.mp4", "-o", "none/o.gif", "--fps", "2"], "none"),
            (OUTPUT, ["in.mp4", "-o", "full.webp", "--fps", "2"], "full.webp"),
        ]
        for status, arguments, word in rows:
            with self.subTest(arguments=arguments):
                done = self.expect(status, *arguments)
                self.assertIn(word, done.stderr)
                self.assertEqual(done.stdout, "")
                self.assertEqual(self.left(), before)

    def test_plain_lines_without_a_terminal(self):
        done = self.expect(DONE, "in.mp4", "-o", "o.gif", "--fps", "10", "--width", "100")
        self.assertIn("% (", done.stderr)
        self.assertNotIn("\r", done.stderr)

    def test_a_bar_on_a_terminal(self):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            ["gst-animate-1.0", "in.mp4", "-o", "o.webp", "--fps", "12"],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # the other side is closed: the program has ended
            pass
        os.close(ours)
        self.assertEqual(process.wait(), DONE)
        self.assertIn(b"[####", shown)
        self.assertIn(b"frames/s", shown)

    def test_an_interrupt_leaves_nothing(self):
        subprocess.run(
            ["ffmpeg", "-v", "error", "-stream_loop", "20", "-i", CLIP, "-c", "copy"]
            + [self.folder / "long.mp4"],
            check=True,
        )
        before = self.left()
        process = subprocess.Popen(
            ["gst-animate-1.0", "-q", "long.mp4", "-o", "o.webp", "--quality", "90"],
            cwd=self.folder,
            stderr=subprocess.PIPE,
        )
        deadline = time.monotonic() + 30
        while self.left() == before and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, INTERRUPTED, errors)
        self.assertIn(b"interrupted", errors)
        self.assertEqual(self.left(), before)


if __name__ == "__main__":
    unittest.main()
