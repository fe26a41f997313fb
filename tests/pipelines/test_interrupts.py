# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tasks that are ended from outside: signals, and EOS at any moment. What is in an output's place is
whole or not ours, whatever happens; what else is left has a hidden name."""
import http.server
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from animtask import clip, one_animation, run  # noqa: E402

CLIP = clip("mp4/bbb_480p_5s_h264_b.mp4")
WMV = clip("wmv/lego_wmv2_320x240.wmv")
VP9 = clip("webm/roadtrip_vp9_profile2_10bit.webm")
HIDDEN = r"^\.animtask-MediaConvert-[0-9a-f-]{36}-[0-9a-f]{16}\.part$"


class SilentServer(http.server.BaseHTTPRequestHandler):
    """Takes requests and says nothing."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.set()
        self.server.is_over.wait(60)

    do_HEAD = do_GET


class Interrupts(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="interrupts-")
        self.addCleanup(shutil.rmtree, self.root)
        self.out = os.path.join(self.root, "out")
        os.mkdir(self.out)
        self.output = os.path.join(self.out, "o.webp")

    def left(self):
        return sorted(os.listdir(self.out))

    def started(self, *command):
        """A process whose temporary file is there."""
        process = self.process(*command)
        deadline = time.monotonic() + 30
        while not any(name.startswith(".") for name in self.left()) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertTrue(self.left())
        return process

    def process(self, *command):
        process = subprocess.Popen(command, cwd=self.out, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def long_clip(self):
        path = os.path.join(self.root, "long.mkv")
        if not os.path.exists(path):
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-stream_loop", "11", "-i", CLIP, "-an",
                            "-c", "copy", path], check=True)
        return path

    def animate(self, source=None):
        return ("gst-animate-1.0", "-q", source or self.long_clip(), "-o", "o.webp", "--quality",
                "90")

    def launch(self, *options, source=None):
        task = one_animation(source or self.long_clip(), self.output, Quality=90)
        del task["Targets"][0]["Image"]["Animations"][0]["Interval"]
        location = os.path.join(self.root, "task.json")
        with open(location, "w", encoding="utf-8") as file:
            json.dump(task, file)
        return ("gst-launch-1.0", *options, "animtaskbin", f"location={location}")

    def write_old(self):
        with open(self.output, "w", encoding="utf-8") as file:
            file.write("old")

    def expect_old(self):
        with open(self.output, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")

    # ---- signals --------------------------------------------------------------------------------

    def test_a_killed_process_leaves_one_hidden_file_and_no_output(self):
        """gst-launch-1.0 does not catch SIGTERM: to it that is as SIGKILL."""
        for command, number in ((self.animate(), signal.SIGKILL), (self.launch(), signal.SIGKILL),
                                (self.launch(), signal.SIGTERM),
                                (self.launch("-e"), signal.SIGTERM)):
            with self.subTest((command[:2], number)):
                self.write_old()
                process = self.started(*command)
                process.send_signal(number)
                self.assertEqual(process.wait(30), -number)
                left = self.left()
                self.assertEqual(len(left), 2)
                self.assertRegex(left[0], HIDDEN)
                self.expect_old()
                # It is in nobody's way, and stays for its owner to look at or remove.
                self.assertEqual(run(one_animation(CLIP, self.output), self.root).end, "EOS")
                self.assertEqual(self.left(), left)
                os.remove(os.path.join(self.out, left[0]))

    def test_interrupted_processes_leave_nothing(self):
        for command, number, status in ((self.animate(), signal.SIGINT, 130),
                                        (self.animate(), signal.SIGTERM, 130),
                                        (self.animate(), signal.SIGHUP, 130),
                                        (self.launch(), signal.SIGINT, None)):
            with self.subTest((command[0], number)):
                self.write_old()
                process = self.started(*command)
                process.send_signal(number)
                found = process.wait(30)
                if status is not None:
                    self.assertEqual(found, status)
                self.assertEqual(self.left(), ["o.webp"])
                self.expect_old()

    def test_interrupts_while_a_server_says_nothing(self):
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), SilentServer) as server:
            server.daemon_threads = True
            server.asked, server.is_over = threading.Event(), threading.Event()
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.addCleanup(server.shutdown)
            self.addCleanup(server.is_over.set)
            url = f"http://127.0.0.1:{server.server_port}/x.mp4"
            for command, number, status in (
                    (self.animate(url), signal.SIGINT, 130), (self.animate(url), signal.SIGTERM, 130),
                    (self.launch(source=url), signal.SIGINT, None),
                    (self.launch("-e", source=url), signal.SIGINT, None)):
                with self.subTest((command[:2], number)):
                    server.asked.clear()
                    process = self.process(*command)
                    self.assertTrue(server.asked.wait(30))
                    process.send_signal(number)
                    found = process.wait(10)
                    if status is not None:
                        self.assertEqual(found, status)
                    self.assertEqual(self.left(), [])

    def test_an_end_on_interrupt_finishes_the_animation(self):
        process = self.started(*self.launch("-e"))
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 0)
        self.assertEqual(self.left(), ["o.webp"])

    # ---- EOS ------------------------------------------------------------------------------------

    def test_an_end_at_any_moment_of_the_opening(self):
        """Before the sources are open the task is cancelled; then it ends with what is there."""
        moments = random.Random(6)
        found = set()
        for number in range(40):
            task = one_animation((CLIP, WMV, VP9)[number % 3], self.output, Width=64, Height=64)
            if number % 2:
                task["Sources"].append({"URI": WMV})
            outcome = run(task, self.root, end_after=moments.random() * 0.03)
            found.add((outcome.end, outcome.result["Code"]))
            self.assertEqual(self.left(), ["o.webp"] if outcome.end == "EOS" else [])
            if outcome.end == "EOS":
                self.assertGreater(outcome.output["FrameCount"], 0)
                os.remove(self.output)
        self.assertLessEqual(found, {
            ("EOS", ""), ("the task was ended before its source was open", "Cancelled")})

    def test_an_end_in_the_midst_of_several_sources(self):
        for seconds in (0.2, 0.5):
            task = one_animation(CLIP, self.output)
            task["Sources"] += [{"URI": WMV}, {"URI": CLIP}, {"URI": WMV}]
            del task["Targets"][0]["Image"]["Animations"][0]["Interval"]
            outcome = run(task, self.root, end_after=seconds, meanwhile=lambda: None)
            self.assertEqual(outcome.end, "EOS")
            self.assertGreater(outcome.output["FrameCount"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
