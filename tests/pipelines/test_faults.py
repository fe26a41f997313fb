# SPDX-License-Identifier: LGPL-2.1-or-later
"""What breaks while a task runs: disks and sources. Nothing half-written is ever left."""
import functools
import glob
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from animtask import clip, one_animation, run  # noqa: E402

CLIP = clip("mp4/bbb_480p_5s_h264_b.mp4")


def mounted(test, folder, *options):
    """Mounts on `folder` until the test ends; skips the test where nobody may."""
    done = subprocess.run(["mount", *options, folder], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        test.skipTest(f"cannot mount here: {done.stderr.strip()}")
    test.addCleanup(subprocess.run, ["umount", folder], check=True)


class HalfServer(http.server.BaseHTTPRequestHandler):
    """Gives half of the clip, then is gone."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.server.is_dead:
            self.connection.close()
            return
        self.server.is_dead = True
        with open(self.server.clip, "rb") as file:
            data = file.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:len(data) // 2])
        self.wfile.flush()
        self.connection.close()


class TroubledServer(http.server.SimpleHTTPRequestHandler):
    """Answers `troubles` statuses one after the other, then gives files."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.requests += 1
        if self.server.troubles:
            self.send_error(self.server.troubles.pop(0))
        else:
            super().do_GET()

    do_HEAD = do_GET


class Faults(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="faults-")
        self.addCleanup(shutil.rmtree, self.root)
        self.out = os.path.join(self.root, "out")
        os.mkdir(self.out)
        self.output = os.path.join(self.out, "o.webp")

    def left(self):
        return sorted(os.listdir(self.out))

    def every_frame(self, source, output=None, **fields):
        task = one_animation(source, output or self.output, **fields)
        del task["Targets"][0]["Image"]["Animations"][0]["Interval"]
        return task

    def expect(self, task, code, sentence):
        outcome = run(task, self.root)
        self.assertIn(sentence, outcome.end)
        self.assertEqual(outcome.result["Code"], code)
        return outcome

    def long_clip(self, name="long.mkv"):
        path = os.path.join(self.root, name)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-stream_loop", "11", "-i", CLIP, "-an", "-c",
                        "copy", path], check=True)
        return path

    # ---- disks ---------------------------------------------------------------------------------

    def test_a_full_disk(self):
        mounted(self, self.out, "-t", "tmpfs", "-o", "size=400k", "tmpfs")
        with open(self.output, "w", encoding="utf-8") as file:
            file.write("old")
        for name in ("o.webp", "o.gif"):
            with self.subTest(name):
                self.expect(self.every_frame(CLIP, os.path.join(self.out, name)), "DiskFull", name)
                self.assertEqual(self.left(), ["o.webp"])
                with open(self.output, encoding="utf-8") as file:
                    self.assertEqual(file.read(), "old")

    def test_a_folder_that_is_missing_or_read_only(self):
        missing = os.path.join(self.root, "none", "o.webp")
        self.expect(one_animation(CLIP, missing), "OutputFailed", "there is no folder")
        if os.geteuid() == 0:
            mounted(self, self.out, "-t", "tmpfs", "-o", "ro", "tmpfs")
        else:
            os.chmod(self.out, 0o500)
            self.addCleanup(os.chmod, self.out, 0o700)
        self.expect(one_animation(CLIP, self.output), "OutputFailed", "cannot write")
        self.assertEqual(self.left(), [])

    # ---- sources -------------------------------------------------------------------------------

    def run_and_meanwhile(self, task, change):
        """Runs the task; `change` is called once its temporary file is there."""
        done = threading.Event()

        def wait_and_change():
            while not glob.glob(os.path.join(self.out, ".animtask-*")) and not done.is_set():
                time.sleep(0.005)
            change()

        thread = threading.Thread(target=wait_and_change)
        thread.start()
        outcome = run(task, self.root)
        done.set()
        thread.join()
        return outcome

    def troubled(self, troubles):
        folder, name = os.path.split(CLIP)
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(TroubledServer, directory=folder))
        server.troubles, server.requests = list(troubles), 0
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server, f"http://127.0.0.1:{server.server_port}/{name}"

    def test_a_server_that_answers_500_twice_and_then_works(self):
        _, url = self.troubled([500, 503])
        outcome = run(one_animation(url, self.output), self.root)
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.output["FrameCount"], 5)

    def test_a_later_source_whose_server_answers_500_twice(self):
        _, url = self.troubled([500, 429])
        task = one_animation(CLIP, self.output)
        task["Sources"].append({"URI": url})
        outcome = run(task, self.root)
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.output["FrameCount"], 10)

    def test_a_server_that_goes_on_answering_500_fails_in_bounded_time(self):
        server, url = self.troubled([500] * 100)
        outcome = self.expect(one_animation(url, self.output), "SourceUnreadable", url)
        self.assertLess(outcome.seconds, 20)
        self.assertLess(server.requests, 20)
        self.assertEqual(self.left(), [])

    def test_an_end_while_a_server_is_to_be_asked_again(self):
        _, url = self.troubled([500] * 100)
        outcome = run(one_animation(url, self.output), self.root, end_after=0.3)
        self.assertEqual(outcome.result["Code"], "Cancelled")
        self.assertLess(outcome.seconds, 5)
        self.assertEqual(self.left(), [])

    def test_a_server_that_refuses_is_not_asked_again(self):
        server, url = self.troubled([403] * 100)
        outcome = run(one_animation(url, self.output), self.root)
        self.assertIn("Forbidden", outcome.end)
        self.assertLess(outcome.seconds, 5)
        self.assertLess(server.requests, 4)
        self.assertEqual(self.left(), [])

    def test_a_file_that_is_removed_half_way_is_read_to_its_end(self):
        source = self.long_clip()
        outcome = self.run_and_meanwhile(self.every_frame(source, Width=0.25, Height=0.25),
                                         lambda: os.remove(source))
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(self.left(), ["o.webp"])

    def test_a_file_that_is_cut_half_way_ends_with_what_there_is_or_fails(self):
        source = self.long_clip()
        outcome = self.run_and_meanwhile(self.every_frame(source, Width=0.25, Height=0.25),
                                         lambda: os.truncate(source, os.path.getsize(source) // 2))
        self.assertNotEqual(outcome.end, "TIMEOUT")
        if outcome.end == "EOS":
            self.assertIn("states a length", "".join(outcome.result["Warnings"]))
        self.assertEqual(self.left(), ["o.webp"] if outcome.end == "EOS" else [])

    def test_a_later_source_that_vanishes_before_its_part(self):
        """It was there when all sources were looked at; it is opened again when its part begins."""
        later = os.path.join(self.root, "later.mp4")
        changes = [
            (lambda: os.remove(later), "ResourceNotFound", f'"{later}" does not exist'),
            (lambda: os.truncate(later, 0), "SourceUnreadable", f'"{later}" is empty (0 bytes)'),
            (lambda: os.truncate(later, 1000), "SourceUnreadable", f'cannot read "{later}": '),
            (lambda: (os.remove(later), os.mkfifo(later)), "SourceUnreadable",
             f'"{later}" is a pipe or a device'),
        ]
        for change, code, sentence in changes:
            with self.subTest(sentence):
                subprocess.run(["cp", "--remove-destination", CLIP, later], check=True)
                task = one_animation(CLIP, self.output)
                task["Sources"].append({"URI": later})
                outcome = run(task, self.root, meanwhile=change)
                self.assertIn(sentence, outcome.end)
                self.assertEqual(outcome.result["Code"], code)
                self.assertEqual(self.left(), [])

    def test_a_later_source_whose_server_goes_before_its_part(self):
        server, url = self.troubled([])
        task = one_animation(CLIP, self.output)
        task["Sources"].append({"URI": url})

        def stop():
            server.shutdown()
            server.server_close()

        outcome = run(task, self.root, meanwhile=stop)
        self.assertIn(f'cannot read "{url}": ', outcome.end)
        self.assertEqual(outcome.result["Code"], "SourceUnreadable")
        self.assertEqual(self.left(), [])

    def test_a_server_that_dies_half_way(self):
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), HalfServer) as server:
            server.clip = self.long_clip()
            server.is_dead = False
            server.handle_error = lambda *_: None
            threading.Thread(target=server.serve_forever, daemon=True).start()
            uri = f"http://127.0.0.1:{server.server_port}/x.mkv"
            outcome = run(self.every_frame(uri, Width=0.25, Height=0.25), self.root)
            server.shutdown()
        self.assertEqual(outcome.result["Code"], "SourceUnreadable")
        self.assertIn(uri, outcome.end)
        self.assertEqual(self.left(), [])

    # ---- standard input ------------------------------------------------------------------------

    def pipe(self, data, *arguments):
        return subprocess.run(["gst-animate-1.0", "-", "-q", *arguments], input=data, cwd=self.out,
                              capture_output=True, timeout=60, check=False)

    def test_a_video_from_standard_input(self):
        fast = os.path.join(self.root, "fast.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-i", CLIP, "-an", "-c", "copy", "-movflags",
                        "+faststart", fast], check=True)
        expected = run(one_animation(fast, self.output, Width=100, Height=-1), self.root).output["MD5"]
        for path in (fast, self.long_clip()):
            with open(path, "rb") as file:
                done = self.pipe(file.read(), "-o", "o.webp", "--interval", "1", "--width", "100",
                                 "--to", "5", "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(json.loads(done.stdout)["Outputs"][0]["FrameCount"], 5)
            if path == fast:
                self.assertEqual(json.loads(done.stdout)["Outputs"][0]["MD5"], expected)

    def test_what_standard_input_cannot_give_is_said(self):
        late = os.path.join(self.root, "late.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1280x720:d=20",
                        "-c:v", "mpeg4", "-b:v", "20M", late], check=True)
        with open(late, "rb") as file:
            data = file.read()
        for label, given, sentence in (
                ("index at the end", data, b"needs to be read from a file"),
                ("nothing", b"", b"standard input is empty"),
                ("no video", b"text " * 1000, b"cannot read")):
            with self.subTest(label):
                done = self.pipe(given, "-o", "o.webp")
                self.assertEqual(done.returncode, 4, done.stderr)
                self.assertIn(sentence, done.stderr)
        done = self.pipe(b"", "-o", "-")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.left(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
