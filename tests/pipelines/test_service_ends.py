#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How tasks and services end: failures, limits, stops, kills."""
import json
import os
import sys
import tempfile
import time
import unittest

from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
from animate_server import WORKER, AnimateServer  # noqa: E402
from service_case import KEY, ServiceCase, request_of  # noqa: E402


class ServiceEnds(ServiceCase):
    def test_a_create_is_replayed_after_a_restart(self):
        server, client = self.serve()
        signed = client.sign("CreateMediaConvertTask", **request_of(KEY, "a.webp", Number=1))
        self.assertEqual(server.send(signed)[0], 200)
        server.kill()
        server.start()
        self.assertEqual(server.send(signed)[1]["Code"], "SignatureNonceUsed")
        listed = client.call("ListTasks", ProjectName="test-project")
        self.assertEqual(len(listed["Tasks"]), 1)

    def test_a_task_that_fails_says_why(self):
        _, client = self.serve()
        request = request_of("nothing.mp4", "a.webp")
        request["Notification"] = {"MNS": {"TopicName": "t"}}
        request["UserData"] = "mine"
        task = client.wait(client.call("CreateMediaConvertTask", **request)["TaskId"])
        self.assertEqual((task["Status"], task["Code"]), ("Failed", "ResourceNotFound"))
        self.assertIn("nothing.mp4", task["Message"])
        content = json.loads(self.messages("t")[0]["content"])
        self.assertEqual((content["Code"], content["UserData"]), ("ResourceNotFound", "mine"))

    def test_killed_in_the_middle(self):
        server, client = self.serve("--workers", "2")
        ids = []
        for i in range(6):
            request = request_of(KEY, f"{i}.webp", FrameRate=10)
            request["Notification"] = {"MNS": {"TopicName": "t"}}
            ids.append(client.call("CreateMediaConvertTask", **request)["TaskId"])
        started = set()
        end = time.monotonic() + 20
        while len(started) < 2 and time.monotonic() < end:
            started = {line["task"] for line in server.lines() if line["event"] == "task-started"}
            time.sleep(0.02)
        server.kill()
        server.start()
        self.assertIn("task-requeued", server.log_text())
        percents = set()
        for task_id in ids:
            end = time.monotonic() + 60
            while (task := client.task(task_id))["Status"] == "Running":
                percents.add(task["Progress"])
                self.assertLess(time.monotonic(), end)
                time.sleep(0.02)
            self.assertEqual(task["Status"], "Succeeded")
        self.assertTrue(percents & set(range(1, 100)), percents)
        contents = [json.loads(message["content"]) for message in self.messages("t", 6)]
        self.assertEqual(sorted(content["TaskId"] for content in contents), sorted(ids))
        for i in range(6):
            with Image.open(self.root / "test-bucket" / f"{i}.webp") as image:
                self.assertEqual(image.n_frames, 400)
        self.assertEqual(list((self.root / ".animate-server" / "work").iterdir()), [])
        self.assertEqual(list((self.root / "test-bucket").glob(".animtask*")), [])

    def test_killed_after_the_outputs(self):
        worker = self.root / "worker"
        worker.write_text(f'#!/bin/sh\n{WORKER} "$@"\ntouch {self.root}/made\nexec sleep 60\n')
        worker.chmod(0o755)
        server, client = self.serve("--worker", worker)
        request = request_of(KEY, "a.webp", Number=3)
        request["Notification"] = {"MNS": {"TopicName": "t"}}
        task_id = client.call("CreateMediaConvertTask", **request)["TaskId"]
        end = time.monotonic() + 30
        while not (self.root / "made").exists() and time.monotonic() < end:
            time.sleep(0.02)
        server.kill()
        before = (self.root / "test-bucket" / "a.webp").stat()
        (self.root / "test-bucket" / KEY).unlink()
        server.start()
        self.assertEqual(client.wait(task_id)["Status"], "Succeeded")
        after = (self.root / "test-bucket" / "a.webp").stat()
        self.assertEqual((before.st_ino, before.st_mtime_ns), (after.st_ino, after.st_mtime_ns))
        self.assertEqual(json.loads(self.messages("t")[0]["content"])["Status"], "Succeeded")
        self.assertEqual(list((self.root / ".animate-server" / "work").iterdir()), [])

    def test_stopped_in_the_middle(self):
        server, client = self.serve("--workers", "1", "--stop-time", "0")
        task_id = client.call("CreateMediaConvertTask",
                              **request_of(KEY, "a.webp", FrameRate=10))["TaskId"]
        end = time.monotonic() + 20
        while not any(line["event"] == "task-started" for line in server.lines()):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
        self.assertEqual(server.stop(), 0)
        self.assertFalse((self.root / "test-bucket" / "a.webp").exists())
        self.assertEqual(list((self.root / "test-bucket").glob(".animtask*")), [])
        server.start()
        self.assertEqual(client.wait(task_id)["Status"], "Succeeded")

    def test_limits_of_a_worker(self):
        server, client = self.serve("--task-time", "1", "--workers", "1")
        request = request_of(KEY, "a.webp", FrameRate=10, Lossless=True)
        request["Sources"] *= 11
        task = client.wait(client.call("CreateMediaConvertTask", **request)["TaskId"])
        self.assertEqual((task["Status"], task["Code"]), ("Failed", "LimitExceeded"), task)
        self.assertIn("longer than 1 s", task["Message"])
        self.assertFalse((self.root / "test-bucket" / "a.webp").exists())
        self.assertEqual(list((self.root / "test-bucket").glob(".animtask*")), [])
        self.assertEqual(server.request("GET", "/health")[0], 200)

    def test_one_service_for_a_state(self):
        self.serve()
        with self.assertRaisesRegex(RuntimeError, "another service uses .*/.animate-server"):
            AnimateServer(self.root)

    def test_services_with_states_of_their_own_share_a_storage_root(self):
        ids = []
        with tempfile.TemporaryDirectory() as states:
            for name in ("a", "b"):
                server, client = self.serve("--state", f"{states}/{name}")
                ids.append(client.call("CreateMediaConvertTask",
                                       **request_of(KEY, f"{name}.webp", Number=3))["TaskId"])
                self.assertEqual(client.wait(ids[-1])["Status"], "Succeeded")
                self.assertTrue(os.path.exists(f"{states}/{name}/tasks.db"))
            self.assertEqual(len(set(ids)), 2)
            self.assertFalse((self.root / ".animate-server").exists())
            server.stop()


if __name__ == "__main__":
    unittest.main()
