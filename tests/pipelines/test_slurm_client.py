# SPDX-License-Identifier: LGPL-2.1-or-later
"""gst-animate-1.0 --batch --runner slurm beside a cluster that is large, slow or refuses, which one of
three nodes cannot be: scripts answer in place of Slurm's programs. test_slurm.py has the real ones."""
import os
import signal
import time
import unittest

from batch_case import FAILED, INTERRUPTED, BatchCase

LOG = 'echo "$*" >> "$0.calls"\n'


class SlurmClient(BatchCase):
    def setUp(self):
        super().setUp()
        self.programs = self.root / "programs"
        self.programs.mkdir()
        self.environment["PATH"] = f"{self.programs}:{os.environ['PATH']}"
        self.program("scontrol", "echo 'MaxArraySize = 10000'")
        self.program("sbatch", "echo 1")
        self.program("squeue", "")
        self.program("sacct", "")
        self.program("scancel", "")

    def program(self, name, script):
        path = self.programs / name
        path.write_text("#!/bin/sh\n" + LOG + script + "\n")
        path.chmod(0o755)

    def calls(self, name):
        log = self.programs / f"{name}.calls"
        return log.read_text().splitlines() if log.exists() else []

    def slurm(self, *options):
        return self.start("--runner", "slurm", "--retries", "0", *options)

    def test_an_interruption_does_not_wait_for_answers(self):
        self.write(2500)
        self.program("sacct", "exec sleep 50")
        process = self.slurm()
        self.wait_until(lambda: self.calls("sacct"), "sacct is asked")
        moment = time.monotonic()
        process.send_signal(signal.SIGINT)
        self.finish(process, INTERRUPTED)
        self.assertLess(time.monotonic() - moment, 10)
        self.assertEqual(len(self.calls("sacct")), 1)
        self.assertEqual(len(self.calls("scancel")), 1)
        (call,) = self.calls("sbatch")  # one array for all
        self.assertIn(" --array=0-2499 ", call)

    def test_long_answers_and_one_question_for_many_jobs(self):
        self.write(12)
        self.program("squeue", "yes '7|1|RUNNING|anim-another-batch-0|None' | head -n 200000")
        self.program("sacct", "for i in 0 1 2 3 4 5 6 7 8 9 10 11; do echo \"1_$i|TIMEOUT\"; done")
        results = self.finish(self.slurm(), FAILED)
        self.assertEqual([one["Code"] for one in results.values()], ["LimitExceeded"] * 12)
        self.assertEqual(len(self.calls("sacct")), 1)

    def test_a_refusal_is_told_once(self):
        self.write(4)
        self.program("scontrol", "echo 'MaxArraySize = 2'")
        self.program("sbatch", 'for word; do case $word in --job-name=*) name=${word#*=};; esac; done\n'
                               'case $name in *-0) echo "1|0|PENDING|$name|None" > "$0.job"; echo 1;;\n'
                               '*) echo "sbatch: error: too many" >&2; exit 1;; esac')
        self.program("squeue", f"cat {self.programs}/sbatch.job 2> /dev/null || true")
        process = self.slurm()
        self.wait_until(lambda: len(self.calls("sbatch")) == 3, "it is asked again")
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INTERRUPTED, complaints)
        self.assertEqual(complaints.count("too many"), 1, complaints)

    def test_a_state_is_the_same_by_whatever_way(self):
        self.write(1)
        (self.root / ".elsewhere/state").mkdir(parents=True)
        (self.root / "link").symlink_to(self.root / ".elsewhere/state")
        self.state = self.root / ".elsewhere/.state"
        for way in (".elsewhere/.state", "link/../.state"):
            results = self.finish(self.slurm("--state", self.root / way), FAILED)
            self.assertEqual(results[1]["Code"], "InternalError")
            (result,) = self.state.glob("*.json")
            result.unlink()
        names = {word for call in self.calls("sbatch") for word in call.split() if "--job-name" in word}
        self.assertEqual(len(self.calls("sbatch")), 2)
        self.assertEqual(len(names), 1)


if __name__ == "__main__":
    unittest.main()
