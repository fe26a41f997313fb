# SPDX-License-Identifier: LGPL-2.1-or-later
"""HLS and DASH from a real web server (nginx) and from files: the frames of the video itself."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from animtask import one_animation, run  # noqa: E402
from nginx import Nginx  # noqa: E402

SECONDS = 4
# name of the playlist: ffmpeg's muxer options. A folder each.
PRESENTATIONS = {
    "ts/x.m3u8": "-f hls -hls_time 1 -hls_list_size 0",
    "live/x.m3u8": "-f hls -hls_time 1 -hls_list_size 0 -hls_flags omit_endlist",
    "ranges/x.m3u8": "-f hls -hls_time 1 -hls_list_size 0 -hls_segment_type fmp4 "
                     "-hls_flags single_file",
    "fmp4/x.m3u8": "-f hls -hls_time 1 -hls_list_size 0 -hls_segment_type fmp4",
    "keys/x.m3u8": "-f hls -hls_time 1 -hls_list_size 0 -start_number 300 "
                   "-hls_key_info_file %s/keys/info",
    "iv/x.m3u8": "-f hls -hls_time 1 -hls_list_size 0 -hls_key_info_file %s/iv/info",
    "dash/x.mpd": "-f dash -seg_duration 1",
}
MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="not-there.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=100000,RESOLUTION=96x72
not-there.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=200000,RESOLUTION=176x144,CODECS="avc1.42c00b,mp4a.40.2",AUDIO="a"
%s
#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="mp4a.40.2"
not-there.m3u8
"""


class Playlists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.state = tempfile.TemporaryDirectory(prefix="playlists-")
        cls.folder = cls.state.name
        cls.video = cls.path("video.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                        f"testsrc2=s=176x144:r=25:d={SECONDS}", "-c:v", "libx264", "-pix_fmt",
                        "yuv420p", "-g", "25", "-bf", "0", cls.video], check=True)
        for name in PRESENTATIONS:
            os.mkdir(os.path.dirname(cls.path(name)))
        for name, iv in (("keys", ""), ("iv", "00112233445566778899aabbccddeeff\n")):
            with open(cls.path(name, "key"), "wb") as file:
                file.write(name.encode() * 8 if iv else bytes(range(16)))
            with open(cls.path(name, "info"), "w", encoding="utf-8") as file:
                file.write(f"key\n{cls.path(name, 'key')}\n{iv}")
        for name, options in PRESENTATIONS.items():
            subprocess.run(["ffmpeg", "-v", "error", "-i", cls.video, "-c", "copy",
                            *options.replace("%s", cls.folder).split(), cls.path(name)], check=True)
        for name in ("ts", "keys"):
            with open(cls.path(name + ".m3u8"), "w", encoding="utf-8") as file:
                file.write(MASTER % f"{name}/x.m3u8")
        rules = ("location /moved/ { rewrite ^/moved/(.*)$ /again/$1 redirect; } "
                 "location /again/ { rewrite ^/again/(.*)$ /$1 permanent; } "
                 "location /part/ { rewrite ^/part/(.*)$ /ts/$1; } "
                 "location ~ ^/part/.*ts$ { rewrite ^/part/(.*)$ /ts/$1 redirect; }")
        cls.server = Nginx(cls.folder, rules=rules).__enter__()
        cls.expected = cls.convert(cls.video).output

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.state.cleanup()

    @classmethod
    def path(cls, *names):
        return os.path.join(cls.folder, *names)

    @classmethod
    def convert(cls, source, **properties):
        return run(one_animation(source, cls.path("o.webp"), Interval=0.2), cls.folder, **properties)

    def expect_whole(self, source, **properties):
        with self.subTest(source):
            outcome = self.convert(source, **properties)
            self.assertEqual(outcome.end, "EOS")
            self.assertEqual(outcome.output["FrameCount"], 5 * SECONDS)
            self.assertEqual(outcome.output["MD5"], self.expected["MD5"])
            warnings = [f'"{source}" has no end (live): what it listed when it was opened is read']
            self.assertEqual(outcome.result["Warnings"], warnings if "live" in source else [])

    def test_every_kind_gives_the_frames_of_the_video(self):
        for name in [*PRESENTATIONS, "ts.m3u8", "keys.m3u8"]:
            self.expect_whole(self.path(name))
            self.expect_whole(self.server.url(name))

    def test_what_was_moved_is_found(self):
        for name in ("moved/video.mp4", "moved/keys.m3u8", "moved/dash/x.mpd", "part/x.m3u8"):
            self.expect_whole(self.server.url(name))

    def test_redirects_are_held_against_the_allowed_schemes(self):
        for name in ("video.mp4", "moved/video.mp4", "moved/keys.m3u8", "moved/dash/x.mpd"):
            self.expect_whole(self.server.url(name), allowed_schemes="http,path")
        task = one_animation(self.video, self.path("o.webp"))
        task["Sources"].append({"URI": self.server.url("moved/ts/x.m3u8")})
        outcome = run(task, self.folder, allowed_schemes="http,path")
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.output["FrameCount"], 2 * SECONDS)
        # What the demuxer reads is not followed where only one of http and https is allowed.
        outcome = self.convert(self.server.url("part/x.m3u8"), allowed_schemes="http,path")
        self.assertEqual(outcome.result["Code"], "SourceUnreadable")


if __name__ == "__main__":
    unittest.main(verbosity=2)
