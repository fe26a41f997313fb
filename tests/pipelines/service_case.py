# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of gst-animate-server share: a bucket with a clip, a server, a client."""
import json
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from animate_server import AnimateServer, Client

KEY = "video-demo/brewing.mov"


def request_of(source, output, **look):
    """A task of one WebP."""
    return {"ProjectName": "test-project", "Sources": [{"URI": f"oss://test-bucket/{source}"}],
            "Targets": [{"Image": {"Animations": [
                {"Format": "webp", "URI": f"oss://test-bucket/{output}", **look}]}}]}


class ServiceCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clips = tempfile.TemporaryDirectory()
        cls.clip = Path(cls.clips.name) / "clip.mov"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=40",
                        "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", cls.clip],
                       check=True)

    @classmethod
    def tearDownClass(cls):
        cls.clips.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.put(KEY)

    def put(self, key):
        path = self.root / "test-bucket" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.clip, path)

    def serve(self, *options):
        server = AnimateServer(self.root, *options)
        self.addCleanup(lambda: server.process.poll() is None and server.kill())
        client = Client(server.port)
        self.addCleanup(client.close)
        return server, client

    def messages(self, topic="test-mns-topic", count=1):
        """The messages of a topic, when there are `count`."""
        folder = self.root / ".topics" / topic
        end = time.monotonic() + 10
        while time.monotonic() < end:
            files = sorted(folder.glob("*.json")) if folder.exists() else []
            if len(files) >= count:
                break
            time.sleep(0.05)
        self.assertEqual(len(files), count)
        return [json.loads(file.read_text()) for file in files]
