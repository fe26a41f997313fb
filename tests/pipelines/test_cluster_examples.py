# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples for Kubernetes and for containers, as far as a machine without either can tell: the
Job's schema and fields, its command run here as its pods would; the image's packages and steps."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from batch_case import DONE, BatchCase, PlaceWatch

ROOT = Path(os.environ["ANIM_SOURCE"])
BUILD = Path(os.environ["ANIM_BUILD"])
JOB = ROOT / "examples" / "kubernetes" / "job.yaml"
CONTAINERFILE = ROOT / "examples" / "container" / "Containerfile"
CHECK = ROOT / "tests" / "pipelines" / "cluster" / "check_job.js"


def check(file):
    return subprocess.run(["node", CHECK, file], capture_output=True, text=True, timeout=60)


def steps_of(text):
    """(instruction, words) of a Containerfile, whose lines are joined where they end in \\."""
    joined = text.replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def packages(purpose):
    """What .ci/packages.sh installs for a purpose."""
    script = f". {ROOT}/.ci/packages.sh; echo ${purpose}_packages"
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True,
                          check=True).stdout.split()


class Kubernetes(BatchCase):
    def job(self):
        done = check(JOB)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_the_job_is_of_its_schema_and_a_wrong_one_is_not(self):
        self.job()
        for old, new in (("completionMode: Indexed", "completionMode: 3"),
                         ("completions: 100", "completions: many"),
                         ("backoffLimitPerIndex: 3", "backoffLimitPerIndex: often")):
            self.assertIn(old, JOB.read_text())
            wrong = self.root / "wrong.yaml"
            wrong.write_text(JOB.read_text().replace(old, new))
            self.assertNotEqual(check(wrong).returncode, 0, new)

    def test_what_the_api_server_asks_of_it_beyond_the_schema(self):
        spec = self.job()["spec"]
        self.assertEqual(spec["completionMode"], "Indexed")  # backoffLimitPerIndex needs it
        self.assertEqual(spec["template"]["spec"]["restartPolicy"], "Never")  # podFailurePolicy, too
        self.assertLessEqual(spec["maxFailedIndexes"], spec["completions"])
        rule = spec["podFailurePolicy"]["rules"][0]["onExitCodes"]
        pod = spec["template"]["spec"]
        self.assertIn(rule["containerName"], [one["name"] for one in pod["containers"]])
        self.assertEqual(rule["values"], sorted(set(rule["values"])))
        mounts = {one["name"] for one in pod["containers"][0]["volumeMounts"]}
        self.assertEqual(mounts, {one["name"] for one in pod["volumes"]})

    def run_pod(self, spec, index):
        arguments = [word.replace("/data", str(self.root))
                     .replace("$(JOB_COMPLETION_INDEX)", str(index))
                     for word in spec["template"]["spec"]["containers"][0]["args"]]
        return subprocess.run(["gst-animate-1.0", *arguments], capture_output=True, text=True,
                              timeout=60)

    def test_its_command_as_each_pod_runs_it(self):
        spec = self.job()["spec"]
        self.write(3, Interval=1)
        watch = PlaceWatch(self, self.bucket)
        self.state = self.root / ".state"
        for index in range(3):
            done = self.run_pod(spec, index)
            self.assertEqual(done.returncode, DONE, done.stderr)
        self.assert_all_ended_once(3, watch)

    def test_only_a_task_whose_result_is_written_fails_its_index(self):
        spec = self.job()["spec"]
        final = spec["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"]
        self.file.write_text("no task\n")
        state = self.root / ".state"
        state.write_text("in the way")  # nothing can be written, as on a full disk
        self.assertNotIn(self.run_pod(spec, 0).returncode, [DONE, *final])
        state.unlink()
        self.assertNotIn(self.run_pod(spec, 1).returncode, [DONE, *final])  # no such task
        self.assertEqual(list(state.glob("*.json")), [])
        self.assertIn(self.run_pod(spec, 0).returncode, final)
        self.assertEqual(len(list(state.glob("*.json"))), 1)


class Container(unittest.TestCase):
    def setUp(self):
        self.steps = steps_of(CONTAINERFILE.read_text())

    def test_its_instructions_are_known_and_its_files_there(self):
        self.assertEqual(self.steps[0][0], "FROM")
        for instruction, words in self.steps:
            self.assertIn(instruction, ("FROM", "WORKDIR", "COPY", "RUN", "USER", "ENTRYPOINT"))
            if instruction == "COPY" and not words.startswith("--from"):
                self.assertTrue((ROOT / words.split()[0]).exists(), words)
            if instruction == "RUN":
                subprocess.run(["sh", "-n", "-c", words], check=True)

    def test_its_packages_are_those_of_the_project(self):
        text = " ".join(words for _, words in self.steps)
        purposes = re.findall(r"install_packages (\w+)", text)
        self.assertEqual(purposes, ["build", "run"])
        self.assertNotIn("apt-get", text)
        for purpose in purposes:
            self.assertTrue(packages(purpose))

    def test_what_was_built_here_is_not_copied(self):
        left_out = (ROOT / ".dockerignore").read_text().split()
        self.assertIn("build*/", left_out)
        self.assertIn(".git/", left_out)

    def test_meson_takes_what_is_copied_and_builds_what_is_run(self):
        (setup,) = [words for step, words in self.steps if words.startswith("meson setup")]
        left_out = [line.rstrip("/") for line in (ROOT / ".dockerignore").read_text().split()]
        with tempfile.TemporaryDirectory() as folder:
            source = shutil.copytree(ROOT, Path(folder) / "src",
                                     ignore=shutil.ignore_patterns(*left_out))
            done = subprocess.run(["sh", "-c", setup], cwd=source, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            plan = subprocess.run(["meson", "introspect", "--installed", "build"], cwd=source,
                                  capture_output=True, text=True, check=True).stdout
        names = {os.path.basename(place) for place in json.loads(plan).values()}
        self.assertLessEqual({"gst-animate-1.0", "gst-animate-server", "libgstanimtask.so"}, names)

    def test_what_is_run_finds_its_libraries_in_the_packages_to_run(self):
        closure = subprocess.run(
            ["apt-cache", "depends", "--recurse", "--installed", "--no-recommends", "--no-suggests",
             "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", *packages("run")],
            capture_output=True, text=True, check=True).stdout
        there = {line.split(":")[0] for line in closure.splitlines() if line and line[0].isalpha()}
        programs = [*(BUILD / "plugins").glob("*/libgst*.so"), BUILD / "gst/tools/gst-animate-1.0",
                    BUILD / "gst/tools/server/gst-animate-server"]
        self.assertGreater(len(programs), 6)
        libraries = set()
        for program in programs:
            text = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
            libraries.update(re.findall(r"=> (/(?:usr/)?lib\S+)", text))
        self.assertGreater(len(libraries), 20)
        # Files of /lib may be known by their place in /usr/lib, and the other way round.
        names = {library: {library, os.path.realpath(library)} for library in libraries}
        for ways in names.values():
            ways.update([way.removeprefix("/usr") for way in ways])
        text = subprocess.run(["dpkg", "-S", *set().union(*names.values())], capture_output=True,
                              text=True).stdout
        owners = {}
        for line in text.splitlines():
            owner, name = line.split(": ", 1)
            owners.setdefault(name, set()).add(owner.split(":")[0])
        for library, ways in names.items():
            owner = set().union(*(owners.get(way, set()) for way in ways))
            self.assertTrue(owner & there, f"{library} is of {owner}")


if __name__ == "__main__":
    unittest.main()
