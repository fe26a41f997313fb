# SPDX-License-Identifier: LGPL-2.1-or-later
"""animwebpenc under gst-launch, read by Pillow, webpmux and FFmpeg; memory that does not grow.

Debian's ffmpeg reads no animated WebP: its decoders, which are no libwebp's, get each frame's picture
alone. The FFmpeg in npm's node-av, which has a decoder for them, gets the whole file.
"""
import json
import os
import subprocess
import tempfile
import unittest

import numpy
from PIL import Image


def launch(pipeline):
    """Runs gst-launch-1.0; returns its peak memory in bytes."""
    process = subprocess.Popen(["gst-launch-1.0", "-q", *pipeline.split()])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise AssertionError(f"failed: {pipeline}")
    return usage.ru_maxrss * 1024


def webpmux_rows(path):
    """What webpmux lists of each frame."""
    info = subprocess.run(["webpmux", "-info", path], check=True, capture_output=True, text=True)
    return [line.split() for line in info.stdout.splitlines() if line.strip()[:1].isdigit()]


def webpmux_frames(path):
    """The durations in ms."""
    return [int(row[6]) for row in webpmux_rows(path)]


def frame_sizes(path):
    return {(int(row[1]), int(row[2])) for row in webpmux_rows(path)}


def stills(path, folder):
    """The picture of each frame as a file of its own."""
    for number in range(1, len(webpmux_frames(path)) + 1):
        still = os.path.join(folder, "still.webp")
        subprocess.run(["webpmux", "-get", "frame", str(number), path, "-o", still], check=True,
                       stderr=subprocess.DEVNULL)
        yield still


def shown_by(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def by_ffmpeg(still, pixels):
    return shown_by("ffmpeg", "-v", "error", "-i", still, "-f", "rawvideo", "-pix_fmt", pixels, "-")


def by_libwebp(still):
    """Its RGBA, and without that its luma and chroma if it is lossy."""
    rgba = shown_by("dwebp", "-quiet", still, "-pam", "-o", "-").partition(b"ENDHDR\n")[2]
    return rgba, shown_by("dwebp", "-quiet", still, "-yuv", "-o", "-")


def canvases(path, folder):
    """The canvas after each frame as FFmpeg has it, (pixel format, its bytes), and the durations in ms."""
    pictures = os.path.join(folder, "pictures")
    script = os.path.join(os.path.dirname(__file__), "ffmpeg", "decode.mjs")
    seen = json.loads(subprocess.run(["node", script, path, pictures], check=True,
                                     stdout=subprocess.PIPE).stdout)
    assert seen["decoder"] == "webp_anim", seen["decoder"]
    area = seen["width"] * seen["height"]
    with open(pictures, "rb") as file:
        found = [(frame["format"], file.read(area * BITS[frame["format"]] // 8)) for frame in seen["frames"]]
        assert not file.read(1), "more than the frames"
    return found, [frame["duration"] for frame in seen["frames"]]


def flat_around(plane):
    """Where samples are as all those beside them."""
    padded = numpy.pad(plane, 1, mode="edge")
    height, width = plane.shape
    return numpy.all([padded[y:y + height, x:x + width] == plane for y in range(3) for x in range(3)],
                     axis=0)


RGBA = "video/x-raw,format=RGBA,width=98,height=50,framerate=10/1"
BALLS = "videotestsrc num-buffers=9 pattern=ball"
NOISE_THEN_A_BALL = ("videotestsrc num-buffers=3 pattern=snow ! c. "
                     "videotestsrc num-buffers=3 pattern=ball ! c. concat name=c")
# Lossy in rectangles and through masks, lossless with and without alpha, lossless after lossy, soft alpha:
# for make().
ANIMATIONS = [
    ("quality=60", "videotestsrc num-buffers=4 pattern=snow"),
    ("content=photo", BALLS),
    ("lossless=true", BALLS, RGBA),
    ("content=screen", "videotestsrc num-buffers=3 pattern=smpte"),
    ("", NOISE_THEN_A_BALL),
    ("content=photo", f"{BALLS} foreground-color=0x80ff4020 background-color=0x40102030", RGBA),
]
# Of a pixel. All canvases here have an even number of rows and columns.
BITS = {"argb": 32, "yuva420p": 20}


class Readers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def make(self, properties, source="videotestsrc num-buffers=12 pattern=ball",
             caps="video/x-raw,format=I420,width=160,height=120,framerate=10/1"):
        path = self.path("out.webp")
        launch(f"{source} ! {caps} ! tee name=t ! queue ! animwebpenc {properties} ! "
               f"filesink location={path} t. ! queue ! filesink location={self.path('raw')}")
        return path

    def raw_luma(self, frame, width=160, height=120):
        size = width * height * 3 // 2
        data = numpy.fromfile(self.path("raw"), numpy.uint8, width * height, offset=size * frame)
        return data.reshape(height, width).astype(int)

    def test_frames_delays_loops_and_pictures_are_right(self):
        path = self.make("quality=90 animation-loops=3")
        self.assertEqual(webpmux_frames(path), [100] * 12)
        with Image.open(path) as image:
            self.assertEqual((image.size, image.n_frames, image.info["loop"]), ((160, 120), 12, 3))
            for index in range(image.n_frames):
                image.seek(index)
                green = numpy.asarray(image.convert("RGB"))[:, :, 1].astype(int)
                self.assertEqual(image.info["duration"], 100)
                error = numpy.abs(16 + green * 219 / 255 - self.raw_luma(index)).mean()
                self.assertLess(error, 2.0, f"frame {index}")

    def test_lossless_pixels_are_exact(self):
        caps = "video/x-raw,format=RGBA,width=97,height=51,framerate=10/1"
        path = self.make("lossless=true", "videotestsrc num-buffers=5 pattern=ball", caps)
        raw = numpy.fromfile(self.path("raw"), numpy.uint8).reshape(5, 51, 97, 4)
        with Image.open(path) as image:
            for index in range(5):
                image.seek(index)
                pixels = numpy.asarray(image.convert("RGBA"))
                self.assertTrue(numpy.array_equal(pixels, raw[index]), f"frame {index}")

    def test_ffmpeg_decodes_every_frame_as_libwebp_does(self):
        for animation in ANIMATIONS:
            for number, still in enumerate(stills(self.make(*animation), self.folder.name)):
                with self.subTest(animation, frame=number):
                    self.compare(still)

    def test_ffmpeg_shows_the_whole_animation_as_libwebp_does(self):
        """Number, durations and canvases of frames, of both kinds, that cover the canvas or a part of it."""
        forms, sizes, self.flat_share = set(), set(), 0
        for animation in ANIMATIONS:
            path = self.make(*animation)
            shown, durations = canvases(path, self.folder.name)
            with self.subTest(animation):
                self.assertEqual(durations, webpmux_frames(path))
                self.assertGreater(len(shown), 2)
            forms.add(tuple(sorted({form for form, _ in shown})))
            sizes.update(frame_sizes(path))
            with Image.open(path) as image:
                for number, canvas in enumerate(shown):
                    image.seek(number)
                    with self.subTest(animation, frame=number):
                        self.compare_canvas(*canvas, numpy.asarray(image.convert("RGBA")).astype(int))
        self.assertEqual(forms, {("argb",), ("yuva420p",), ("argb", "yuva420p")})
        self.assertGreater(len(sizes), 2)
        self.assertGreater(self.flat_share, 0.3)

    def compare_canvas(self, form, pixels, rgba):
        """All of a canvas in RGB; of one in YUV alpha, and luma and chroma where RGB tells them."""
        pixels = numpy.frombuffer(pixels, numpy.uint8).astype(int)
        height, width = rgba.shape[:2]
        alpha = rgba[:, :, 3]
        if form == "argb":
            argb = pixels.reshape(height, width, 4)
            self.assertTrue(numpy.array_equal(argb[:, :, 0], alpha))
            self.assertTrue(numpy.array_equal(argb[:, :, 1:][alpha != 0], rgba[:, :, :3][alpha != 0]))
            return
        area = width * height
        self.assertTrue(numpy.array_equal(pixels[-area:].reshape(height, width), alpha))
        # Of a channel that is cut off nothing is known; of black and white as much as of the rest.
        least, most = rgba[:, :, :3].min(2), rgba[:, :, :3].max(2)
        known = (alpha != 0) & (((least > 0) & (most < 255)) | (most == 0) | (least == 255))
        self.assertGreater(known.mean(), 0.5)
        luma = 16 + rgba[:, :, :3] @ numpy.array([0.257, 0.504, 0.098])
        error = pixels[:area].reshape(height, width).clip(16, 235) - luma
        self.assertLessEqual(numpy.abs(error[known]).max(), 1)
        # libwebp interpolates chroma: RGB shows it where a neighbourhood has one, but for that of frames
        # which are not on the canvas any more.
        for plane, weights in enumerate([[-0.148, -0.291, 0.439], [0.439, -0.368, -0.071]]):
            chroma = 128 + rgba[:, :, :3] @ numpy.array(weights)
            found = pixels[area + plane * area // 4:][:area // 4].reshape(height // 2, width // 2)
            flat = known & flat_around(found).repeat(2, 0).repeat(2, 1)
            error = found.repeat(2, 0).repeat(2, 1) - chroma
            self.flat_share = max(self.flat_share, flat.mean())
            self.assertLessEqual((numpy.abs(error[flat]) > 2).sum(), flat.sum() / 100)

    def compare(self, still):
        """All pixels of lossless pictures; luma, chroma and alpha of lossy ones, which tell of decoding
        without what each makes of them in RGB."""
        with open(still, "rb") as file:
            is_lossless = b"VP8L" in file.read(64)
        rgba, yuv = by_libwebp(still)
        alpha = numpy.frombuffer(rgba, numpy.uint8)[3::4]
        if is_lossless:
            pixels = numpy.frombuffer(by_ffmpeg(still, "rgba"), numpy.uint8)
            seen = numpy.repeat(alpha != 0, 4)
            self.assertTrue(numpy.array_equal(pixels[seen], numpy.frombuffer(rgba, numpy.uint8)[seen]))
            self.assertTrue(numpy.array_equal(pixels[3::4], alpha))
            return
        self.assertEqual(by_ffmpeg(still, "yuva420p"), yuv[:len(alpha) * 3 // 2] + alpha.tobytes())

    def test_pixels_at_rest_do_not_ghost(self):
        path = self.make("", "videotestsrc num-buffers=60 pattern=ball")
        with Image.open(path) as image:
            image.seek(image.n_frames - 1)
            green = numpy.asarray(image.convert("RGB"))[:, :, 1].astype(int)
        error = numpy.abs(16 + green * 219 / 255 - self.raw_luma(59))
        self.assertLess(error.mean(), 2.0)
        # Where the ball was a second ago there is nothing left of it.
        black = self.raw_luma(59) <= 16
        self.assertLess(error[black].mean(), 1.0)

    def test_a_pipe_gets_the_same_file(self):
        path = self.path("file.webp")
        source = "videotestsrc num-buffers=10 ! video/x-raw,width=80,height=60 ! animwebpenc"
        launch(f"{source} ! filesink location={path}")
        pipe = subprocess.run(["gst-launch-1.0", "-q", *f"{source} ! fdsink".split()],
                              check=True, stdout=subprocess.PIPE)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), pipe.stdout)

    def test_a_held_animation_does_not_block_other_sinks(self):
        pipeline = ("videotestsrc num-buffers=300 ! video/x-raw,width=64,height=48 ! tee name=t "
                    "t. ! queue ! animwebpenc speed=0 ! fdsink fd=1 t. ! queue ! fakesink")
        done = subprocess.run(["gst-launch-1.0", "-q", *pipeline.split()], check=True,
                              stdout=subprocess.PIPE, timeout=60)
        self.assertEqual(done.stdout[:4], b"RIFF")

    def test_a_live_source_runs_to_its_end(self):
        path = self.path("live.webp")
        launch("videotestsrc is-live=true num-buffers=20 ! video/x-raw,width=64,height=48,"
               f"framerate=50/1 ! animwebpenc ! filesink location={path}")
        self.assertEqual(sum(webpmux_frames(path)), 400)

    def test_memory_does_not_grow_with_frames(self):
        for pattern in ("ball", "snow"):
            peaks = [launch(f"videotestsrc num-buffers={count} pattern={pattern} ! "
                            "video/x-raw,width=160,height=90 ! "
                            "animwebpenc speed=0 quality=30 ! "
                            f"filesink location={self.path('long.webp')}")
                     for count in (100, 10000)]
            with self.subTest(pattern=pattern):
                self.assertLessEqual(peaks[1], peaks[0] * 1.2 + (8 << 20))


if __name__ == "__main__":
    unittest.main(verbosity=2)
