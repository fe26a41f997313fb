# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every gst-launch line of the docs and of the elements' comments runs, and every example task.

The lines may read in.mp4 or video.mp4 (a real clip) and tasks.jsonl (small tasks over the buckets in
DIR), and write into the current folder.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from PIL import Image

SOURCE = pathlib.Path(os.environ["ANIM_SOURCE"])
MEDIA = pathlib.Path(os.environ["ANIM_MEDIA"])
CLIP = MEDIA / "mp4" / "bbb_480p_5s_h264_b.mp4"
PROGRAMS = ("gst-launch-1.0 ", "gst-animate-1.0 ")


def markdown_commands(text):
    """Lines that begin with one of PROGRAMS, continued by a backslash."""
    lines = [line.strip() for line in text.splitlines()]
    while lines:
        command = lines.pop(0)
        while command.endswith("\\") and lines:
            command = command[:-1] + lines.pop(0)
        if command.startswith(PROGRAMS):
            yield command


def comment_commands(text):
    """What stands between |[ and ]| in a comment, without the stars of its lines."""
    for block in re.findall(r"\|\[(.*?)\]\|", text, re.DOTALL):
        yield " ".join(line.strip().removeprefix("*").strip() for line in block.splitlines()).strip()


def commands(document):
    read = markdown_commands if document.suffix == ".md" else comment_commands
    return list(read(document.read_text()))


def documents():
    yield SOURCE / "README.md"
    # Lines that need a server are run by test_live_docs.
    yield from sorted(set((SOURCE / "docs").rglob("*.md")) - {SOURCE / "docs" / "live.md"})
    yield from sorted((SOURCE / "plugins").rglob("*.cpp"))


class Examples(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("in.mp4", "video.mp4"):
            shutil.copy(CLIP, self.folder / name)
        bucket = self.folder / "test-bucket" / "video-demo"
        bucket.mkdir(parents=True)
        shutil.copy(CLIP, bucket / "brewing.mov")
        task = json.loads((SOURCE / "examples" / "tasks" / "seed-whole.json").read_text())
        (self.folder / "task.json").write_text(json.dumps(task))
        self.make_batch()

    def run_line(self, line):
        # There is no screen here; the pipeline is otherwise as documented.
        line = line.replace("autovideosink", "fakesink sync=true")
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, capture_output=True, text=True, timeout=120
        )
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}{done.stderr}")

    def test_every_command_line_of_the_docs_runs(self):
        count = 0
        for document in documents():
            for line in commands(document):
                if "--runner slurm" in line:
                    continue  # test_slurm has a cluster
                count += 1
                with self.subTest(document=str(document.relative_to(SOURCE)), line=line):
                    self.run_line(line)
        self.assertGreaterEqual(count, 10)

    def test_every_element_documents_a_pipeline(self):
        for source in sorted((SOURCE / "plugins").glob("*/*.cpp")):
            if "SECTION:element-" not in source.read_text():
                continue
            with self.subTest(source=source.name):
                self.assertTrue(commands(source))

    def test_every_example_task_runs(self):
        shutil.copytree(MEDIA / "mp4", self.folder / "tests" / "media" / "mp4")
        (self.folder / "quickstart").mkdir()
        for task in sorted((SOURCE / "examples" / "tasks").glob("*.json")):
            with self.subTest(task=task.name):
                if task.name == "seed-5-to-30.json":
                    self.make_long_source()
                self.run_line(f"gst-animate-1.0 {task}")

    def test_the_applications_run(self):
        self.run_line(f"{sys.executable} {SOURCE}/examples/animate.py in.mp4 out.webp")
        self.run_line(f"{os.environ['ANIM_BUILD']}/examples/animate out.gif")
        with Image.open(self.folder / "out.webp") as image:
            self.assertEqual(image.size, (320, 180))
            self.assertGreater(image.n_frames, 20)  # 25 samples, of which equal ones merge
        with Image.open(self.folder / "out.gif") as image:
            self.assertEqual(image.size, (160, 120))

    def make_batch(self):
        bucket = self.folder / "DIR" / "bucket"
        bucket.mkdir(parents=True)
        shutil.copy(CLIP, bucket)
        (self.folder / "tasks.jsonl").write_text("".join(json.dumps({
            "ProjectName": "examples", "Sources": [{"URI": f"oss://bucket/{CLIP.name}"}],
            "Targets": [{"Image": {"Animations": [
                {"URI": f"oss://bucket/{i}.webp", "Format": "webp", "Interval": 2}]}}],
        }) + "\n" for i in range(18)))

    def make_long_source(self):
        """The request takes seconds 5 to 30: the clip must be longer than its five seconds."""
        subprocess.run(
            ["ffmpeg", "-v", "error", "-y", "-stream_loop", "6", "-i", CLIP, "-c", "copy"]
            + [self.folder / "test-bucket" / "video-demo" / "brewing.mov"],
            check=True,
        )


if __name__ == "__main__":
    unittest.main()
