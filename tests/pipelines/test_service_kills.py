#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The service is killed (SIGKILL) at random moments while it takes, runs and ends tasks.

From the environment: ANIM_SOAK_TASKS (16), ANIM_SOAK_KILLS (4), ANIM_SOAK_SEED (of the pauses between
kills; another each time, printed). The tasks are made by a client that sends a call again, as it was
signed, until it has heard of it. Then each task is there once and has succeeded, its animation is
whole, and its message came to the topic and to the webhook, always as the same bytes.
"""
import collections
import concurrent.futures
import http.client
import http.server
import json
import os
import random
import sys
import threading
import time
import unittest

from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
from acs_client import AcsClient  # noqa: E402
from animate_server import ID, SECRET  # noqa: E402
from service_case import KEY, ServiceCase, request_of  # noqa: E402

TASKS = int(os.environ.get("ANIM_SOAK_TASKS", "16"))
KILLS = int(os.environ.get("ANIM_SOAK_KILLS", "4"))
SEED = int(os.environ.get("ANIM_SOAK_SEED", random.randrange(2**32)))
FRAMES = 100  # of the first task; each further one has one more


class Receiver:
    """A webhook that keeps what it is sent, by task; it is killed never."""

    def __init__(self):
        self.bodies = collections.defaultdict(list)
        bodies = self.bodies

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                bodies[json.loads(json.loads(body)["content"])["TaskId"]].append(body)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class ServiceKills(ServiceCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.bucket = self.root / "test-bucket"
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        self.end = time.monotonic() + 20 + 2 * TASKS + 3 * KILLS

    def go_on(self, what):
        """Whether there is time left; fails when there is none."""
        self.assertLess(time.monotonic(), self.end, f"{what}; seed {SEED}")
        return True

    def request(self, number):
        request = request_of(KEY, f"{number}.webp", Interval=0.1, FrameRate=10,
                             Number=FRAMES + number)
        request["Notification"] = {"MNS": {"TopicName": "t"},
                                   "Webhook": {"URL": self.receiver.url}}
        return request | {"UserData": str(number)}

    def create(self, number):
        """Sends one call until it is heard of: the task, or that it was made before."""
        client = AcsClient(self.server.port, ID, SECRET)
        call = client.signed("CreateMediaConvertTask", **self.request(number))
        while self.go_on(f"task {number} is not taken"):
            try:
                client.send(*call)
                return client.close()
            except RuntimeError as error:
                self.assertIn("SignatureNonceUsed", str(error))
                return client.close()
            except (OSError, http.client.HTTPException):
                client.close()
                time.sleep(0.05)

    def create_all(self):
        # Some ahead of those that are done, so that there is always work, and always a call.
        for number in range(TASKS):
            while self.done() + 8 < number and self.go_on("tasks do not end"):
                time.sleep(0.02)
            self.create(number)

    def done(self):
        return len(list(self.bucket.glob("*.webp")))

    def kill_often(self, making):
        """While tasks are made; what goes wrong there is told at once."""
        for kill in range(KILLS):
            while self.done() * (KILLS + 1) < TASKS * kill and self.go_on("tasks do not end"):
                if making.done():
                    making.result()
                time.sleep(0.01)
            time.sleep(self.random.uniform(0, 0.6))
            self.server.kill()
            self.server.start()

    def tasks(self):
        """All tasks, by the number that their user gave them."""
        client = AcsClient(self.server.port, ID, SECRET)
        out, token = collections.defaultdict(list), {}
        while True:
            page = client.call("ListTasks", ProjectName="test-project", **token)
            for task in page["Tasks"]:
                out[task["UserData"]].append(task)
            if not page.get("NextToken"):
                client.close()
                return out
            token = {"NextToken": page["NextToken"]}

    def topic(self):
        return list((self.root / ".topics" / "t").glob("*.json"))

    def wait_for_ends(self):
        while self.go_on("tasks run, or messages are missing"):
            tasks = [task for group in self.tasks().values() for task in group]
            is_all = len(tasks) >= TASKS and all(task["Status"] != "Running" for task in tasks)
            if is_all and len(self.topic()) >= TASKS and len(self.receiver.bodies) >= TASKS:
                return
            time.sleep(0.2)

    def check_messages(self, ids):
        files = collections.defaultdict(set)
        for file in self.topic():
            body = file.read_bytes()
            files[json.loads(json.loads(body)["content"])["TaskId"]].add(body)
        self.assertEqual(sorted(files), sorted(ids))
        self.assertEqual(sorted(self.receiver.bodies), sorted(ids))
        for task_id in ids:
            self.assertEqual(len(files[task_id]), 1, task_id)
            self.assertEqual(len(set(self.receiver.bodies[task_id])), 1, task_id)
        return sum(map(len, self.receiver.bodies.values())) - len(ids)

    def check_outputs(self):
        for number in range(TASKS):
            with Image.open(self.bucket / f"{number}.webp") as image:
                self.assertEqual(image.n_frames, FRAMES + number)
                for frame in range(image.n_frames):
                    image.seek(frame)
                    image.load()
        self.assertEqual([p for p in self.bucket.iterdir() if p.name.startswith(".")], [])
        self.assertEqual(list((self.root / ".animate-server" / "work").iterdir()), [])

    def test_kills_at_random_moments(self):
        print(f"seed {SEED}", flush=True)
        self.server, _ = self.serve("--workers", "2", "--allowed-schemes", "oss,http")
        with concurrent.futures.ThreadPoolExecutor() as threads:
            making = threads.submit(self.create_all)
            self.kill_often(making)
            making.result()
        self.wait_for_ends()
        tasks = self.tasks()
        self.assertEqual(sorted(tasks, key=int), [str(number) for number in range(TASKS)])
        for number, group in tasks.items():
            self.assertEqual([task["Status"] for task in group], ["Succeeded"], (number, group))
        again = self.check_messages([group[0]["TaskId"] for group in tasks.values()])
        self.check_outputs()
        events = collections.Counter(line["event"] for line in self.server.lines())
        ends = collections.Counter(line["task"] for line in self.server.lines()
                                   if line["event"] == "task-ended")
        self.assertGreater(events["task-requeued"], 0)
        print(f"{TASKS} tasks, {KILLS} kills: {events['task-started']} starts, "
              f"{events['task-requeued']} tasks begun again, {TASKS - len(ends)} ends and "
              f"{sum(n - 1 for n in ends.values())} twice in the log, {again} messages sent again")


if __name__ == "__main__":
    unittest.main(verbosity=2)
