# SPDX-License-Identifier: LGPL-2.1-or-later
"""Modes of sampling and ways of playing, as tasks: which pictures, and how long each is shown.

ffprobe says which frames are key frames, ffmpeg's fps filter which ones are on screen at a moment.
What such a frame looks like is taken from the animation of every frame: all are lossless WebP.
"""
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from fractions import Fraction

import numpy
from PIL import Image, ImageSequence

sys.path.insert(0, os.path.dirname(__file__))
from animtask import clip, one_animation, run  # noqa: E402

SECONDS = 8
RATE = 25
# name: ffmpeg's options
STREAMS = {
    "h264.mp4": "-c:v libx264 -preset ultrafast -x264-params keyint=30:bframes=3",
    "h264_open.mp4": "-c:v libx264 -preset ultrafast "
                     "-x264-params keyint=30:bframes=3:open-gop=1:b-pyramid=none:scenecut=0",
    "h265.mp4": "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=40",
    "vp9.webm": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 45",
    "mpeg4.mp4": "-c:v mpeg4 -bf 2 -g 25 -q:v 4",
}
VARIABLE = "variable.mkv"


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments], check=True)


def make_streams(folder):
    for name, options in STREAMS.items():
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=160x90:r={RATE}:d={SECONDS}", "-pix_fmt", "yuv420p",
               "-threads", "1", *options.split(), os.path.join(folder, name))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=3", "-vf",
           "select='not(mod(n,7))+not(mod(n,5))+lt(n,6)'", "-vsync", "vfr", "-pix_fmt", "yuv420p",
           *STREAMS["h264.mp4"].split(), os.path.join(folder, VARIABLE))


def frames_of(path):
    """[(ms, picture)] of an animated image."""
    out = []
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            picture = numpy.asarray(frame.convert("RGB"))  # reads the duration, too
            out.append((frame.info["duration"], picture))
    return out


def probe(source, *options):
    done = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", *options, "-of",
                           "json", source], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def key_times(source):
    """Of VP9 ffprobe decodes all; the muxer was told which packets are keys. Of recovery points in
    H.264 it shows none after the first; all I pictures of that stream are some."""
    if source.endswith(".webm"):
        packets = probe(source, "-show_packets")["packets"]
        times = [packet["pts_time"] for packet in packets if packet["flags"].startswith("K")]
    elif "open" in source:
        frames = probe(source, "-show_frames")["frames"]
        times = [frame["pts_time"] for frame in frames if frame["pict_type"] == "I"]
    else:
        frames = probe(source, "-skip_frame", "nokey", "-show_frames")["frames"]
        times = [frame["pts_time"] for frame in frames]
    return [Fraction(time) for time in times]


def picked(source, rate, skip=0):
    """Numbers of the frames that ffmpeg shows at `rate` a second, from frame `skip` on."""
    def checksums(filters):
        done = subprocess.run(
            ["ffmpeg", "-v", "error", "-nostdin", "-i", source, "-map", "0:v:0", "-vf", filters,
             "-vsync", "passthrough", "-f", "framemd5", "-"],
            check=True, capture_output=True, text=True).stdout
        return [line.split(",")[-1].strip() for line in done.splitlines()
                if line and not line.startswith("#")]

    every = checksums("null")
    assert len(set(every)) == len(every)
    cut = f"trim=start_frame={skip},setpts=PTS-STARTPTS"
    shown = checksums(f"{cut},fps={rate}:round=up:start_time=0")
    return [every.index(checksum) for checksum in shown]

class KeptBack:
    """A server of one file, of which it gives so many bytes, and the rest never."""

    def __init__(self, path, count):
        self.is_over = threading.Event()
        is_over = self.is_over

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                with open(path, "rb") as file:
                    data = file.read()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[:count])
                self.wfile.flush()
                is_over.wait(120)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/long.mkv"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.server.shutdown()
        self.server.server_close()


class Modes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="modes-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        make_streams(cls.folder)
        cls.every = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def task(self, name, output, **fields):
        source = name if os.path.isabs(name) else self.path(name)
        task = one_animation(source, self.path(output), Lossless=True, **fields)
        animation = task["Targets"][0]["Image"]["Animations"][0]
        if "Interval" not in fields:
            del animation["Interval"]
        return task

    def made(self, name, **fields):
        """(frames, outcome) of one animation."""
        outcome = run(self.task(name, "out.webp", **fields), self.folder)
        self.assertEqual(outcome.end, "EOS")
        frames = frames_of(self.path("out.webp"))
        self.assertEqual(sum(ms for ms, _ in frames), round(outcome.output["Duration"] * 1000))
        return frames, outcome

    def refused(self, name, **fields):
        before = sorted(os.listdir(self.folder))
        outcome = run(self.task(name, "never.webp", **fields), self.folder)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.assertEqual(outcome.result["Message"], outcome.end)
        return outcome.result["Code"], outcome.end

    def every_frame(self, name):
        """The pictures of all frames, no two the same."""
        if name not in self.every:
            frames, outcome = self.made(name)
            self.assertEqual(len(frames), outcome.output["FrameCount"])
            self.every[name] = frames
        return self.every[name]

    def expect_pictures(self, name, frames, numbers):
        every = self.every_frame(name)
        self.assertEqual(len(frames), len(numbers))
        for (_, picture), number in zip(frames, numbers):
            self.assertTrue(numpy.array_equal(picture, every[number][1]), number)

    # ---- key ------------------------------------------------------------------------------------

    def test_key_frames_alone_are_shown_and_decoded(self):
        for name in STREAMS:
            with self.subTest(stream=name):
                times = key_times(self.path(name))
                self.assertGreater(len(times), 3)
                frames, outcome = self.made(name, Mode="key")
                self.expect_pictures(name, frames, [round(time * RATE) for time in times])
                ends = [*times[1:], Fraction(SECONDS)]
                shown = [round((end - begin) * 1000) for begin, end in zip(times, ends)]
                self.assertEqual([ms for ms, _ in frames], shown)
                self.assertLessEqual(outcome.result["DecodedFrames"], len(times) + 1)

    def test_key_frames_look_as_ffmpeg_decodes_them(self):
        frames, _ = self.made("h265.mp4", Mode="key")
        raw = subprocess.run(
            ["ffmpeg", "-v", "error", "-nostdin", "-skip_frame", "nokey", "-i",
             self.path("h265.mp4"), "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt",
             "yuv420p", "-"], check=True, capture_output=True).stdout
        theirs = numpy.frombuffer(raw, dtype=numpy.uint8).reshape(-1, 135, 160)[:, :90]
        self.assertEqual(len(frames), len(theirs))
        for number, (_, picture) in enumerate(frames):
            luma = 16 + picture.astype(float) @ [65.481 / 255, 128.553 / 255, 24.966 / 255]
            errors = [numpy.mean((luma - other) ** 2) for other in theirs]
            self.assertEqual(numpy.argmin(errors), number)
            self.assertLess(errors[number], 10)  # RGB is cut where interpolated chroma leaves it

    def test_key_frames_of_a_part(self):
        times = key_times(self.path("h264.mp4"))
        frames, _ = self.made("h264.mp4", Mode="key", StartTime=float(times[1]) + 0.01, Number=2)
        self.expect_pictures("h264.mp4", frames, [round(time * RATE) for time in times[2:4]])
        expected = [round((times[i + 1] - times[i]) * 1000) for i in (2, 3)]
        self.assertEqual([ms for ms, _ in frames], expected)

    def test_key_frames_at_a_rate_of_their_own(self):
        frames, outcome = self.made("vp9.webm", Mode="key", FrameRate=4, Speed=2, Interval=1)
        self.assertEqual([ms for ms, _ in frames], [125] * len(key_times(self.path("vp9.webm"))))
        self.assertIn("/Targets/0/Image/Animations/0/Interval: has no effect with Mode key",
                      outcome.result["Warnings"])

    def test_key_frames_beside_another_animation(self):
        _, alone = self.made("h264.mp4", Mode="key")
        task = self.task("h264.mp4", "key.webp", Mode="key")
        other = dict(task["Targets"][0]["Image"]["Animations"][0], Interval=1,
                     URI=self.path("interval.webp"))
        del other["Mode"]
        task["Targets"][0]["Image"]["Animations"].append(other)
        outcome = run(task, self.folder)
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.result["Outputs"][0]["MD5"], alone.output["MD5"])
        self.expect_pictures("h264.mp4", frames_of(self.path("interval.webp")),
                             [RATE * k for k in range(SECONDS)])

    def test_what_cannot_be_told_is_refused(self):
        for name in ("ogv/van_352x288_sar640-429.ogv", "avi/bird_xvid_960x400.avi",
                     "generated/ntsc_dvd_interlaced.vob"):
            with self.subTest(clip=name):
                code, message = self.refused(clip(name), Mode="key")
                self.assertEqual(code, "Unsupported")
                self.assertIn("the random access points of this stream", message)
        code, message = self.refused("h264.mp4", Mode="key", StartTime=SECONDS - 0.1)
        self.assertEqual(code, "InvalidArgument")
        self.assertEqual(message, "/Targets/0/Image/Animations/0/Mode: key finds no random access "
                                  "point in this part of the video")

    # ---- even -----------------------------------------------------------------------------------

    def test_even_frames_are_those_on_screen(self):
        for number in (1, 3, 7, 9, 64):
            with self.subTest(number=number):
                frames, outcome = self.made("h264.mp4", Mode="even", Number=number)
                expected = picked(self.path("h264.mp4"), f"{number}/{SECONDS}")
                self.assertEqual(len(expected), number)
                self.expect_pictures("h264.mp4", frames, expected)
                self.assertEqual(outcome.output["Duration"], SECONDS)

    def test_even_frames_of_a_part_without_decoding_all(self):
        task = self.task("h265.mp4", "out.webp", Mode="even", Number=4, StartTime=1, FrameRate=10)
        task["Sources"][0].update({"StartTime": 2, "Duration": 4})
        outcome = run(task, self.folder)
        self.assertEqual(outcome.end, "EOS")
        frames = frames_of(self.path("out.webp"))
        self.expect_pictures("h265.mp4", frames, [75, 93, 112, 131])
        self.assertEqual([ms for ms, _ in frames], [100] * 4)
        self.assertLess(outcome.result["DecodedFrames"], SECONDS * RATE - 50)

    def test_even_frames_of_an_unknown_length_are_refused(self):
        source = clip("webm/mediarecorder_no_duration_vp9_alpha.webm")
        code, message = self.refused(source, Mode="even", Number=4)
        self.assertEqual(code, "Unsupported")
        self.assertEqual(message, "/Targets/0/Image/Animations/0/Mode: even needs the length of the "
                                  "video, which is not known; use Interval")

    # ---- scene ----------------------------------------------------------------------------------

    def make_cuts(self):
        """A clip of moving and of still scenes, and the frames at which they begin."""
        scenes = [("testsrc", "", 20), ("mandelbrot", "", 30), ("rgbtestsrc", "", 10),
                  ("smptebars", "", 50), ("testsrc", ",negate", 25)]
        inputs, begins = [], [0]
        for source, then, frames in scenes:
            inputs += ["-f", "lavfi", "-t", str(frames / RATE), "-i", f"{source}=s=160x90:r={RATE}{then}"]
            begins.append(begins[-1] + frames)
        joined = "".join(f"[{i}:v]format=yuv420p,setsar=1[v{i}];" for i in range(len(scenes)))
        joined += "".join(f"[v{i}]" for i in range(len(scenes))) + f"concat=n={len(scenes)}"
        ffmpeg(*inputs, "-filter_complex", joined, *STREAMS["h264.mp4"].split(),
               self.path("cuts.mp4"))
        return begins

    def test_scenes_begin_at_the_cuts(self):
        begins = self.make_cuts()
        shown = [40 * (b - a) for a, b in zip(begins, begins[1:])]
        frames, outcome = self.made("cuts.mp4", Mode="scene")
        self.assertEqual([ms for ms, _ in frames], shown)
        self.assertEqual(outcome.output["FrameCount"], 5)
        pictures = [picture for _, picture in frames]

        coarse, _ = self.made("cuts.mp4", Mode="scene", Interval=0.5)
        # The first sample in each scene; the last of all lasts half a second, as every one does.
        self.assertEqual([ms for ms, _ in coarse], [1000, 1000, 500, 2000, 1000])

        few, _ = self.made("cuts.mp4", Mode="scene", Number=3, FrameRate=2)
        self.assertEqual([ms for ms, _ in few], [500] * 3)
        for (_, picture), expected in zip(few, pictures):
            self.assertTrue(numpy.array_equal(picture, expected))

        one, _ = self.made("cuts.mp4", Mode="scene", Threshold=100, Speed=2)
        self.assertEqual([ms for ms, _ in one], [begins[-1] * 40 // 2])

    def test_scenes_that_are_enough_end_the_reading(self):
        """The rest of the source is kept back until the task is done."""
        begins = self.make_cuts()
        head = self.path("cuts.mkv")
        ffmpeg("-i", self.path("cuts.mp4"), "-c", "copy", head)
        ffmpeg("-stream_loop", "9", "-i", head, "-c", "copy", self.path("long.mkv"))
        with KeptBack(self.path("long.mkv"), 2 * os.path.getsize(head)) as server:
            task = self.task("cuts.mp4", "out.webp", Mode="scene", Number=3, FrameRate=2)
            task["Sources"][0]["URI"] = server.url
            outcome = run(task, self.folder)
            self.assertFalse(server.is_over.is_set())
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual([ms for ms, _ in frames_of(self.path("out.webp"))], [500] * 3)
        self.assertGreaterEqual(outcome.result["DecodedFrames"], begins[2])
        self.assertLess(outcome.result["DecodedFrames"], 3 * begins[-1])

    # ---- playing --------------------------------------------------------------------------------

    def expect_order(self, frames, numbers):
        every = self.every_frame(VARIABLE)
        self.assertEqual([ms for ms, _ in frames], [every[number][0] for number in numbers])
        self.expect_pictures(VARIABLE, frames, numbers)

    def test_frames_in_other_orders_last_as_long(self):
        every = self.every_frame(VARIABLE)
        count = len(every)
        self.assertGreater(len({ms for ms, _ in every}), 3)
        there, back = list(range(count)), list(range(count - 1, -1, -1))
        self.expect_order(self.made(VARIABLE, Reverse=True)[0], back)
        self.expect_order(self.made(VARIABLE, Boomerang=True)[0], there + back[1:-1])
        self.expect_order(self.made(VARIABLE, Reverse=True, Boomerang=True)[0], back + there[1:-1])

    def test_speed_keeps_the_proportions(self):
        every = self.every_frame(VARIABLE)
        for speed in (2, 0.5, "3/2"):
            with self.subTest(speed=speed):
                frames, _ = self.made(VARIABLE, Speed=speed)
                self.expect_pictures(VARIABLE, frames, range(len(every)))
                begin = source = 0
                for (ms, _), (source_ms, _) in zip(frames, every):
                    begin += ms
                    source += source_ms
                    self.assertLessEqual(abs(begin - Fraction(source) / Fraction(speed)), Fraction(1, 2))

    def test_speed_counts_beside_a_frame_rate(self):
        frames, _ = self.made("h264.mp4", Interval=1, FrameRate=5, Speed=2)
        self.assertEqual([ms for ms, _ in frames], [100] * SECONDS)
        frames, _ = self.made("h264.mp4", Interval=1, Speed=4)
        self.assertEqual([ms for ms, _ in frames], [250] * SECONDS)

    def test_more_than_fits_into_memory_is_refused(self):
        code, message = self.refused("h264.mp4", Reverse=True, Width=4096, Height=2304)
        self.assertEqual(code, "LimitExceeded")
        self.assertIn("larger than 536870912 bytes", message)

    # ---- the command line -----------------------------------------------------------------------

    def call(self, *arguments):
        return subprocess.run(["gst-animate-1.0", "-q", *arguments], cwd=self.folder, check=True,
                              capture_output=True, text=True, timeout=60).stdout

    def test_a_dry_run_says_what_is_made(self):
        for options in (["--boomerang", "--fps", "5"], ["--boomerang", "--speed", "2"],
                        ["--mode", "even", "--number", "7", "--reverse"],
                        ["--interval", "0.7", "--speed", "1.5", "--boomerang"]):
            with self.subTest(options=options):
                told = json.loads(self.call("mpeg4.mp4", "-o", "o.webp", *options, "-n", "--json"))
                done = json.loads(self.call("mpeg4.mp4", "-o", "o.webp", *options, "--json"))
                self.assertEqual(told["Outputs"][0]["FrameCount"], done["Outputs"][0]["FrameCount"])
                self.assertAlmostEqual(told["Outputs"][0]["Duration"], done["Outputs"][0]["Duration"],
                                       delta=0.001)

    def test_one_gate_tells_all_of_several_outputs(self):
        line = self.call("h264.mp4", "-o", "o.webp", "-o", "p.gif", "--mode", "key", "--number", "2",
                         "--print-pipeline")
        sampler = "(GstStructure)[sampler, mode=(string)key, max-frames=(guint64)2]"
        self.assertIn(f"samplegate 'wanted=<{sampler},{sampler}>' ! decodebin", line)

    def test_the_printed_pipeline_makes_the_same(self):
        self.make_cuts()
        for options in (["h264.mp4", "-o", "o.webp", "--mode", "key", "--boomerang"],
                        ["cuts.mp4", "-o", "o.webp", "--mode", "scene", "--threshold", "12",
                         "--frame-rate", "2", "--number", "3", "--reverse"]):
            with self.subTest(options=options):
                self.call(*options)
                with open(self.path("o.webp"), "rb") as file:
                    ours = file.read()
                os.remove(self.path("o.webp"))
                line = self.call(*options, "--print-pipeline")
                subprocess.run(["bash", "-c", line], cwd=self.folder, check=True,
                               capture_output=True, timeout=60)
                with open(self.path("o.webp"), "rb") as file:
                    self.assertEqual(file.read(), ours)


if __name__ == "__main__":
    unittest.main()
