#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clips of live streams begin and end with exactly the right frame: numbered frames from real
servers on loopback and in every codec, twenty triggers at random times for each of two
animclipsinks.

test_live_streams.py STREAM [SEED] runs one of them alone.
"""
import concurrent.futures
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "live"))
import numbered  # noqa: E402

COUNT = 25  # triggers for each sink, five of them while the stream begins
FRAMES = 60 * 30  # of the stream: far more than an idle machine needs
AT_ONCE = 6
X264 = "-c:v libx264 -preset ultrafast -x264-params keyint=60"
X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=60:bframes=3"
VPX = "-deadline good -cpu-used 8 -auto-alt-ref 1 -lag-in-frames 16 -g 60 -b:v 1M"
# name: where it comes from, codec, how it is coded
STREAMS = {
    "rtmp": ("rtmp", "h264", X264 + ":bframes=3:b-adapt=0"),
    "rtsp": ("rtsp", "h264", X264 + ":bframes=3:open-gop=1"),
    "rtsp_slave": ("rtsp_slave", "h264", X264 + ":bframes=3:b-adapt=0"),
    "rtsp_udp": ("rtsp_udp", "h264", X264 + ":bframes=0"),
    "srt": ("srt", "h264", X264 + ":bframes=3:b-adapt=0:open-gop=1"),
    "srt_h265": ("srt_h265", "h265", X265 + ":open-gop=1"),
    "srt_mpeg2": ("srt_mpeg2", "mpeg2", "-c:v mpeg2video -bf 2 -g 30 -q:v 4"),
    "udp": ("udp", "h264", X264 + ":bframes=3:b-pyramid=normal:ref=4"),
    "udp_wrapping": ("udp_wrapping", "h264", X264 + ":bframes=3:b-adapt=0"),
    "rtp_wrapping": ("rtp_wrapping", "h264", X264 + ":bframes=0"),
    "hls": ("hls", "h264", X264 + ":bframes=3:b-adapt=0"),
    "h265": ("local", "h265", X265 + ":open-gop=0"),
    "h265_open": ("local", "h265", X265 + ":open-gop=1"),
    "vp8": ("local", "vp8", "-c:v libvpx " + VPX),
    "vp9": ("local", "vp9", "-c:v libvpx-vp9 " + VPX),
    "av1": ("local", "av1", "-c:v libsvtav1 -preset 12 -g 60 -svtav1-params log=0"),
    "mpeg2": ("local", "mpeg2", "-c:v mpeg2video -bf 2 -g 30 -q:v 4"),
    "mpeg2_closed": ("local", "mpeg2", "-c:v mpeg2video -bf 2 -g 30 -q:v 4 -flags +cgop -sc_threshold 1000000000"),
    "raw": ("local", "raw", "-c:v ffv1"),
}


def run_here(name, seed):
    """Prints the problems of a stream's clips; in a process of its own."""
    import servers
    from feed import PARSERS
    from watch import MS, Look, Watch
    server, codec, coding = STREAMS[name]
    looks = [Look("paced", 3000 * MS, 500 * MS, "gif", interval=200 * MS, frame_rate=10),
             Look("rushing", 2000 * MS, 0, "webp", frame_rate=25, sync=False)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / ("numbers.mkv" if server == "local" else "numbers.mp4")
        numbered.encode(file, coding, FRAMES)
        with getattr(servers, server)(file, folder) as source:
            watch = Watch(f"{source} ! {PARSERS[codec]}", looks, folder)
            watch.run(COUNT, seed)
        problems = watch.problems()
    print("\n".join(problems), file=sys.stderr)
    return not problems


def run(name):
    seed = random.randrange(1 << 31)
    result = subprocess.run([sys.executable, __file__, name, str(seed)], check=False, text=True,
                            stderr=subprocess.PIPE, timeout=280)
    return "" if result.returncode == 0 else f"seed {seed}:\n{result.stderr}"


class LiveStreams(unittest.TestCase):
    def test_first_and_last_frames_are_exact(self):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            found = dict(zip(STREAMS, pool.map(run, STREAMS)))
        for name, problems in found.items():
            with self.subTest(stream=name):
                self.assertEqual(problems, "")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in STREAMS:
        sys.exit(not run_here(sys.argv[1], int((sys.argv + ["1"])[2])))
    unittest.main()
