# SPDX-License-Identifier: LGPL-2.1-or-later
"""Servers that take a request and then say nothing: no wait is without end, no limit is passed, and
nothing half-written is left."""
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(__file__))
from animtask import Gst, clip, one_animation, run  # noqa: E402
from store_server import StoreServer  # noqa: E402

CLIP = clip("mp4/bbb_480p_5s_h264_b.mp4")
SECOND = 10**9


class SilentServer(http.server.BaseHTTPRequestHandler):
    """Takes any request. Gives the first half of /half, the first time, and the rest never."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.requests += 1
        if self.path == "/half" and self.server.requests == 1:
            with open(self.server.clip, "rb") as file:
                data = file.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:len(data) // 2])
            self.wfile.flush()
        self.server.is_over.wait(120)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.is_over.wait(120)


class SilentServers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="silent-")
        self.addCleanup(self.folder.cleanup)
        self.root, self.spool = self.folder.name + "/root", self.folder.name + "/spool"
        for folder in (self.root, self.spool):
            os.mkdir(folder)
        self.long = os.path.join(self.folder.name, "long.mkv")
        subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "5", "-i", CLIP, "-an", "-c", "copy",
                        self.long], check=True)

    def tearDown(self):
        self.assertEqual(os.listdir(self.spool), [])

    def server(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SilentServer)
        server.daemon_threads = True
        server.handle_error = lambda *_: None
        server.clip, server.requests, server.is_over = self.long, 0, threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.addCleanup(server.is_over.set)
        return f"http://127.0.0.1:{server.server_port}"

    def store(self, *faults):
        store = StoreServer("inbox", "outbox")
        self.addCleanup(store.__exit__)
        store.put("inbox", "clip.mp4", CLIP)
        store.inject(*faults)
        return store

    def run_task(self, task, settings=None, **properties):
        structure = Gst.Structure.new_empty("stores")
        for name, value in (settings or {}).items():
            structure.set_value(name, value)
        return run(task, self.root, limit=100, store_config=structure, spool_dir=self.spool,
                   **properties)

    def output(self, name="o.webp"):
        return os.path.join(self.root, name)

    # ---- by themselves --------------------------------------------------------------------------

    def source_that_falls_silent(self):
        url = self.server() + "/half"
        outcome = self.run_task(one_animation(url, self.output("half.webp")))
        self.assertEqual(outcome.result["Code"], "SourceUnreadable")
        self.assertRegex(outcome.end, f'^cannot read "{url}": the server broke off after [0-9]+ of')
        self.assertLess(outcome.seconds, 60)

    def upload_that_is_not_answered(self):
        store = self.store({"method": "PUT", "hang": True})
        outcome = self.run_task(one_animation(CLIP, "oss://outbox/o.gif"), store.settings())
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual([entry["method"] for entry in store.log()], ["PUT", "PUT"])
        self.assertEqual(store.file("outbox", "o.gif").stat().st_size, outcome.output["Size"])

    def look_up_that_is_not_answered(self):
        store = self.store({"method": "HEAD", "hang": True})
        outcome = self.run_task(one_animation("oss://inbox/clip.mp4", self.output("looked.webp")),
                                store.settings())
        self.assertEqual(outcome.end, "EOS")

    def message_that_is_not_answered(self, name, notification, settings=None):
        task = {**one_animation(CLIP, self.output(name)), "Notification": notification}
        outcome = self.run_task(task, settings)
        self.assertEqual(outcome.end, "EOS")
        delivery, = outcome.result["Deliveries"]
        self.assertEqual((delivery["Status"], delivery["Attempts"]), ("Failed", 3))
        self.assertIn("Timeout was reached", delivery["Message"])
        self.assertLess(outcome.seconds, 40)

    def test_every_silence_has_an_end(self):
        """At once, because each waits for as long as docs/stores.md has it."""
        account = {"OSS_ACCESS_KEY_ID": "id", "OSS_ACCESS_KEY_SECRET": "secret"}
        with ThreadPoolExecutor() as pool:
            for done in [
                    pool.submit(self.source_that_falls_silent),
                    pool.submit(self.upload_that_is_not_answered),
                    pool.submit(self.look_up_that_is_not_answered),
                    pool.submit(self.message_that_is_not_answered, "hook.webp",
                                {"Webhook": {"URL": self.server() + "/hook"}}),
                    pool.submit(self.message_that_is_not_answered, "topic.webp",
                                {"MNS": {"TopicName": "t"}},
                                account | {"MNS_ENDPOINT": self.server()})]:
                done.result()
        self.assertEqual(sorted(os.listdir(self.root)), ["hook.webp", "looked.webp", "topic.webp"])

    # ---- by the limits --------------------------------------------------------------------------

    def expect_too_late(self, task, settings=None, seconds=2):
        outcome = self.run_task(task, settings, timeout=seconds * SECOND)
        self.assertEqual(outcome.end, f"the task took longer than {seconds} s, the most that is "
                         "allowed (timeout)")
        self.assertEqual(outcome.result["Code"], "LimitExceeded")
        self.assertLess(outcome.seconds, seconds + 4)
        self.assertEqual(os.listdir(self.root), [])
        return outcome

    def test_a_timeout_while_a_source_is_silent(self):
        self.expect_too_late(one_animation(self.server() + "/half", self.output()))

    def test_a_timeout_while_a_store_is_asked(self):
        store = self.store({"method": "HEAD", "hang": True})
        self.expect_too_late(one_animation("oss://inbox/clip.mp4", self.output()), store.settings())

    def test_a_timeout_while_an_output_is_uploaded(self):
        store = self.store({"method": "PUT", "path": "second", "hang": True})
        task = one_animation(CLIP, "oss://outbox/first.gif", Width=64, Height=36, Number=1)
        task["Targets"][0]["Image"]["Animations"].append(
            {"URI": "oss://outbox/second.gif", "Format": "gif", "Width": 64, "Height": 36, "Number": 1})
        task["Notification"] = {"MNS": {"TopicName": "late"}}
        outcome = self.expect_too_late(task, store.settings(mns=True), seconds=5)
        self.assertEqual(outcome.result["Published"], ["oss://outbox/first.gif"])
        self.assertEqual(outcome.result["Deliveries"][0]["Status"], "Delivered")
        self.assertFalse(store.file("outbox", "second.gif").exists())

    def test_a_later_source_that_says_nothing(self):
        task = one_animation(CLIP, self.output())
        task["Sources"].append({"URI": self.server() + "/none"})
        outcome = self.run_task(task, open_timeout=SECOND)
        self.assertRegex(outcome.end, "/none\" gave no picture within 1 s")
        self.assertLess(outcome.seconds, 5)
        self.assertEqual(os.listdir(self.root), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
