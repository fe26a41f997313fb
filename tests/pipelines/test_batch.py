# SPDX-License-Identifier: LGPL-2.1-or-later
"""gst-animate-1.0 --batch on this machine: results, ends, kills, and going on."""
import fcntl
import json
import os
import random
import resource
import signal
import socket
import subprocess
import time
import unittest

from batch_case import DONE, FAILED, INTERRUPTED, TRY_AGAIN, USAGE, BatchCase, PlaceWatch


class Batch(BatchCase):
    def call(self, *arguments):
        return subprocess.run(["gst-animate-1.0", *arguments], capture_output=True, text=True,
                              timeout=60, cwd=self.root)

    def test_each_line_has_its_result(self):
        self.file.write_text("\n".join([self.task(0, Interval=1), "", "no JSON",
                                        self.task(1, Interval=1, Width="x"),
                                        self.task(2, Interval=1)]))
        results = self.finish(self.start("--jobs", "2"), FAILED)
        self.assertEqual(sorted(results), [1, 3, 4, 5])
        self.assertEqual([results[i]["Status"] for i in (1, 3, 4, 5)],
                         ["Succeeded", "Failed", "Failed", "Succeeded"])
        self.assertEqual(results[3]["Code"], "InvalidArgument")
        self.assertIn("/Targets/0/Image/Animations/0/Width", results[4]["Message"])
        self.assertEqual(results[5]["Outputs"][0]["FrameCount"], 30)
        self.assertEqual(results[5]["Deliveries"][0]["Status"], "Delivered")
        again = self.finish(self.start(), FAILED)  # nothing is run again
        self.assertEqual(again, results)

    def test_killed_workers_are_run_again_and_publish_once(self):
        self.write(12, Interval=0.1, Width=160)
        watch = PlaceWatch(self, self.bucket)
        process = self.start("--jobs", "2", "--retries", "30")
        dice = random.Random(8)
        kills = 0
        while process.poll() is None and kills < 25:
            time.sleep(dice.uniform(0.02, 0.3))
            for worker in list(self.workers().values())[:1]:
                try:
                    os.kill(worker, signal.SIGKILL)
                    kills += 1
                except ProcessLookupError:
                    pass
        results = self.finish(process)
        self.assertGreater(kills, 5)
        self.assertEqual(len(results), 12)
        self.assert_all_ended_once(12, watch)

    def test_a_worker_that_always_dies_fails_alone(self):
        self.write(1, Interval=0.1)
        process = self.start("--retries", "1")
        killed = set()
        while process.poll() is None:
            for worker in self.workers().values():
                if worker not in killed:
                    killed.add(worker)
                    os.kill(worker, signal.SIGKILL)
            time.sleep(0.01)
        result = self.finish(process, FAILED)[1]
        self.assertEqual(len(killed), 2)
        self.assertEqual(result["Code"], "InternalError")
        self.assertIn("signal 9", result["Message"])

    def test_a_call_goes_on_where_another_was_ended(self):
        self.write(6, Interval=0.1)
        watch = PlaceWatch(self, self.bucket)
        for end, status in ((signal.SIGINT, INTERRUPTED), (signal.SIGKILL, -signal.SIGKILL)):
            process = self.start("--jobs", "2")
            before = len(list(self.state.glob("*.json"))) if self.state.exists() else 0
            self.wait_until(lambda: len(list(self.state.glob("*.json"))) > before, "one has ended")
            process.send_signal(end)
            self.assertLess(len(self.finish(process, status)), 6)
        self.assertEqual(len(self.finish(self.start())), 6)
        self.assert_all_ended_once(6, watch)

    def test_more_jobs_than_the_machine_has_room_for(self):
        self.write(12, Interval=1)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, hard))  # a worker takes three
        process = self.start("--jobs", "12")
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        self.assertEqual(len(self.finish(process)), 12)

    def test_a_hang_up_that_is_ignored_stays_so(self):
        self.write(2, Interval=0.2)
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which the call inherits
        try:
            process = self.start("--jobs", "1")
        finally:
            signal.signal(signal.SIGHUP, before)
        self.wait_until(self.workers, "a worker runs")
        process.send_signal(signal.SIGHUP)
        self.assertEqual(len(self.finish(process)), 2)

    def test_a_file_that_is_edited_meanwhile_runs_as_it_was(self):
        self.write(4, Interval=0.2)
        process = self.start("--jobs", "1")
        self.wait_until(self.workers, "a worker runs")
        self.file.write_text(self.task(3, Interval=1))
        self.assertEqual(sorted(self.finish(process)), [1, 2, 3, 4])
        self.assertEqual(sorted(path.name for path in self.bucket.glob("*.webp")),
                         [f"{i}.webp" for i in range(4)])

    def test_results_that_cannot_be_printed_are_no_success(self):
        self.write(1, Interval=1)
        with open("/dev/full", "w") as full:
            done = subprocess.run(["gst-animate-1.0", "--batch", self.file, "--storage-root",
                                   self.root], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("cannot print the results", done.stderr)

    def hold(self, line=0):
        """Somebody else who works at the task of that index; gives the lock."""
        self.call("--batch", self.file, "--storage-root", self.root, "--index", str(line), "--json")
        (result,) = self.state.glob("*.json")
        result.unlink()  # its name alone was wanted
        lock = open(result.with_suffix(".lock"), "w")
        self.addCleanup(lock.close)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return lock

    def test_who_waited_for_a_worker_finds_its_result(self):
        self.write(1, Interval=1)
        first = self.hold()
        watch = PlaceWatch(self, self.bucket)
        waiting = [self.start("--index", "0", "--json") for _ in range(2)]
        time.sleep(1)
        self.assertEqual([one.poll() for one in waiting], [None, None])
        os.unlink(first.name)  # as its holder does at the end
        first.close()
        texts = {one.communicate(timeout=60)[0] for one in waiting}
        self.assertEqual([one.returncode for one in waiting], [DONE, DONE])
        self.assertEqual(len(texts), 1)
        self.assertEqual(watch.stop()["0.webp"], 2)  # the one before, and one of the two
        self.assertEqual([path.suffix for path in self.state.iterdir()], [".json"])

    def test_a_task_that_somebody_holds_does_not_stop_the_others(self):
        self.write(2, Interval=1)
        first = self.hold()
        process = self.start("--jobs", "1", "--task-time", "5")  # the other one needs less
        self.wait_until(lambda: list(self.state.glob("*.json")), "the other task has ended")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, complaints = process.communicate(timeout=10)
        self.assertEqual(process.returncode, INTERRUPTED, complaints)
        self.assertEqual([json.loads(line)["Line"] for line in out.splitlines()], [2])
        self.assertIn("the task of line 1 is over, but somebody still works at it", complaints)
        first.close()
        self.assertEqual(len(self.finish(self.start())), 2)

    def test_an_interruption_ends_messages_which_are_sent_by_the_next_call(self):
        silent = socket.create_server(("127.0.0.1", 0))  # takes calls, says nothing
        self.addCleanup(silent.close)
        task = json.loads(self.task(0, Width=1280, Height=720, Quality=100))
        task["Notification"] = {"Webhook": {
            "URL": f"http://127.0.0.1:{silent.getsockname()[1]}/"}}
        self.file.write_text(json.dumps(task))
        process = self.start("--task-time", "1", "--allowed-schemes", "oss,http")
        self.wait_until(lambda: list(self.state.glob("*.end")), "the message is being sent", 20)
        process.send_signal(signal.SIGINT)
        self.finish(process, INTERRUPTED, seconds=3)
        self.assertEqual(list(self.state.glob("*.json")), [])

    def test_one_task_by_its_index(self):
        self.write(2, Interval=1)
        for _ in range(2):  # the second time it is there already
            done = self.call("--batch", self.file, "--storage-root", ".", "--index", "1", "--json")
            self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertTrue((self.bucket / "1.webp").exists())
        self.assertFalse((self.bucket / "0.webp").exists())
        beyond = self.call("--batch", self.file, "--index", "2")
        self.assertIn("there is no task 2; there are 2, counted from 0", beyond.stderr)
        self.assertEqual(beyond.returncode, TRY_AGAIN)

    def test_a_task_over_its_time_fails(self):
        self.write(1, Width=1280, Height=720, Quality=100)
        result = self.finish(self.start("--task-time", "1"), FAILED)[1]
        self.assertEqual(result["Code"], "LimitExceeded")
        self.assertEqual(result["Message"], "the task took longer than 1 s")

    def test_a_state_that_tasks_reach_is_refused(self):
        self.write(1, Interval=1)
        (self.root / "link").symlink_to(self.root)
        for state in (self.root / "state", self.bucket / ".state", self.root, self.root / "link/x"):
            for words in ([], ["--index", "0"]):
                done = self.call("--batch", self.file, "--storage-root", self.root, "--state", state,
                                 *words)
                self.assertNotEqual(done.returncode, DONE)
                self.assertIn("is in the storage root, where tasks reach it", done.stderr)
        self.assertEqual(sorted(path.name for path in self.bucket.iterdir()), ["in.mov"])
        self.assertFalse((self.root / "state").exists())

    def test_a_result_that_cannot_be_read_is_told_and_its_task_not_run_again(self):
        self.write(3, Interval=1)
        self.finish(self.start())
        watch = PlaceWatch(self, self.bucket)
        first, second, _ = sorted(self.state.glob("*.json"))
        for text in ("", "{", "[]", '{"Status":5}'):
            first.write_text(text)
            second.unlink()
            second.mkdir()  # as one that may not be read: root may read all
            results = self.finish(self.start(), FAILED)
            messages = [one["Message"] for one in results.values() if one["Status"] == "Failed"]
            self.assertEqual(len(results), 3)
            self.assertEqual(len(messages), 2)
            self.assertIn(f"{first} is not the result of a task", messages)
            self.assertTrue(any(text.startswith(f"{second}: cannot read") for text in messages))
            lines = {one["TaskId"]: line for line, one in results.items()}
            done = self.call("--batch", self.file, "--storage-root", self.root, "--index",
                             str(lines[first.stem] - 1))
            self.assertEqual(done.returncode, TRY_AGAIN)
            self.assertIn(f"{first} is not the result of a task", done.stderr)
            second.rmdir()
            second.write_text(text)
        self.assertEqual(set(watch.stop().values()), {1})

    def test_bad_usage(self):
        self.write(1)
        for words, complaint in [
                (["--jobs", "2"], "--jobs goes with --batch"),
                (["--batch", self.file, "in.mp4"], "--batch takes no other task"),
                (["--batch", self.file, "--runner", "slrm"], '"slrm" is not one of local, slurm'),
                (["--batch", self.file, "--jobs", "0"], '--jobs: "0" is no whole number'),
                (["--batch", self.file, "--task-memory", "255"],
                 '--task-memory: "255" is no whole number'),
                (["--batch", self.file, "--sbatch", "-p"], "go with --runner slurm"),
                (["--batch", self.file, "--runner", "slurm", "--state", "a\\b"], "has a backslash"),
                (["--batch", self.file, "--runner", "slurm", "--jobs", "2"], "goes with --runner local"),
                (["--batch", self.file, "--runner", "slurm", "--sbatch=--arr=1"],
                 '--sbatch: "--arr=1" cannot be given; a batch decides on --array'),
                (["--batch", self.file, "--index", "0", "--retries", "2"],
                 "--retries does not go with --index"),
                (["--batch", self.file, "--json"], "--json goes with one task"),
                (["--batch", self.file, "--fps", "3"], "--fps goes with a video")]:
            done = self.call(*words)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn(complaint, done.stderr)
        missing = self.call("--batch", "missing.jsonl")
        self.assertEqual(missing.returncode, FAILED)
        self.assertIn("missing.jsonl", missing.stderr)


if __name__ == "__main__":
    unittest.main()
