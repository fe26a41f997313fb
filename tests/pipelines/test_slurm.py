# SPDX-License-Identifier: LGPL-2.1-or-later
"""gst-animate-1.0 --batch --runner slurm on a real cluster of three nodes on loopback: whatever
happens to workers, nodes, jobs and the controller, no task is lost and none is published twice."""
import os
import random
import resource
import signal
import subprocess
import time
import unittest
from pathlib import Path

from PIL import Image

from batch_case import DONE, FAILED, INTERRUPTED, BatchCase, PlaceWatch
from slurm_cluster import SlurmCluster
from store_server import StoreServer

ALIVE = ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING")

# A third of a second of work.
LOOK = {"Interval": 0.2, "Width": 320, "Height": 180}


class Slurm(BatchCase):
    def setUp(self):
        super().setUp()
        place = self.root / "slurm"
        place.mkdir(mode=0o755)
        self.cluster = SlurmCluster(place, nodes=3, max_array_size=5)
        self.addCleanup(self.cluster.stop)
        self.environment = self.cluster.environment

    def slurm(self, *options):
        return self.start("--runner", "slurm", "--task-memory", "300", "--task-time", "120",
                          *options)

    def finish(self, process, status=DONE, seconds=150):
        try:
            return super().finish(process, status, seconds)
        except subprocess.TimeoutExpired:
            self.fail(self.cluster.call("squeue", "--array", "--states=all") +
                      self.cluster.call("sinfo", "--Node"))

    def results(self):
        return list(self.state.glob("*.json"))

    def wait_for_jobs(self):
        self.cluster.wait_until(lambda: not self.cluster.jobs(*ALIVE), "no job is left")

    def test_killed_workers_requeued_jobs_and_a_drained_node(self):
        self.write(8, **LOOK)
        watch = PlaceWatch(self, self.bucket)
        process = self.slurm()
        self.tell_a_worker(signal.SIGKILL)
        self.wait_until(lambda: self.cluster.jobs("FAILED"), "Slurm has seen it")
        running = []
        self.wait_until(lambda: running.extend(self.cluster.jobs("RUNNING")) or running,
                        "jobs run")
        job, element, _ = running[0]
        self.cluster.call("scontrol", "requeue", f"{job}_{element}")
        self.cluster.call("scontrol", "update", "nodename=n1", "state=drain", "reason=test")
        self.assertEqual(len(self.finish(process)), 8)
        self.assertGreater(len({job for job, _, _ in self.cluster.jobs()}), 2)  # arrays, a retry
        self.assertTrue(any((self.state / "logs").iterdir()))
        # Slurm runs the first array once more: nothing is published again.
        self.wait_for_jobs()
        self.cluster.call("scontrol", "requeue", "1")
        self.cluster.wait_until(
            lambda: [n > 0 for n in self.cluster.ended_restarts(1)] == [True] * 5,
            "all were begun again")
        self.assert_all_ended_once(8, watch)

    def test_cancelled_jobs(self):
        self.write(7, **LOOK)
        watch = PlaceWatch(self, self.bucket)
        process = self.slurm()
        index = self.tell_a_worker(signal.SIGSTOP)
        # One that runs, of the same array one that may wait, a whole array.
        self.cluster.call("scancel", f"1_{index}", "1_4", "2")
        results = self.finish(process, FAILED)
        self.assertEqual({line - 1 for line in results if results[line]["Code"] == "Cancelled"},
                         {index, 4, 5, 6}, results)
        # What was cancelled has no end yet: the same call runs it, and nothing else.
        count = len(self.cluster.jobs())
        self.assertEqual(len(self.finish(self.slurm())), 7)
        self.assertEqual(len(self.cluster.jobs()), count + 4)
        self.assert_all_ended_once(7, watch)

    def test_data_in_an_object_store(self):
        with StoreServer("test-bucket") as store:
            store.put("test-bucket", "in.mov", self.bucket / "in.mov")
            self.environment |= store.settings()
            (self.bucket / "in.mov").unlink()  # the nodes have the store's alone
            self.write(2, **LOOK)
            self.finish(self.slurm())
            for number in range(2):
                with Image.open(store.file("test-bucket", f"{number}.webp")) as image:
                    self.assertEqual((image.size, image.n_frames), ((320, 180), 150))
        self.assertEqual(list(self.bucket.iterdir()), [])

    def test_a_controller_that_is_stopped_and_killed(self):
        self.write(9, **LOOK)
        watch = PlaceWatch(self, self.bucket)
        process = self.slurm("--retries", "9", "--task-start", "3")
        dice = random.Random(9)
        for number in (signal.SIGTERM, signal.SIGKILL):
            before = len(self.results())
            self.wait_until(lambda: len(self.results()) > before, "another task has ended")
            time.sleep(dice.uniform(0, 0.5))  # the next one is started
            self.cluster.end("slurmctld", number)
            self.cluster.start_controller()
        while process.poll() is None:
            self.cluster.mend()
            time.sleep(0.5)
        self.assertEqual(len(self.finish(process)), 9)
        self.assert_all_ended_once(9, watch)

    def test_a_job_that_was_lost_while_it_was_started(self):
        self.write(1, **LOOK)
        watch = PlaceWatch(self, self.bucket)
        for node in self.cluster.names:  # they take the job and do nothing
            self.cluster.tell(node, signal.SIGSTOP)
        process = self.slurm("--retries", "0", "--task-start", "3")
        self.wait_until(lambda: self.cluster.jobs("RUNNING"), "Slurm has started it")
        moment = time.time()
        self.wait_until(lambda: self.cluster.saved_at() > moment, "Slurm has written it down")
        for daemon in ("slurmctld", *self.cluster.names):
            self.cluster.end(daemon, signal.SIGKILL)
        self.cluster.start_controller()
        for node in self.cluster.names:
            self.cluster.start_node(node)
        out, complaints = process.communicate(timeout=150)
        self.assertEqual(process.returncode, DONE, out + complaints)
        self.assertIn("no worker has begun in the Slurm job 1_0", complaints)
        self.assert_all_ended_once(1, watch)

    @staticmethod
    def limits_of(process):
        """Soft limits: the name's words, then soft, hard and a unit."""
        lines = Path(f"/proc/{process}/limits").read_text().splitlines()[1:]
        return {line[:26].strip(): line[26:].split()[0] for line in lines}

    def test_jobs_have_the_limits_of_the_call(self):
        self.state = self.root / ".state %a%%x"  # sbatch would put numbers there
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (1021, hard))
        self.write(1, **LOOK)
        process = self.slurm("--state", self.state)
        index = self.tell_a_worker(signal.SIGSTOP)
        worker = self.workers()[index]
        limits, wanted = self.limits_of(worker), self.limits_of(process.pid)
        os.kill(worker, signal.SIGCONT)
        for name in ("Max cpu time", "Max data size", "Max open files"):
            self.assertEqual(limits[name], wanted[name], name)
        self.assertEqual(limits["Max open files"], "1021")
        self.finish(process)
        self.assertEqual([path.name for path in (self.state / "logs").iterdir()], ["1_0.log"])

    def test_interrupted_and_killed_calls(self):
        self.write(8, **LOOK)
        watch = PlaceWatch(self, self.bucket)
        process = self.slurm()
        self.wait_until(self.results, "a task has ended")
        process.send_signal(signal.SIGINT)
        self.assertLess(len(self.finish(process, INTERRUPTED)), 8)
        self.wait_for_jobs()
        self.assertLess(len(self.results()), 8)
        # Jobs outlive a call that is killed; the next one finds them and submits nothing.
        count = len(self.cluster.jobs()) + 8 - len(self.results())
        process = self.slurm()
        self.wait_until(lambda: len(self.cluster.jobs()) == count, "all others are submitted")
        process.kill()
        process.wait()
        self.assertEqual(len(self.finish(self.slurm())), 8)
        self.assertEqual(len(self.cluster.jobs()), count)
        self.assert_all_ended_once(8, watch)

    def test_refusals_and_holds(self):
        self.write(2, Interval=1)
        process = self.slurm("--sbatch=--partition=nowhere")
        out, complaint = process.communicate(timeout=150)
        self.assertEqual((process.returncode, out), (FAILED, ""))
        self.assertIn("Invalid partition", complaint)
        process = self.slurm("--sbatch=--hold")
        self.assertIn("the Slurm job 1_0 is held (JobHeldUser)", process.stderr.readline())
        self.cluster.call("scontrol", "release", "1")
        results = self.finish(process)
        self.assertEqual([one["Status"] for one in results.values()],
                         ["Succeeded"] * 2)


if __name__ == "__main__":
    unittest.main()
