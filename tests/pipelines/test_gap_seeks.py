#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Seeking over gaps changes no sample, wherever a demuxer lands, and spares the bytes in between.

Two minutes of small video with sound in every container: through samplegate with seek-gaps beside a
full decode, and as a task over HTTP (nginx).
"""
import concurrent.futures
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))
from nginx import Nginx  # noqa: E402

SECOND = 1_000_000_000
SECONDS = 120
SAMPLINGS = {
    "30s": {"interval": 30 * SECOND},
    "every from 71.3 s": {"start-time": 713 * SECOND // 10, "max-frames": 7},
    "17s from 8 s": {"interval": 17 * SECOND, "start-time": 8 * SECOND},
    "every second": {"interval": SECOND},
}
X264 = "-c:v libx264 -preset ultrafast -x264-params keyint=50:bframes=3"
# name: ffmpeg's encoder and muxer options, whether gaps are gone around
STREAMS = {
    "plain.mp4": (X264, True),
    "open_gop.mp4": (X264 + ":open-gop=1:b-pyramid=none", True),
    "open_gop_4_references.mp4": (X264 + ":open-gop=1", False),
    "edited.mov": (X264 + " -ss 0.7", True),
    "fragments.mp4": (X264 + " -movflags +frag_keyframe+empty_moov", True),
    "plain.mkv": (X264, True),
    "no_cues.mkv": (X264 + " -f matroska -live 1", False),
    "h265.mp4": ("-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=50", True),
    "vp8.webm": ("-c:v libvpx -deadline realtime -cpu-used 16 -g 50", True),
    "vp9.webm": ("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 50", True),
    "av1.mp4": ("-c:v libsvtav1 -preset 12 -g 50 -svtav1-params log=0", True),
    "mpeg4.mp4": ("-c:v mpeg4 -bf 2 -g 30", True),
    "mjpeg.mov": ("-c:v mjpeg -pix_fmt yuvj420p", True),
    "one_group.mp4": ("-c:v libx264 -preset ultrafast -x264-params keyint=infinite:scenecut=0", False),
    "plain.ts": (X264, None),
    "mpeg2.mpg": ("-c:v mpeg2video -g 15", None),
    "plain.flv": (X264, None),
    "mpeg4.avi": ("-c:v mpeg4 -bf 0 -g 30", None),
}


def make(folder, name):
    path = folder / name
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc=s=160x90:r=25:d={SECONDS}"]
        + ["-f", "lavfi", "-i", f"sine=d={SECONDS}", "-pix_fmt", "yuv420p", "-threads", "1"]
        + STREAMS[name][0].split() + [str(path)], check=True,
        env={**os.environ, "SVT_LOG": "0"})
    return path


def boxes(data, begin, end):
    while begin < end:
        size, kind = struct.unpack_from(">I4s", data, begin)
        yield kind, begin, begin + size
        begin += size


def find_box(data, *path):
    """Where the boxes on the way to an MP4 box begin."""
    begin, end, way = 0, len(data), []
    for wanted in path:
        begin, end = next((b + 8, e) for kind, b, e in boxes(data, begin, end) if kind == wanted)
        way.append(begin - 8)
    return way


def make_two_edits(source):
    """A copy whose edit list shows the first 60 s, and then what begins at 90 s."""
    data = bytearray(source.read_bytes())
    way = find_box(data, b"moov", b"trak", b"edts", b"elst")
    (size,) = struct.unpack_from(">I", data, way[-1])
    (first,) = struct.unpack_from(">i", data, way[-1] + 20)
    (media,) = find_box(data, b"moov", b"trak", b"mdia", b"mdhd")[-1:]
    (timescale,) = struct.unpack_from(">I", data, media + 20)
    edits = [(60_000, first), (30_000, first + 90 * timescale)]  # ms, media time
    elst = struct.pack(">I4sII", 16 + 12 * len(edits), b"elst", 0, len(edits))
    elst += b"".join(struct.pack(">IiI", *edit, 0x10000) for edit in edits)
    data[way[-1]:way[-1] + size] = elst
    for box in way[:-1]:
        struct.pack_into(">I", data, box, struct.unpack_from(">I", data, box)[0] + len(elst) - size)
    for name, offset in ((b"mvhd", 24), (b"tkhd", 28)):
        inside = (b"moov", b"trak") if name == b"tkhd" else (b"moov",)
        struct.pack_into(">I", data, find_box(data, *inside, name)[-1] + offset, 90_000)
    target = source.with_name("two_edits.mp4")
    target.write_bytes(data)
    return target


def compare_in_this_process(path):
    from gated import decode  # GStreamer only in the clip's own process
    full = decode(path, SAMPLINGS)
    found = {"gaps": 0, "read": [], "differ": []}
    for label, settings in SAMPLINGS.items():
        seeking = decode(path, {label: settings}, {**settings, "seek-gaps": True})
        found["gaps"] += seeking.stats["gap-seeks"]
        found["read"].append(seeking.stats["units-in"] / full.units)
        if not full.samples["30s"] or seeking.samples[label] != full.samples[label]:
            found["differ"].append(f"{label}: {len(seeking.samples[label])} samples for "
                                   f"{len(full.samples[label])}; {seeking.error}")
    return found


def compare(path):
    result = subprocess.run([sys.executable, __file__, "--clip", str(path)], check=False,
                            stdout=subprocess.PIPE, timeout=200)
    if result.returncode != 0:
        return {"gaps": 0, "read": [], "differ": [f"its process ended with {result.returncode}"]}
    return json.loads(result.stdout)


class GapSeeks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            paths = list(pool.map(lambda name: make(Path(cls.folder.name), name), STREAMS))
        cls.paths = dict(zip(STREAMS, paths))
        cls.paths["two_edits.mp4"] = make_two_edits(cls.paths["plain.mp4"])

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_every_landing_gives_the_samples_of_a_full_decode(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = dict(zip(self.paths, pool.map(compare, self.paths.values())))
        for name, outcome in found.items():
            with self.subTest(stream=name):
                print(name, outcome["gaps"], "gaps, of the units read:",
                      " ".join(f"{share:.2f}" for share in outcome["read"]))
                self.assertEqual(outcome["differ"], [])
                _, goes_around = STREAMS.get(name, ("", None))
                if goes_around is not None:
                    self.assertEqual(outcome["gaps"] > 5 and outcome["read"][0] < 0.5, goes_around)

    def convert(self, source, **animation):
        import animtask
        output = os.path.join(self.folder.name, "out.webp")
        task = animtask.one_animation(source, output, FrameRate=5, Width=80, Height=45, **animation)
        outcome = animtask.run(task, self.folder.name)
        self.assertEqual(outcome.end, "EOS")
        return outcome.result

    def test_over_http_what_lies_between_is_not_read(self):
        """Beside a server without ranges, from which all is read."""
        for name, is_indexed in (("plain.mkv", True), ("vp9.webm", True), ("fragments.mp4", False),
                                 ("plain.ts", False)):
            with self.subTest(stream=name):
                size = os.path.getsize(self.paths[name])
                with Nginx(self.folder.name, ranges=False) as server:
                    through = self.convert(server.url(name), Interval=30)
                with Nginx(self.folder.name) as server:
                    found = self.convert(server.url(name), Interval=30)
                self.assertEqual(found["Outputs"][0]["MD5"], through["Outputs"][0]["MD5"])
                self.assertGreaterEqual(through["BytesRead"], size * 0.9)
                self.assertEqual(found["BytesRead"] < size * 0.9, is_indexed)

    def test_twenty_frames_of_an_hour_read_a_small_part_of_it(self):
        hour = os.path.join(self.folder.name, "hour.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=120",
                        "-c:v", "libx264", "-preset", "ultrafast", "-g", "250", "-b:v", "4M",
                        f"{hour}.part.mp4"], check=True)
        subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "29", "-i", f"{hour}.part.mp4",
                        "-c", "copy", hour], check=True)
        with Nginx(self.folder.name) as server:
            result = self.convert(server.url("hour.mp4"), Interval=180)
        share = result["BytesRead"] / os.path.getsize(hour)
        print(f"{result['Outputs'][0]['FrameCount']} frames: {share:.3f} of the bytes were read")
        self.assertEqual(result["Outputs"][0]["FrameCount"], 20)
        self.assertLess(share, 0.15)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--clip":
        print(json.dumps(compare_in_this_process(Path(sys.argv[2]))))
    else:
        unittest.main()
