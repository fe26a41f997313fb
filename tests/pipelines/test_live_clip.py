# SPDX-License-Identifier: LGPL-2.1-or-later
"""The applications that clip live streams: each kind of trigger, reconnection, moments found."""

import contextlib
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest
import urllib.error
import urllib.request

from PIL import Image

LIVE_CLIP = os.environ["ANIM_BUILD"] + "/examples/live-clip/live-clip"
LIVE_CLIP_PY = os.environ["ANIM_SOURCE"] + "/examples/live_clip.py"
LOOK = json.dumps({"Format": "webp", "Interval": 0.1, "Width": 160, "Height": -1})
PATIENCE = 60  # seconds


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@contextlib.contextmanager
def sender(sink):
    """A live stream with a key frame every half second."""
    line = ("videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1"
            " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=12"
            f" ! h264parse config-interval=-1 ! mpegtsmux alignment=7 ! {sink}")
    with subprocess.Popen(["gst-launch-1.0", "-q", *line.split()], stdin=subprocess.DEVNULL) as child:
        try:
            yield
        finally:
            child.kill()


class Program:
    """A program in the background, and what it says."""

    def __init__(self, command, folder, stdin=subprocess.DEVNULL):
        self.child = subprocess.Popen([str(word) for word in command], cwd=folder, stdin=stdin,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines = []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.child.stdout:
            with self.news:
                self.lines.append(line.rstrip())
                self.news.notify_all()

    def wait_for(self, pattern, count=1):
        """The `count`th line that has this pattern."""
        def found():
            return [line for line in self.lines if re.search(pattern, line)]
        with self.news:
            if not self.news.wait_for(lambda: len(found()) >= count, PATIENCE):
                raise AssertionError(f"no line {pattern} x {count} in {self.lines}")
            return found()[count - 1]

    def end(self):
        status = self.child.wait(PATIENCE)
        self.reader.join()
        self.child.stdout.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.kill()
            self.end()


def request(port, path, body=None, method=None, **headers):
    """Status and JSON of the answer."""
    url = f"http://127.0.0.1:{port}{path}"
    data = body.encode() if body is not None else None
    try:
        with urllib.request.urlopen(
                urllib.request.Request(url, data=data, method=method, headers=headers),
                timeout=PATIENCE) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def status_of_bytes(port, *pieces):
    """The status of what is sent piece by piece."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.05)
        return int(connection.recv(4096).split()[1])


def read_clip(path):
    """Size, milliseconds, and the colours of the first and the last picture's middle."""
    with Image.open(path) as image:
        length, colours = 0, []
        for index in range(image.n_frames):
            image.seek(index)
            image.load()
            length += image.info["duration"]
            colours.append(image.convert("RGB").getpixel((image.width // 2, image.height // 2)))
        return image.size, length, colours[0], colours[-1]


def clip_paths(lines):
    return {int(found[1]): found[2] for line in lines
            if (found := re.match(r"clip (\d+): (.*?), \d+ frames, \d+ bytes, from ", line))}


class LiveClip(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def watch(self, uri, *options, **how):
        return Program([LIVE_CLIP, uri, "--animation", LOOK, "--location", "{index}.webp", *options],
                       self.folder, **how)

    def check_clip(self, path, milliseconds):
        size, length, _, _ = read_clip(self.folder / path)
        self.assertEqual(size, (160, 90))
        self.assertEqual(length, milliseconds)

    def test_key_signal_and_http(self):
        port = free_port()
        master, terminal = pty.openpty()
        before = termios.tcgetattr(terminal)
        command = [LIVE_CLIP, f"udp://127.0.0.1:{port}", "--pre", "1", "--listen", "0",
                   "--animation", LOOK, "--location", "{index}.webp"]
        # setsid -c makes the terminal that of the program, as a shell does.
        with sender(f"udpsink host=127.0.0.1 port={port}"), \
                Program(["setsid", "-c", *command], self.folder, stdin=terminal) as program:
            web = int(program.wait_for("listening at").rsplit(":", 1)[1])
            program.wait_for("any key makes a clip")
            program.wait_for("connected")
            time.sleep(2.5)  # so that there is a second to show, beyond the latency of MPEG-TS
            os.write(master, b" ")
            program.wait_for("^clip 1: ")
            program.child.send_signal(signal.SIGUSR1)
            program.wait_for("^clip 2: ")
            self.assertEqual(request(web, "/capture?pre=0.5&post=0.5", "", "POST"), (202, {"id": 3}))
            self.assertEqual(request(web, "/capture", '{"pre": 0.3}', "POST"), (202, {"id": 4}))
            program.wait_for("^clip [34]: ", 2)
            self.check_status(web, 4)
            self.check_bad_requests(web)
            request(web, "/capture?post=600", "", "POST")
            program.child.send_signal(signal.SIGINT)  # finishes it with what is there
            program.wait_for("^clip 5: ")
            self.assertEqual(program.end(), 0, program.lines)
        self.assertEqual(termios.tcgetattr(terminal), before)
        paths = clip_paths(program.lines)
        for index, milliseconds in {1: 1100, 2: 1100, 3: 1100, 4: 400}.items():
            with self.subTest(clip=index):
                self.check_clip(paths[index], milliseconds)
        self.assertGreaterEqual(read_clip(self.folder / paths[5])[1], 900)
        for descriptor in (master, terminal):
            os.close(descriptor)

    def check_status(self, web, clips):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:  # a clip is counted just after it has been told of
            status, answer = request(web, "/status")
            self.assertEqual((status, answer["streaming"]), (200, True))
            if answer["clips"] == {"open": 0, "done": clips, "failed": 0}:
                return
        self.fail(answer)

    def check_bad_requests(self, web):
        for path, body, method, headers, status, sentence in (
                ("/capture?pre=x", "", "POST", {}, 400, "pre: \"x\" is no number of seconds"),
                ("/capture?post=4000", "", "POST", {}, 400, "between 0 and 3600"),
                ("/capture?per=1", "", "POST", {}, 400, "\"per\" is not one of pre, post"),
                ("/capture", "{", "POST", {}, 400, "no JSON object"),
                ("/capture", None, "GET", {}, 405, "takes POST"),
                ("/clips", None, "GET", {}, 404, "POST /capture and GET /status"),
                ("/capture", "x" * 20000, "POST", {}, 413, "16 KiB"),
                ("/capture", "", "POST", {"Origin": "http://a.example"}, 403, "no web pages"),
                ("/capture", "", "POST", {"Host": "a.example"}, 403, "no web pages")):
            with self.subTest(path=path, headers=headers):
                code, answer = request(web, path, body, method, **headers)
                self.assertEqual(code, status)
                self.assertIn(sentence, answer["error"])

        host = b"Host: localhost\r\n\r\n"
        for status, *pieces in (
                (200, b"GET /sta", b"tus HTTP/1.1\r\nHo", b"st: localhost:1\r\n\r", b"\n"),
                (400, b"hello\r\n" + host),
                (400, b"POST /capture HTTP/1.1\r\nContent-Length: -1\r\n" + host),
                (400, b"POST /capture HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + host),
                (403, b"GET /status HTTP/1.1\r\n\r\n"),
                (413, b"GET /" + b"x" * 20000)):
            with self.subTest(pieces=pieces):
                self.assertEqual(status_of_bytes(web, *pieces), status)

    def test_server_goes_away_and_comes_back(self):
        port = free_port()
        server = f"srtsink uri=srt://127.0.0.1:{port}?mode=listener wait-for-connection=false"
        with self.watch(f"srt://127.0.0.1:{port}", "--pre", "1", "--stall", "2") as program:
            with sender(server):
                program.wait_for(": connected")
                time.sleep(2.5)
                program.child.send_signal(signal.SIGUSR1)
                program.wait_for("^clip 1: ")
            program.wait_for("connecting anew")
            with sender(server):
                program.wait_for(": connected", 2)
                time.sleep(2.5)
                program.child.send_signal(signal.SIGUSR1)
                program.wait_for("^clip 2: ")
                program.child.send_signal(signal.SIGTERM)
                self.assertEqual(program.end(), 0, program.lines)
        for path in clip_paths(program.lines).values():
            self.check_clip(path, 1100)

    def make_moment(self, name):
        """Six seconds: soft and red, from the fourth on blue, and loud for a second."""
        colours = [f"color={colour}:s=320x180:r=25:d={length}" for colour, length in
                   (("red", 4), ("blue", 2))]
        sound = "sine=f=440:d=6,volume='if(between(t,4,5),1,0.03)':eval=frame"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", colours[0], "-f", "lavfi", "-i", colours[1],
             "-f", "lavfi", "-i", sound, "-filter_complex", "[0][1]concat=n=2[v]", "-map", "[v]",
             "-map", "2", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", name],
            cwd=self.folder, check=True, stdin=subprocess.DEVNULL)

    def test_finds_moments(self):
        self.make_moment("moment.ts")
        subprocess.run(["ffmpeg", "-v", "error", "-i", "moment.ts", "-c", "copy", "-an", "mute.ts"],
                       cwd=self.folder, check=True, stdin=subprocess.DEVNULL)
        clips = ["--pre", "1", "--post", "0.5"]
        with self.watch("moment.ts", *clips, "--on", "loudness", "--location", "loud.webp") as loud, \
                self.watch("moment.ts", *clips, "--on", "scene", "--location", "cut.webp") as cut, \
                self.watch("moment.ts", *clips, "--on", "scene", "--threshold", "90") as nothing, \
                self.watch("mute.ts", *clips, "--on", "loudness") as mute:
            self.assertEqual(mute.end(), 4, mute.lines)
            self.assertIn("no sound", mute.lines[-1])
            for program in (loud, cut, nothing):
                self.assertEqual(program.end(), 0, program.lines)
        self.assertEqual(clip_paths(nothing.lines), {})
        for program, path in ((loud, "loud.webp"), (cut, "cut.webp")):
            with self.subTest(path=path):
                self.assertEqual(clip_paths(program.lines), {1: path})
                size, length, first, last = read_clip(self.folder / path)
                self.assertEqual((size, length), ((160, 90), 1600))
                self.assertGreater(first[0], 200)  # red
                self.assertGreater(last[2], 200)  # blue

    def test_refusals(self):
        for status, sentence, *arguments in (
                (2, "no URI is given"),
                (2, "one URI can be watched, not 2", "udp://a:1", "udp://b:1"),
                (2, "\"foo\": no element of GStreamer here reads such URIs", "foo://x"),
                (2, "--on: \"noise\" is not one of loudness, scene", "udp://a:1", "--on", "noise"),
                (2, "--pre: -1 is not between 0 and 3600", "udp://a:1", "--pre", "-1"),
                (2, "--listen: 70000 is not between 0 and 65535", "udp://a:1", "--listen", "70000"),
                (2, "--threshold and --hold-off need --on", "udp://a:1", "--threshold", "3"),
                (2, "Formatt", "udp://a:1", "--animation", '{"Formatt":"webp"}'),
                (2, "{nix}", "udp://a:1", "--location", "{nix}.webp"),
                (4, "No such file", "missing.mp4"),
                (4, "connecting anew", "http://127.0.0.1:9/x.ts", "--retries", "1")):
            with self.subTest(arguments=arguments):
                done = subprocess.run([LIVE_CLIP, *arguments], cwd=self.folder, capture_output=True,
                                      text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(sentence, done.stderr)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            done = subprocess.run([LIVE_CLIP, "udp://127.0.0.1:1", "--listen",
                                   str(taken.getsockname()[1])], capture_output=True, text=True,
                                  timeout=PATIENCE, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 5, done.stderr)

    def test_python(self):
        self.make_moment("moment.ts")
        with Program([sys.executable, LIVE_CLIP_PY, (self.folder / "moment.ts").as_uri(), "."],
                     self.folder, stdin=subprocess.PIPE) as program:
            time.sleep(2.5)
            program.child.stdin.write("\n\n")
            program.child.stdin.flush()
            program.wait_for("-[12].webp", 2)
            program.wait_for("the stream has ended")
            time.sleep(4.5)  # it plays again
            program.child.send_signal(signal.SIGUSR1)
            path = program.wait_for(".webp", 3)
            program.child.stdin.close()
            program.child.send_signal(signal.SIGINT)
            self.assertEqual(program.end(), 0, program.lines)
        size, length, first, _ = read_clip(self.folder / path)
        self.assertEqual(size, (480, 270))
        self.assertGreater(length, 1000)
        self.assertGreater(first[0], 200)


if __name__ == "__main__":
    unittest.main()
