# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of gst-animate-1.0 --batch share: a bucket with a clip, files of tasks, and a look at
how often each output was put in its place."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

DONE, FAILED, USAGE, TRY_AGAIN, INTERRUPTED = 0, 1, 2, 75, 130


class PlaceWatch:
    """Sees whenever a file takes a place: another inode is another publication."""

    def __init__(self, test, folder):
        self.folder = folder
        self.seen = {}
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        test.addCleanup(self.stop)

    def watch(self):
        while not self.is_over.wait(0.01):
            self.look()

    def look(self):
        for entry in os.scandir(self.folder):
            if entry.name.endswith(".webp"):
                self.seen.setdefault(entry.name, set()).add(entry.inode())

    def stop(self):
        assert self.is_over.is_set() or self.thread.is_alive(), "nobody has watched"
        self.is_over.set()
        self.thread.join()
        self.look()  # the last ones
        return {name: len(inodes) for name, inodes in self.seen.items()}


def workers_of(batch):
    """The processes that work at the tasks of a --batch: by index."""
    out = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().decode().split("\0")
        except (OSError, UnicodeDecodeError):
            continue
        if str(batch) in words and "--index" in words:
            out[int(words[words.index("--index") + 1])] = int(place.name)
    return out


class BatchCase(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.root.chmod(0o755)
        self.bucket = self.root / "test-bucket"
        self.bucket.mkdir()
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=30",
                        "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast",
                        self.bucket / "in.mov"], check=True)
        self.file = self.root / "tasks.jsonl"
        self.state = self.root / ".tasks.jsonl.state"
        self.environment = dict(os.environ)

    def task(self, number, **look):
        return json.dumps({
            "ProjectName": "test", "UserData": f"u{number}",
            "Notification": {"MNS": {"TopicName": "ends"}},
            "Sources": [{"URI": "oss://test-bucket/in.mov"}],
            "Targets": [{"Image": {"Animations": [
                {"Format": "webp", "URI": f"oss://test-bucket/{number}.webp", **look}]}}]})

    def write(self, count, **look):
        self.file.write_text("".join(self.task(i, **look) + "\n" for i in range(count)))

    def start(self, *options):
        process = subprocess.Popen(
            ["gst-animate-1.0", "--batch", self.file, "--storage-root", self.root, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def finish(self, process, status=DONE, seconds=90):
        """The results by the tasks' lines."""
        out, complaints = process.communicate(timeout=seconds)
        self.assertEqual(process.returncode, status, out + complaints)
        results = [json.loads(line) for line in out.splitlines()]
        by_line = {result["Line"]: result for result in results}
        self.assertEqual(len(by_line), len(results), "a task was told of twice")
        return by_line

    def workers(self):
        return workers_of(self.state)

    def wait_until(self, is_so, what, seconds=120):
        end = time.monotonic() + seconds
        while not is_so():
            self.assertLess(time.monotonic(), end, "not in time: " + what)
            time.sleep(0.02)

    def tell_a_worker(self, number):
        """Sends the signal to one that has begun; gives its index."""
        self.wait_until(self.workers, "a worker runs")
        index, process = next(iter(self.workers().items()))
        os.kill(process, number)
        return index

    def assert_all_ended_once(self, count, watch, missing=()):
        """Every output in its place, put there once; a message for each, which is the same file when it is
        sent again; nothing left over."""
        wanted = {f"{i}.webp": 1 for i in range(count) if i not in missing}
        self.assertEqual(watch.stop(), wanted)
        # A worker that is killed while it writes one leaves a temporary, which is no message.
        messages = [json.loads(path.read_text())
                    for path in (self.root / ".topics/ends").glob("*.json")]
        self.assertEqual(sorted(json.loads(one["content"])["UserData"] for one in messages),
                         sorted(f"u{i}" for i in range(count) if i not in missing))
        self.assertEqual([path.name for path in self.bucket.iterdir() if path.name[0] == "."], [])
        kinds = {path.suffix for path in self.state.iterdir() if path.is_file()}
        if not missing:
            self.assertLessEqual(kinds, {".json", ""})
