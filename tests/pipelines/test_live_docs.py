# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each line of docs/live.md receives a stream from a real server on loopback and is clipped."""

import contextlib
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import gi
from PIL import Image

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).parent / "live"))
import servers  # noqa: E402
from test_examples import markdown_commands  # noqa: E402

PAGE = pathlib.Path(os.environ["ANIM_SOURCE"]) / "docs" / "live.md"
LOOK = '{"Format":"webp","Interval":0.1,"Width":160,"Height":-1}'
PATIENCE = 60  # seconds


@contextlib.contextmanager
def http_stream(file, _folder):
    """MPEG-TS that goes on for ever over one connection."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.flush()
            command = f"{servers.read_live(file)} ! mpegtsmux alignment=7 ! fdsink fd=1"
            with subprocess.Popen(["gst-launch-1.0", "-q", *command.split()], stdout=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL) as sender:
                with contextlib.suppress(OSError):
                    shutil.copyfileobj(sender.stdout, self.wfile, 1316)
                sender.kill()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"souphttpsrc location=http://127.0.0.1:{server.server_port}/stream.ts"
        finally:
            server.shutdown()


# What a line begins with, and who serves it.
SERVERS = {
    "rtmp2src": servers.rtmp,
    "rtspsrc": servers.rtsp,
    "srtsrc": servers.srt,
    "udpsrc": servers.udp,
    "souphttpsrc hls": servers.hls,
    "souphttpsrc": http_stream,
}


def kind_of(line):
    return line.split()[1] + (" hls" if ".m3u8" in line else "")


def at(receiver, line):
    """The line, with the address of the server that `receiver` names."""
    for setting in (r"location=\S+?://\S+", r"uri=\S+", r"port=\d+"):
        if (address := re.search(setting, receiver)) and re.search(setting, line):
            return re.sub(setting, address[0], line, count=1)
    raise AssertionError(f"no address of {receiver} in {line}")


def sink_of(pipeline):
    return next(element for element in (pipeline.get_by_name(f"animclipsink{i}") for i in range(99))
                if element)


class LiveDocs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.file = cls.folder / "source.mp4"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=40",
                        "-c:v", "libx264", "-preset", "ultrafast", "-g", "12", "-pix_fmt", "yuv420p",
                        str(cls.file)], check=True, stdin=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def wait_for(self, pipeline, name):
        bus, end = pipeline.get_bus(), time.monotonic() + PATIENCE
        while time.monotonic() < end:
            message = bus.timed_pop(Gst.SECOND // 10)
            if not message:
                continue
            if message.type == Gst.MessageType.ERROR:
                self.fail(message.parse_error())
            if message.type == Gst.MessageType.LATENCY:
                pipeline.recalculate_latency()
            if message.has_name(name):
                return message.get_structure()
        self.fail(f"no {name}")

    def clip(self, line):
        pipeline = Gst.parse_launch(line.removeprefix("gst-launch-1.0 "))
        sink = sink_of(pipeline)
        sink.props.location = str(self.folder / "clip-{index}.webp")
        sink.props.animation = LOOK
        sink.set_property("pre-roll", Gst.SECOND)
        pipeline.set_state(Gst.State.PLAYING)
        try:
            end = time.monotonic() + PATIENCE
            while sink.props.stats.get_uint64("ring-duration").value <= Gst.SECOND:
                self.assertLess(time.monotonic(), end, "nothing comes")
                time.sleep(0.1)
            time.sleep(1.5)  # beyond the latency
            self.assertGreater(sink.emit("capture", None, Gst.CLOCK_TIME_NONE), 0)
            return self.wait_for(pipeline, "animclip-done").get_string("location")
        finally:
            pipeline.set_state(Gst.State.NULL)

    def test_every_line_clips_a_stream(self):
        lines = list(markdown_commands(PAGE.read_text()))
        self.assertEqual({kind_of(line) for line in lines}, set(SERVERS))
        for line in lines:
            kind = kind_of(line)
            folder = self.folder / kind.replace(" ", "-")
            folder.mkdir()
            with self.subTest(line=line), SERVERS[kind](self.file, folder) as receiver:
                with Image.open(self.clip(at(receiver, line))) as image:
                    self.assertEqual(image.size, (160, 90))
                    self.assertGreaterEqual(image.n_frames, 8)


if __name__ == "__main__":
    Gst.init(None)
    unittest.main()
