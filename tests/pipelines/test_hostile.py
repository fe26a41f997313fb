# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tasks and sources that mean harm: refused with a clear sentence, soon, and nothing is left."""
import http.server
import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zlib

sys.path.insert(0, os.path.dirname(__file__))
from animtask import Gst, clip, one_animation, run  # noqa: E402

CLIP = clip("mp4/bbb_480p_5s_h264_b.mp4")
VARIABLE = clip("mp4/terminal_640x480_vfr.mp4")
GIB = 1 << 30

SEGMENTS = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n%s\n#EXT-X-ENDLIST\n"
LIVE = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n%s\n"
VARIANTS = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n%s\n"
KEYED = ("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXT-X-KEY:METHOD=AES-128,URI=\"%s\"\n"
         "#EXTINF:5,\nseg.ts\n#EXT-X-ENDLIST\n")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture_bomb():
    """A PNG file of 100 bytes that says it has 60000x60000 pixels."""
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 6, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
            chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b""))


def video_bomb(video):
    """An MP4 file whose header says 60000x60000."""
    data = bytearray(video)
    entry = data.index(b"avc1", data.index(b"stsd"))
    data[entry + 28:entry + 32] = struct.pack(">HH", 60000, 60000)
    return bytes(data)


class Server(http.server.BaseHTTPRequestHandler):
    """Redirects, playlists, and bodies without an end."""

    pages = {}
    seen = []
    moments = {}  # of pages that change: how often they were read

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.seen.append(self.path)
        kind, content = self.pages.get(self.path, ("missing", None))
        if kind == "changing":
            moment = self.moments[self.path] = self.moments.get(self.path, -1) + 1
            kind, content = content[min(moment, len(content) - 1)]
        if kind == "silent":
            time.sleep(content)
        self.send_response({"redirect": 302, "missing": 404, "trouble": 503}.get(kind, 200))
        if kind == "redirect":
            self.send_header("Location", content)
        self.end_headers()
        try:
            if kind == "text":
                self.wfile.write(content.encode() if isinstance(content, str) else content)
            while kind == "endless":
                self.wfile.write(content)
        except OSError:  # the reader has enough
            pass


class Hostile(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="hostile-")
        self.addCleanup(shutil.rmtree, self.root)
        os.mkdir(os.path.join(self.root, "b"))
        self.output = os.path.join(self.root, "out.webp")

    def path(self, *names):
        return os.path.join(self.root, *names)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return self.path(name)

    def files(self):
        return sorted(os.path.join(folder, name)
                      for folder, _, names in os.walk(self.root) for name in names)

    def expect(self, task, code, sentence, seconds=5, **properties):
        """Refused with this code and sentence, soon, and nothing new is on the disk."""
        before = self.files()
        outcome = run(task, self.root, limit=30, **properties)
        self.assertIn(sentence, outcome.end)
        self.assertEqual(outcome.result["Code"], code)
        self.assertEqual(outcome.result["Message"], outcome.end)
        self.assertLess(outcome.seconds, seconds)
        self.assertEqual(self.files(), before)
        return outcome

    def expect_source(self, source, code, sentence, seconds=5, **properties):
        return self.expect(one_animation(source, self.output), code, sentence, seconds, **properties)

    # ---- the text ------------------------------------------------------------------------------

    def test_texts_of_any_size_and_depth_are_refused_at_once(self):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        many = one_animation(CLIP, self.output)
        many["Targets"][0]["Image"]["Animations"] *= 100000
        few = one_animation(CLIP, self.output)
        few["Targets"][0]["Image"]["Animations"] *= 251
        rows = [
            ("100 MB", " " * 100_000_000, "LimitExceeded", "is 100000000 bytes long"),
            ("100000 levels", "[" * 100_000, "LimitExceeded", "nested more than 32 levels"),
            ("1e400", '{"ProjectName": 1e400}', "InvalidArgument", "/ProjectName: 1e400 is beyond"),
            ("NaN", '{"ProjectName": NaN}', "InvalidArgument", "is not JSON: line 1, column 17"),
            ("10^30", '{"AlignmentIndex": 1' + "0" * 30 + "}", "InvalidArgument", "ProjectName"),
            ("10^5 animations", many, "LimitExceeded", "more than 100000 values"),
            ("251 animations", few, "LimitExceeded", "more than 250 animations"),
        ]
        for label, task, code, sentence in rows:
            with self.subTest(label):
                self.expect(task, code, sentence)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
        self.assertLess(grown, 1 << 20)  # KiB: a few copies of the 100 MB

    def test_a_location_that_is_no_ordinary_file_does_not_wait(self):
        os.mkfifo(self.path("pipe"))
        with open(self.write("large.json", ""), "ab") as file:
            file.truncate(100_000_000)
        rows = [
            (self.root, "InvalidArgument", "it is a directory"),
            (self.path("pipe"), "InvalidArgument", "it is a pipe or a device"),
            ("/dev/zero", "InvalidArgument", "it is a pipe or a device"),
            (self.path("none.json"), "ResourceNotFound", "No such file"),
            (self.path("large.json"), "LimitExceeded", "it is longer than 16777216 bytes"),
        ]
        for location, code, sentence in rows:
            with self.subTest(location):
                self.expect(None, code, sentence, location=location)

    def test_gst_animate_reads_no_endless_task(self):
        os.mkfifo(self.path("pipe.json"))
        os.symlink("/dev/zero", self.path("zero.json"))
        self.write("large.json", b" " * 100_000_000)
        for name, sentence in (("pipe.json", "a pipe or a device"),
                               ("zero.json", "a pipe or a device"),
                               ("large.json", "longer than 16777216 bytes")):
            with self.subTest(name):
                done = subprocess.run(["gst-animate-1.0", self.path(name)], capture_output=True,
                                      text=True, timeout=20, check=False)
                self.assertEqual(done.returncode, 3)
                self.assertIn(sentence, done.stderr)

    # ---- the work ------------------------------------------------------------------------------

    def test_more_work_than_allowed_is_refused_before_it_begins(self):
        billion = one_animation(VARIABLE, self.output, Interval=1e-9, Number=2147483647)
        huge = one_animation(CLIP, self.output, Width=16383, Height=16383)
        every = one_animation(CLIP, self.output)
        rows = [
            (billion, {}, "2147483647 frames would be sampled, at most 100000 are allowed"),
            (huge, {}, "16383x16383 has 268402689 pixels, at most 100000000 are allowed"),
            (every, {"max_frames": 4}, "6 frames would be sampled, at most 4 are allowed"),
            (every, {"max_pixels": 100 * 100}, "a picture of 854x480 has 409920 pixels"),
            (every, {"max_duration": 4 * 10**9}, "at most 4 s are allowed (max-duration)"),
        ]
        for task, properties, sentence in rows:
            with self.subTest(sentence):
                self.expect(task, "LimitExceeded", sentence, **properties)

    def test_what_no_plan_knows_is_watched_while_it_runs(self):
        # Without a duration in its header nobody knows how long it is.
        unknown = self.path("unknown.mkv")
        with open(unknown, "wb") as file:
            subprocess.run(["ffmpeg", "-v", "error", "-i", CLIP, "-an", "-c", "copy", "-f",
                            "matroska", "-live", "1", "-"], stdout=file, check=True)
        task = one_animation(unknown, self.output, Interval=0.1)
        self.expect(task, "LimitExceeded", "more frames are there", max_frames=20)
        self.expect(task, "LimitExceeded", "goes on for more than 2 s", max_duration=2 * 10**9)
        self.expect(task, "LimitExceeded", "would be larger than 20000 bytes", max_output_size=20000)
        self.assertEqual(run(task, self.root, max_frames=0, max_pixels=0, max_duration=0,
                             max_output_size=0, timeout=0).end, "EOS")

    def test_an_output_of_exactly_the_allowed_size_is_made(self):
        for name in ("a.webp", "a.gif"):
            with self.subTest(name):
                task = one_animation(CLIP, self.path(name), Width=64, Height=64)
                size = run(task, self.root).output["Size"]
                self.assertEqual(run(task, self.root, max_output_size=size).end, "EOS")
                self.expect(task, "LimitExceeded", f"larger than {size - 1} bytes",
                            max_output_size=size - 1)

    def test_a_task_that_takes_too_long_ends(self):
        task = one_animation(CLIP, self.output, Width=4000, Height=4000)
        del task["Targets"][0]["Image"]["Animations"][0]["Interval"]
        self.expect(task, "LimitExceeded", "the task took longer than 0.5 s", timeout=5 * 10**8)

    def test_pictures_that_say_they_are_enormous_are_not_decoded(self):
        with open(CLIP, "rb") as file:
            video = video_bomb(file.read())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name, data in (("bomb.png", picture_bomb()), ("bomb.mp4", video)):
            with self.subTest(name):
                self.expect_source(self.write(name, data), "LimitExceeded",
                                   "/Sources/0/URI: a picture of 60000x60000 has 3600000000 pixels")
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 200 << 10)

    # ---- places --------------------------------------------------------------------------------

    def test_no_topic_leads_out_of_the_storage_root(self):
        """The message is refused, not the animation."""
        outside = tempfile.mkdtemp(prefix="hostile-outside-")
        self.addCleanup(shutil.rmtree, outside)
        refusal = "a symbolic link leads out of the storage root"
        rows = [
            (".topics", outside, refusal),
            (".topics", os.path.join(outside, "none"), "cannot make the folder"),
            (".topics/t", outside, refusal),
            (".topics/t", os.path.join(outside, "none"), "cannot make the folder"),
            (".topics/t", "../b", None),
        ]
        for number, (name, target, sentence) in enumerate(rows):
            with self.subTest((name, target)):
                root = self.path(f"root{number}")
                os.makedirs(os.path.join(root, "b"))
                link = os.path.join(root, name)
                os.makedirs(os.path.dirname(link), exist_ok=True)
                os.symlink(target, link)
                task = one_animation(CLIP, self.output, Number=1)
                task["Notification"] = {"MNS": {"TopicName": "t"}}
                outcome = run(task, root)
                self.assertEqual(outcome.end, "EOS")
                delivery, = outcome.result["Deliveries"]
                self.assertEqual(delivery["Status"], "Failed" if sentence else "Delivered")
                self.assertIn(sentence or "", delivery["Message"])
                self.assertEqual(len(outcome.result["Warnings"]), 1 if sentence else 0)
                self.assertEqual(os.listdir(outside), [])
                self.assertEqual(len(os.listdir(os.path.join(root, "b"))), 0 if sentence else 1)

    def test_no_name_leads_out_of_the_storage_root(self):
        os.symlink("/etc", self.path("b", "etc"))
        os.symlink(CLIP, self.path("b", "link.mp4"))
        os.symlink("/tmp/hostile-nowhere", self.path("b", "dangling.webp"))
        shutil.copyfile(CLIP, self.path("b", "in.mp4"))
        out = one_animation("oss://b/in.mp4", "oss://b/o.webp")
        rows = [
            ("oss://b/../../etc/x", None, 'has "." or ".." as a part'),
            ("oss://b//etc/passwd", None, "has an empty part"),
            ("oss:///etc/passwd", None, "names no bucket"),
            ("oss://b/etc/passwd", None, "a symbolic link leads out"),
            ("oss://b/link.mp4", None, "a symbolic link leads out"),
            ("oss://b/in.mp4", "oss://b/etc/hostile.webp", "a symbolic link leads out"),
            ("oss://b/in.mp4", "oss://b/../x.webp", 'has "." or ".." as a part'),
            ("oss://b/in.mp4", "oss://b/{tags.up}/x.webp", 'has "." or ".." as a part'),
        ]
        for source, output, sentence in rows:
            with self.subTest((source, output)):
                task = json.loads(json.dumps(out))
                task["Tags"] = {"up": "../../etc"}
                task["Sources"][0]["URI"] = source
                if output:
                    task["Targets"][0]["Image"]["Animations"][0]["URI"] = output
                outcome = run(task, self.root)
                self.assertIn(sentence, outcome.end)
        self.assertFalse(os.path.exists("/etc/hostile.webp"))
        out["Targets"][0]["Image"]["Animations"][0]["URI"] = "oss://b/dangling.webp"
        self.expect(out, "OutputFailed", "no ordinary file")

    def test_only_allowed_schemes_are_read_and_written(self):
        shutil.copyfile(CLIP, self.path("b", "in.mp4"))
        stores = {"allowed_schemes": "oss,s3"}
        for source in ("/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x.mp4", "-"):
            with self.subTest(source):
                self.expect(one_animation(source, "oss://b/o.webp"), "InvalidArgument",
                            f'/Sources/0/URI: "{source}" is of the scheme', **stores)
        told = one_animation("oss://b/in.mp4", "oss://b/o.webp")
        told["Notification"] = {"Webhook": {"URL": "http://127.0.0.1:9/x?token=secret"}}
        outcome = self.expect(told, "InvalidArgument", '/Notification/Webhook/URL: "http://127.0.0.1:'
                              '9/x" is of the scheme http, which is not allowed here', **stores)
        self.assertNotIn("secret", json.dumps(outcome.result))
        for output in (self.output, "file://" + self.output, "{tags.p}" + self.output):
            with self.subTest(output):
                task = one_animation("oss://b/in.mp4", output)
                task["Tags"] = {"p": "file://"}
                self.expect(task, "InvalidArgument", "which is not allowed here; allowed are oss, s3",
                            **stores)
        self.assertEqual(run(one_animation("oss://b/in.mp4", "oss://b/o.webp"), self.root,
                             **stores).end, "EOS")
        self.expect(one_animation("oss://b/in.mp4", "oss://b/o.webp"), "InvalidArgument",
                    'allowed-schemes: "htp" is not one of', allowed_schemes="oss,htp")

    # ---- what a source leads to ----------------------------------------------------------------

    def serve(self, pages):
        Server.pages = pages
        Server.seen = []
        Server.moments = {}
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def test_redirects_reach_the_web_alone_and_end(self):
        secret = shutil.copyfile(CLIP, self.path("secret.mp4"))
        host = self.serve({"/file": ("redirect", "file://" + secret), "/ftp": ("redirect", "ftp://h/"),
                           "/round": ("redirect", "/round")})
        for page in ("/file", "/ftp", "/round"):
            with self.subTest(page):
                self.expect_source(host + page, "SourceUnreadable", f'cannot read "{host}{page}"')

    def test_a_playlist_from_the_web_names_no_file_of_this_machine(self):
        self.segment()
        self.write("v.m3u8", SEGMENTS % "seg.ts")
        files = "file://" + self.root
        pages = {
            "/segment.m3u8": ("text", SEGMENTS % (files + "/seg.ts")),
            "/variant.m3u8": ("text", VARIANTS % (files + "/v.m3u8")),
            "/nested.m3u8": ("text", VARIANTS % "segment.m3u8"),
            "/key.m3u8": ("text", KEYED % "file:///dev/zero"),
            "/scheme.m3u8": ("text", SEGMENTS % "testbin://video"),
            "/dash.mpd": ("text", '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" '
                          'type="static" mediaPresentationDuration="PT5S"><Period><BaseURL>'
                          f'{files}/</BaseURL></Period></MPD>' + " " * 4096),
        }
        host = self.serve(pages)
        for page in pages:
            with self.subTest(page):
                self.expect_source(host + page, "InvalidArgument", f'"{host}{page}" is refused: it')

    def segment(self):
        subprocess.run(["ffmpeg", "-v", "error", "-i", CLIP, "-an", "-c", "copy", "-f", "mpegts",
                        self.path("seg.ts")], check=True)
        with open(self.path("seg.ts"), "rb") as file:
            return file.read()

    def test_what_a_variant_names_is_held_against_the_rules_too(self):
        files = "file://" + self.root
        endless = ("endless", b"0123456789abcdef" * 4096)
        hostile = {
            "file-key": (KEYED % "file:///dev/zero", "InvalidArgument", "a source on the web has no"),
            "segment": (SEGMENTS % (files + "/seg.ts"), "InvalidArgument", "has no files here"),
            "map": ("#EXTM3U\n#EXT-X-MAP:URI=\"file:///etc/x\"\n#EXTINF:1,\nseg.ts\n",
                    "InvalidArgument", "has no files here"),
            "scheme": (SEGMENTS % "testbin://video", "InvalidArgument", "which no playlist may name"),
            "endless-key": (KEYED % "endless", "LimitExceeded", "is longer than 16 bytes"),
            "short-key": (KEYED % "short", "SourceUnreadable", 'short" is not 16 bytes long'),
            "moved-key": (KEYED % "moved", "InvalidArgument", "a source on the web has no files here"),
            "long-key": (KEYED % ("data:," + "k" * 8000) + "#EXTINF:5,\nseg.ts\n" * 99_000,
                         "LimitExceeded", "a key in a data: URI of more than 256 bytes"),
            "no-key": (KEYED % "none?token=secret", "SourceUnreadable",
                       'none": the server answers 404'),
            "round-key": (KEYED % "round", "SourceUnreadable", "more than 20 redirects"),
            "drm": ('#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"\n#EXTINF:1,\nseg.ts\n',
                    "Unsupported", "it is encrypted (SAMPLE-AES)"),
            "itself": (VARIANTS % "itself.m3u8", "InvalidArgument", "too many playlists deep"),
            "empty": ("#EXTM3U\n", "SourceUnreadable", "is a playlist without segments"),
            "page": ("<html>404</html>", "InvalidArgument", 'its line "<html>404</html>" is wrong'),
        }
        pages = {f"/{name}.m3u8": ("text", row[0]) for name, row in hostile.items()}
        pages |= {f"/master-{name}.m3u8": ("text", VARIANTS % f"{name}.m3u8") for name in hostile}
        pages |= {"/endless": endless, "/short": ("text", "0123456789"), "/round": ("redirect", "round"),
                  "/moved": ("redirect", files + "/seg.ts"), "/endless.m3u8": endless,
                  "/master-endless.m3u8": ("text", VARIANTS % "endless.m3u8")}
        hostile["endless"] = (None, "LimitExceeded", "is longer than 16777216 bytes")
        host = self.serve(pages)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name, (_, code, sentence) in hostile.items():
            with self.subTest(name):
                outcome = self.expect_source(f"{host}/master-{name}.m3u8", code, sentence)
                self.assertIn(f'"{host}/master-{name}.m3u8"', outcome.end)
                self.assertNotIn("secret", outcome.end)
                self.assertNotIn("/seg.ts", Server.seen)
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 200 << 10)

    def test_a_playlist_is_read_once_and_never_again(self):
        segment = self.segment()
        good, bad = SEGMENTS % "none.ts", KEYED % "file:///dev/zero"
        manifest = self.path("x.mpd")
        subprocess.run(["ffmpeg", "-v", "error", "-i", CLIP, "-an", "-c", "copy", "-f", "dash",
                        manifest], check=True)
        with open(manifest, encoding="utf-8") as file:
            dash = file.read()
        for name in os.listdir(self.root):
            if name.endswith(".m4s"):
                os.remove(self.path(name))
        elsewhere = dash.replace("<Period ", '<Period xlink:href="file:///dev/zero" ')
        host = self.serve({
            "/x.m3u8": ("changing", [("text", good), ("text", bad)]),
            "/x.mpd": ("changing", [("text", dash), ("text", elsewhere)]),
            # Without an end: what it lists is what there is.
            "/live.m3u8": ("changing", [("text", LIVE % "seg.ts"), ("text", bad)]),
            "/seg.ts": ("text", segment),
        })
        for page in ("/x.m3u8", "/x.mpd"):
            with self.subTest(page):
                self.expect_source(host + page, "ResourceNotFound", f'cannot read "{host}{page}"', 15)
                self.assertEqual(Server.seen.count(page), 1)
        outcome = run(one_animation(host + "/live.m3u8", self.output), self.root)
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.output["FrameCount"], 5)
        self.assertEqual(Server.seen.count("/live.m3u8"), 1)

    def test_a_dash_manifest_that_leads_elsewhere_is_refused(self):
        head = '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" '
        host = self.serve({
            "/live.mpd": ("text", head + 'type="dynamic"/>' + " " * 4096),
            "/link.mpd": ("text", head + 'xmlns:x="http://www.w3.org/1999/xlink"><Period '
                          'x:href="period.xml"/></MPD>' + " " * 4096),
        })
        self.expect_source(host + "/live.mpd", "Unsupported", "a live DASH presentation")
        self.expect_source(host + "/link.mpd", "Unsupported", "parts elsewhere (xlink:href)")

    def test_what_holds_itself_is_not_followed_for_ever(self):
        host = self.serve({})
        Server.pages["/x.m3u8"] = ("text", SEGMENTS % (host + "/x.m3u8"))
        self.expect_source(host + "/x.m3u8", "InvalidArgument", "it is a playlist of playlists", 4)
        self.assertEqual(Server.seen.count("/x.m3u8"), 2)
        with open(CLIP, "rb") as file:
            clip_data = file.read()
        tag = b"ID3\x03\0\0\0\0\0\0"
        for count, sentence in ((10, None), (100_000, "it is wrapped in more than 16 formats")):
            with self.subTest(count):
                source = self.write(f"{count}.mp3", tag * count + clip_data)
                if sentence:
                    self.expect_source(source, "InvalidArgument", sentence)
                else:
                    self.assertEqual(run(one_animation(source, self.path("o.webp")), self.root).end,
                                     "EOS")

    def test_a_segment_without_an_end_is_left(self):
        nulls = (b"\x47\x1f\xff\x10" + b"\xff" * 184) * 3000
        host = self.serve({"/x.m3u8": ("text", SEGMENTS % "endless.ts"),
                           "/endless.ts": ("endless", nulls)})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.expect_source(host + "/x.m3u8", "LimitExceeded", "has a segment of more than 128 MiB", 20)
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 600 << 10)

    def test_servers_that_say_nothing_do_not_hold_a_task(self):
        host = self.serve({"/variant.m3u8": ("text", VARIANTS % "silent"),
                           "/key.m3u8": ("text", KEYED % "silent"), "/silent": ("silent", 20),
                           "/trouble.m3u8": ("text", VARIANTS % "trouble"), "/trouble": ("trouble", 0),
                           "/moved": ("redirect", "silent")})
        for page in ("/variant.m3u8", "/key.m3u8"):
            with self.subTest(page):
                self.expect_source(host + page, "SourceUnreadable", "gave no picture within 1 s",
                                   open_timeout=10**9)
        self.expect_source(host + "/trouble.m3u8", "SourceUnreadable", "the server answers 503", 10)
        # Neither retries nor redirects that are held against the schemes make the time longer.
        for page in ("/trouble", "/moved"):
            with self.subTest(page):
                self.expect_source(host + page, "SourceUnreadable", "gave no picture within 1 s", 3,
                                   open_timeout=10**9, allowed_schemes="http,path")
        # A bin that goes back to NULL in the middle does not wait either.
        element = Gst.ElementFactory.make("animtaskbin")
        element.set_property("task", json.dumps(one_animation(host + "/key.m3u8", self.output)))
        element.set_state(Gst.State.PAUSED)
        time.sleep(0.5)
        began = time.monotonic()
        element.set_state(Gst.State.NULL)
        self.assertLess(time.monotonic() - began, 3)

    def test_redirects_to_schemes_that_are_not_allowed_are_refused(self):
        with open(CLIP, "rb") as file:
            clip_pages = {"/clip.mp4": ("text", file.read())}
        host = self.serve(clip_pages | {
            "/near": ("redirect", "/clip.mp4"), "/safe": ("redirect", "https://127.0.0.1:9/x.mp4"),
            "/file": ("redirect", "file:///etc/passwd"), "/round": ("redirect", "round"),
            "/far.m3u8": ("text", SEGMENTS % "safe"), "/key.m3u8": ("text", KEYED % "safe")})
        rules = {"allowed_schemes": "http,path"}
        self.assertEqual(run(one_animation(host + "/near", self.output), self.root, **rules).end, "EOS")
        os.remove(self.output)
        rows = [
            ("/safe", "InvalidArgument", "whose scheme is not allowed here (allowed-schemes)"),
            ("/file", "InvalidArgument", "a source on the web has no files here"),
            ("/round", "SourceUnreadable", "more than 20 redirects"),
            ("/key.m3u8", "InvalidArgument", "whose scheme is not allowed here (allowed-schemes)"),
            ("/far.m3u8", "SourceUnreadable", 'tried HLS Demuxer, which says "Found"'),
        ]
        for page, code, sentence in rows:
            with self.subTest(page):
                self.expect_source(host + page, code, sentence, **rules)

    def test_a_playlist_in_a_file_names_what_is_beside_it(self):
        os.makedirs(self.path("v", "sub"))
        subprocess.run(["ffmpeg", "-v", "error", "-i", CLIP, "-an", "-c", "copy", "-f", "mpegts",
                        self.path("v", "sub", "seg.ts")], check=True)
        shutil.copyfile(self.path("v", "sub", "seg.ts"), self.path("seg.ts"))
        os.mkfifo(self.path("v", "pipe"))
        os.symlink(self.path("seg.ts"), self.path("v", "link.ts"))
        self.write("v/good.m3u8", SEGMENTS % "sub/seg.ts")
        rows = [
            (SEGMENTS % "../seg.ts", "which is not below"), (SEGMENTS % "link.ts", "which is not below"),
            (VARIANTS % "file:///dev/zero", "which is not below"),
            (SEGMENTS % "pipe", "which is no ordinary file"),
            (KEYED % "pipe", "which is no ordinary file"),
            (VARIANTS % "bad.m3u8", "too many playlists deep"),
            (SEGMENTS % "data:video/mp2t;base64,AAAA", "which no playlist may name"),
        ]
        for text, sentence in rows:
            with self.subTest(text):
                self.expect_source(self.write("v/bad.m3u8", text), "InvalidArgument", sentence)
        for text in (SEGMENTS % "sub/seg.ts", VARIANTS % "good.m3u8"):
            with self.subTest(text):
                task = one_animation(self.write("v/ok.m3u8", text), self.output)
                self.assertEqual(run(task, self.root).end, "EOS")

    def test_a_body_without_an_end_is_left(self):
        with open(CLIP, "rb") as file:
            head = file.read(24)
        free = struct.pack(">I4s", 65536, b"free") + b"\0" * 65528
        media = struct.pack(">I4s", 0x7FFFFFFF, b"mdat") + b"\0" * 65528
        nulls = (b"\x47\x1f\xff\x10" + b"\xff" * 184) * 300
        host = self.serve({"/zeros": ("endless", b"\0" * 65536), "/free.mp4": ("endless", head + free),
                           "/media.mp4": ("endless", head + media), "/null.ts": ("endless", nulls)})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for page in Server.pages:
            with self.subTest(page):
                outcome = run(one_animation(host + page, self.output), self.root, limit=30,
                              open_timeout=2 * 10**9)
                self.assertNotIn(outcome.end, ("EOS", "TIMEOUT"))
                self.assertIn(host + page, outcome.end)
                self.assertEqual(self.files(), [])
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 300 << 10)


if __name__ == "__main__":
    if "asan" not in os.environ.get("LD_PRELOAD", ""):  # its shadow takes terabytes of addresses
        resource.setrlimit(resource.RLIMIT_AS, (8 * GIB, resource.getrlimit(resource.RLIMIT_AS)[1]))
    unittest.main(verbosity=2)
