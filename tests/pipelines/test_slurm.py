# SPDX-License-Identifier: LGPL-2.1-or-later
"""gst-animate-1.0 --batch --runner slurm on a real cluster of three nodes on loopback: whatever
happens to workers, nodes, jobs and the controller, no task is lost and none is published twice."""
import signal
import subprocess
import time
import unittest

from batch_case import FAILED, INTERRUPTED, BatchCase, PlaceWatch
from slurm_cluster import SlurmCluster

ALIVE = ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING")


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

    def finish(self, process, status=0, seconds=60):
        try:
            return super().finish(process, status, seconds)
        except subprocess.TimeoutExpired:
            self.fail(self.cluster.call("squeue", "--array", "--states=all") +
                      self.cluster.call("sinfo", "--Node"))

    def results(self):
        return list(self.state.glob("*.json"))

    def wait_for_jobs(self):
        self.cluster.wait_until(lambda: not self.cluster.jobs(*ALIVE), "no job is left", 60)

    def test_a_batch_through_faults(self):
        self.write(12, Interval=0.1, Width=800, Height=450)
        watch = PlaceWatch(self, self.bucket)
        process = self.slurm()
        killed = self.kill_a_worker()
        self.wait_until(lambda: self.cluster.jobs("FAILED"), "Slurm has seen it")
        self.wait_until(lambda: self.cluster.jobs("RUNNING"), "jobs run")
        job, element, _ = self.cluster.jobs("RUNNING")[0]
        self.cluster.call("scontrol", "requeue", f"{job}_{element}")
        self.cluster.call("scontrol", "update", "nodename=n1", "state=drain", "reason=test")
        # One that waits is cancelled.
        job, element, _ = self.cluster.jobs("PENDING")[-1]
        self.cluster.call("scancel", f"{job}_{element}")
        name = self.cluster.call("squeue", "--noheader", "--states=all", f"--jobs={job}",
                                 "--format=%j").splitlines()[0]
        cancelled = int(name.rsplit("-", 1)[1]) + element
        self.wait_until(self.results, "a task has ended")
        self.cluster.end("slurmctld")
        time.sleep(2)
        self.cluster.start_controller()
        self.assertEqual(self.cluster.processes["slurmctld"].poll(), None)
        results = self.finish(process, FAILED)
        self.assertEqual(len(results), 12)
        self.assertNotEqual(killed, cancelled)
        failed = [line - 1 for line, result in results.items() if result["Status"] == "Failed"]
        self.assertEqual(failed, [cancelled], results)
        self.assertEqual(results[cancelled + 1]["Code"], "Cancelled")
        self.assertGreater(len({job for job, _, _ in self.cluster.jobs()}), 3)  # arrays, a retry
        self.assertTrue(any((self.state / "logs").iterdir()))
        # What was cancelled has no end yet: the same call runs it, and nothing else.
        count = len(self.cluster.jobs())
        self.cluster.call("scontrol", "update", "nodename=n1", "state=resume")
        self.assertEqual(len(self.finish(self.slurm())), 12)
        self.assertEqual(len(self.cluster.jobs()), count + 1)
        # Slurm runs the first array once more: nothing is published again.
        self.wait_for_jobs()
        first = self.cluster.jobs()[0][0]
        count = len(self.cluster.ended_restarts(first))
        self.cluster.call("scontrol", "requeue", str(first))
        self.cluster.wait_until(
            lambda: [n > 0 for n in self.cluster.ended_restarts(first)] == [True] * count,
            "all were begun again", 60)
        self.assert_all_ended_once(12, watch)

    def test_interrupted_and_killed_calls(self):
        self.write(6, Interval=0.1, Width=800, Height=450)
        watch = PlaceWatch(self, self.bucket)
        process = self.slurm()
        self.wait_until(self.results, "a task has ended")
        process.send_signal(signal.SIGINT)
        self.assertLess(len(self.finish(process, INTERRUPTED)), 6)
        self.wait_for_jobs()
        self.assertTrue(self.cluster.jobs("CANCELLED"))
        # Jobs outlive a call that is killed; the next one finds them and submits nothing.
        process = self.slurm()
        self.wait_until(lambda: self.cluster.jobs("RUNNING"), "jobs run")
        process.kill()
        process.wait()
        count = len(self.cluster.jobs())
        self.assertEqual(len(self.finish(self.slurm())), 6)
        self.assertEqual(len(self.cluster.jobs()), count)
        self.assert_all_ended_once(6, watch)

    def test_refusals(self):
        self.write(2, Interval=1)
        process = self.slurm("--sbatch=--partition=nowhere")
        out, complaint = process.communicate(timeout=30)
        self.assertEqual((process.returncode, out), (FAILED, ""))
        self.assertIn("Invalid partition", complaint)
        results = self.finish(self.slurm())
        self.assertEqual([one["Status"] for one in results.values()],
                         ["Succeeded"] * 2)


if __name__ == "__main__":
    unittest.main()
