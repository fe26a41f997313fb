#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""gst-animate-server --runner slurm on a real cluster on loopback: a task is a job, which outlives the
service; each ends once, with one message, whatever becomes of jobs and the service."""
import json
import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from batch_case import PlaceWatch, workers_of  # noqa: E402
from service_case import KEY, ServiceCase, request_of  # noqa: E402
from slurm_cluster import SlurmCluster  # noqa: E402


class ServiceSlurm(ServiceCase):
    def setUp(self):
        super().setUp()
        self.root.chmod(0o755)
        place = self.root / "slurm"
        place.mkdir(mode=0o755)
        self.cluster = SlurmCluster(place, nodes=2)
        self.addCleanup(self.cluster.stop)
        os.environ["SLURM_CONF"] = str(self.cluster.conf)  # for the service
        self.addCleanup(os.environ.pop, "SLURM_CONF")
        self.server, self.client = self.serve("--runner", "slurm", "--state", self.root / ".state",
                                              "--task-memory", "300", "--task-time", "120")
        self.watch = PlaceWatch(self, self.root / "test-bucket")

    def create(self, name, source_count=1, **look):
        request = request_of(KEY, f"{name}.webp", **look)
        request["Sources"] *= source_count
        request["Notification"] = {"MNS": {"TopicName": "t"}}
        request["UserData"] = name
        return self.client.call("CreateMediaConvertTask", **request)["TaskId"]

    def workers(self):
        (tasks,) = self.root.glob(".animate-jobs/*/tasks")
        return workers_of(tasks)

    def wait_for_workers(self, count):
        self.cluster.wait_until(lambda: len(self.workers()) >= count, f"{count} workers")

    def assert_told_once(self, ends):
        """`ends`: the Code of each task by its name."""
        contents = [json.loads(one["content"]) for one in self.messages("t", len(ends))]
        self.assertEqual({one["UserData"]: one["Code"] for one in contents}, ends)
        made = {f"{name}.webp": 1 for name, code in ends.items() if not code}
        self.assertEqual(self.watch.stop(), made)
        self.assertEqual(list((self.root / "test-bucket").glob(".animtask*")), [])

    def test_tasks_are_jobs(self):
        good = self.create("good", Number=3)
        self.assertEqual(self.client.wait(good)["Status"], "Succeeded")
        self.assertEqual([state for _, _, state in self.cluster.jobs()], ["COMPLETED"])
        # A worker that dies is followed by another.
        again = self.create("again", FrameRate=10)
        self.wait_for_workers(1)
        os.kill(*self.workers().values(), signal.SIGKILL)
        self.assertEqual(self.client.wait(again)["Status"], "Succeeded")
        self.assertEqual(len(self.cluster.jobs()), 3)
        # A job that somebody cancels is the end of its task.
        gone = self.create("gone", source_count=11, FrameRate=10)
        self.cluster.wait_until(lambda: self.client.task(gone)["Progress"] > 0, "progress is told")
        os.kill(*self.workers().values(), signal.SIGSTOP)
        job, element, _ = self.cluster.jobs("RUNNING")[0]
        self.cluster.call("scancel", f"{job}_{element}")
        task = self.client.wait(gone)
        self.assertEqual((task["Status"], task["Code"]), ("Failed", "Cancelled"), task)
        self.assert_told_once({"good": "", "again": "", "gone": "Cancelled"})
        (tasks,) = self.root.glob(".animate-jobs/*/tasks")
        self.assertEqual(list(tasks.iterdir()), [])

    def test_jobs_outlive_the_service(self):
        first, second, third = (self.create(name, FrameRate=10) for name in "abc")
        self.wait_for_workers(2)
        workers = self.workers()
        for process in workers.values():
            os.kill(process, signal.SIGSTOP)
        self.cluster.wait_until(lambda: len(self.cluster.jobs()) == 3, "all are submitted")
        self.server.kill()
        ended, *others = workers
        os.kill(workers[ended], signal.SIGCONT)  # it ends while there is no service
        self.cluster.wait_until(lambda: self.cluster.jobs("COMPLETED"), "a job has ended")
        self.server.start()
        for index in others:
            os.kill(workers[index], signal.SIGCONT)
        for task in (first, second, third):
            self.assertEqual(self.client.wait(task)["Status"], "Succeeded")
        self.assertEqual(len(self.cluster.jobs()), 3)
        # A service that is stopped leaves its jobs alone, too.
        last = self.create("d", FrameRate=10)
        self.wait_for_workers(1)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertEqual(self.client.wait(last)["Status"], "Succeeded")
        self.assertEqual(len(self.cluster.jobs()), 4)
        self.assert_told_once({name: "" for name in "abcd"})

    def test_a_cluster_that_does_not_answer(self):
        self.cluster.end("slurmctld")
        task = self.create("late", Number=3)
        end = time.monotonic() + 60
        while '"event":"slurm"' not in self.server.log_text():
            self.assertLess(time.monotonic(), end, "the log says nothing of it")
            time.sleep(0.1)
        self.assertEqual(self.client.task(task)["Status"], "Running")
        self.cluster.start_controller()
        self.assertEqual(self.client.wait(task)["Status"], "Succeeded")
        self.assert_told_once({"late": ""})


if __name__ == "__main__":
    unittest.main()
