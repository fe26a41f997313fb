# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures of fitscale beside those of ffmpeg: quality of scaling, colours, orientation, HDR.

Clips come from ANIM_MEDIA, else from ANIM_FULL_MEDIA (the whole collection, with the same
sub-folders). A clip that is in neither is a failure, not a skip.

The HDR reference is the chain that most people copy:
zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,
zscale=t=bt709:m=bt709:r=tv,format=yuv420p
"""

import os
import shlex
import subprocess
import sys
import tempfile
import unittest

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from clips import says_orientation  # noqa: E402

ACCURATE = "lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
TONE_MAP = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)


def media(path):
    for root in ("ANIM_MEDIA", "ANIM_FULL_MEDIA"):
        full = os.path.join(os.environ.get(root, ""), path)
        if os.environ.get(root) and os.path.exists(full):
            return full
    raise FileNotFoundError(f"{path} is in neither ANIM_MEDIA nor ANIM_FULL_MEDIA")


def run(command, data=None):
    done = subprocess.run(command, input=data, capture_output=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stderr.decode()[-2000:]}")
    return done.stdout


def launch(elements, data=None):
    """What a pipeline writes. Not through stdout: gst-launch has messages of its own there."""
    with tempfile.NamedTemporaryFile() as out:
        line = f"gst-launch-1.0 -q {elements} ! filesink location={out.name}"
        run(line.split(), data)
        return out.read()


def launch_raw(data, caps, elements):
    """Raw frames through a pipeline; `caps` describe one frame a buffer."""
    fields = dict(field.split("=", 1) for field in caps.split(",")[1:])
    pads = {
        "format": fields["format"].lower().replace("_", "-"),
        "width": fields["width"],
        "height": fields["height"],
        "framerate": "25/1",
    }
    parse = "rawvideoparse " + " ".join(f"{k}={v}" for k, v in pads.items())
    return launch(f"fdsrc fd=0 ! {parse} ! capssetter caps={caps} ! {elements}", data)


def ffmpeg(arguments, data=None):
    return run(["ffmpeg", "-hide_banner", "-loglevel", "error"] + arguments, data)


def frames(data, width, height, channels=3, padded=True):
    """Frames as arrays of (frame, row, column, channel); GStreamer pads rows to 4 bytes."""
    row = width * channels
    stride = (row + 3) // 4 * 4 if padded else row
    count = len(data) // (stride * height)
    whole = np.frombuffer(data, np.uint8)[: count * stride * height]
    rows = whole.reshape(count, height, stride)[:, :, :row]
    return rows.reshape(count, height, width, channels).astype(np.int32)


def decoded(path, props, width, height, head=""):
    """A clip through decodebin and fitscale as RGB."""
    line = f"filesrc location={media(path)} ! decodebin ! {head}fitscale {props}"
    data = launch(f"{line} ! video/x-raw,format=RGB")
    return frames(data, width, height)


def reference(path, filters, width, height, more=(), how_to_read=()):
    chain = filters + ("," if filters else "")
    chain += f"scale=sws_flags={ACCURATE},format=rgb24"
    arguments = [*how_to_read, "-i", media(path), "-an", *more, "-vf", chain, "-fps_mode", "passthrough"]
    return frames(ffmpeg(arguments + ["-f", "rawvideo", "-"]), width, height, padded=False)


def psnr(a, b):
    error = np.mean((a.astype(float) - b) ** 2)
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


def lanczos_rows(picture, size):
    """Lanczos with radius 3 along the first axis, in double precision."""
    count = picture.shape[0]
    step = count / size
    scale = max(1.0, step)
    centres = (np.arange(size) + 0.5) * step - 0.5
    reach = int(np.ceil(3 * scale)) + 1
    out = np.zeros((size,) + picture.shape[1:])
    for i, centre in enumerate(centres):
        taps = np.arange(int(np.floor(centre)) - reach, int(np.floor(centre)) + reach + 2)
        x = (taps - centre) / scale
        weights = np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)
        weights /= weights.sum()
        source = picture[np.clip(taps, 0, count - 1)]
        out[i] = np.tensordot(weights, source, axes=(0, 0))
    return out


def lanczos(picture, width, height):
    columns = lanczos_rows(picture.astype(float), height)
    return np.clip(lanczos_rows(columns.swapaxes(0, 1), width).swapaxes(0, 1), 0, 255)


def zone_plate(width, height):
    y, x = np.mgrid[0:height, 0:width]
    square = (x - width / 2 + 0.5) ** 2 + (y - height / 2 + 0.5) ** 2
    return np.rint(127.25 + 110 * np.cos(square * np.pi / width)).astype(np.uint8)


class Scaling(unittest.TestCase):
    """Grey pictures against Lanczos in double precision: not behind ffmpeg's lanczos."""

    def compare(self, label, picture, method="lanczos"):
        height, width = picture.shape
        for ratio in (2, 3.7, 8):
            size = (round(width / ratio), round(height / ratio))
            exact = lanczos(picture, *size)
            caps = f"video/x-raw,format=GRAY8,width={width},height={height},framerate=25/1"
            props = f"fitscale width={size[0]} height={size[1]} method={method}"
            ours = frames(launch_raw(picture.tobytes(), caps, props), *size, 1)[0, :, :, 0]
            scale = f"scale={size[0]}:{size[1]}:flags=lanczos+accurate_rnd+full_chroma_int"
            source = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}", "-i", "-"]
            theirs = ffmpeg(source + ["-vf", scale, "-f", "rawvideo", "-"], picture.tobytes())
            theirs = frames(theirs, *size, 1, padded=False)[0, :, :, 0]
            result = psnr(ours, exact), psnr(theirs, exact)
            print(f"{label} 1/{ratio}: fitscale {result[0]:.2f} dB, ffmpeg {result[1]:.2f} dB")
            self.assertGreaterEqual(result[0], result[1], f"{label} 1/{ratio}")
            self.assertGreater(result[0], 55, f"{label} 1/{ratio}")

    def test_zone_plate(self):
        self.compare("zone plate", zone_plate(1024, 768))

    def test_real_frame(self):
        clip = media("mp4/terminal_rot-90.mp4")
        data = ffmpeg(
            ["-noautorotate", "-i", clip, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-"]
        )
        self.compare("real frame", np.frombuffer(data, np.uint8).reshape(480, 640))


class Colours(unittest.TestCase):
    """Patches of colour through every kind of coding, within 2 levels of ffmpeg."""

    SIDE = 32
    CODINGS = [
        # label, GStreamer format, colorimetry, ffmpeg pixel format, matrix, range
        ("BT.601", "I420", "bt601", "yuv420p", "bt601", "tv"),
        ("BT.709", "I420", "bt709", "yuv420p", "bt709", "tv"),
        ("BT.709 NV12", "NV12", "bt709", "nv12", "bt709", "tv"),
        ("BT.2020", "I420_10LE", "bt2020-10", "yuv420p10le", "bt2020", "tv"),
        ("full range", "I420", "1:4:0:0", "yuvj420p", "bt601", "pc"),
        ("4:2:2", "Y42B", "bt709", "yuv422p", "bt709", "tv"),
        ("4:2:2 packed", "YUY2", "bt709", "yuyv422", "bt709", "tv"),
        ("4:4:4", "Y444", "bt709", "yuv444p", "bt709", "tv"),
        ("10 bits", "I420_10LE", "bt709", "yuv420p10le", "bt709", "tv"),
        ("10 bits 4:2:2", "I422_10LE", "bt709", "yuv422p10le", "bt709", "tv"),
        ("10 bits P010", "P010_10LE", "bt709", "p010le", "bt709", "tv"),
        ("10 bits 4:4:4", "Y444_10LE", "bt601", "yuv444p10le", "bt601", "tv"),
    ]

    def patches(self):
        levels = (0, 64, 128, 192, 255)
        colours = [(r, g, b) for r in levels for g in levels for b in levels]
        rows = []
        for start in range(0, 125, 25):
            row = np.array(colours[start : start + 25], np.uint8)[None, :, :]
            rows.append(np.repeat(np.repeat(row, self.SIDE, 0), self.SIDE, 1))
        return np.vstack(rows)

    def test_patches(self):
        rgb = self.patches()
        height, width, _ = rgb.shape
        size = f"{width}x{height}"
        for label, name, colorimetry, pixels, matrix, levels in self.CODINGS:
            with self.subTest(label):
                into = f"scale=out_color_matrix={matrix}:out_range={levels}:flags={ACCURATE}"
                raw = ["-f", "rawvideo", "-s", size]
                coded = ffmpeg(
                    raw + ["-pix_fmt", "rgb24", "-i", "-", "-vf", f"{into},format={pixels}"]
                    + ["-f", "rawvideo", "-"],
                    rgb.tobytes(),
                )
                back = f"scale=in_color_matrix={matrix}:in_range={levels}:flags={ACCURATE}"
                theirs = ffmpeg(
                    raw + ["-pix_fmt", pixels, "-i", "-", "-vf", f"{back},format=rgb24"]
                    + ["-f", "rawvideo", "-"],
                    coded,
                )
                caps = (
                    f"video/x-raw,format={name},width={width},height={height},"
                    f"framerate=25/1,colorimetry={colorimetry},chroma-site=mpeg2"
                )
                ours = frames(launch_raw(coded, caps, "fitscale ! video/x-raw,format=RGB"), width, height)
                theirs = frames(theirs, width, height, padded=False)
                # The middle of each patch: chroma filters differ at its edges.
                middle = (0, slice(self.SIDE // 2, None, self.SIDE), slice(self.SIDE // 2, None, self.SIDE))
                worst = np.abs(ours[middle] - theirs[middle]).max()
                self.assertLessEqual(worst, 2, label)

    def test_real_frame(self):
        clip = "mp4/bear_rotate_and_flip.mp4"
        once = "videorate drop-only=true max-rate=1 ! "
        ours = decoded(clip, "auto-orient=false", 1080, 720, once)
        theirs = reference(clip, "", 1080, 720, ["-frames:v", "1"], ["-noautorotate"])
        difference = np.abs(ours[0] - theirs[0])
        self.assertLess(difference.mean(), 1)
        self.assertLessEqual(np.percentile(difference, 99), 4)

    def test_matrix_to_matrix(self):
        """BT.709 I420 to BT.601 I420, what WebP wants."""
        rgb = self.patches()
        height, width, _ = rgb.shape
        raw = ["-f", "rawvideo", "-s", f"{width}x{height}"]
        into = f"scale=out_color_matrix=bt709:flags={ACCURATE},format=yuv420p"
        coded = ffmpeg(
            raw + ["-pix_fmt", "rgb24", "-i", "-", "-vf", into, "-f", "rawvideo", "-"], rgb.tobytes()
        )
        caps = (
            f"video/x-raw,format=I420,width={width},height={height},framerate=25/1,"
            "colorimetry=bt709,chroma-site=jpeg"
        )
        ours = launch_raw(coded, caps, "fitscale ! video/x-raw,format=I420,colorimetry=bt601")
        back = f"scale=in_color_matrix=bt601:flags={ACCURATE},format=rgb24"
        shown = ffmpeg(
            raw + ["-pix_fmt", "yuv420p", "-i", "-", "-vf", back, "-f", "rawvideo", "-"], ours
        )
        shown = frames(shown, width, height, padded=False)
        middle = (slice(self.SIDE // 2, None, self.SIDE), slice(self.SIDE // 2, None, self.SIDE))
        self.assertLessEqual(np.abs(shown[0][middle] - rgb[middle].astype(int)).max(), 4)


class Orientation(unittest.TestCase):
    """Clips with a display matrix, beside ffmpeg's autorotation."""

    CLIPS = [
        ("mov/rot90_568x320_3frames.mov", 320, 568),
        ("mp4/terminal_rot-90.mp4", 480, 640),
        ("mp4/bear_rotate_and_flip.mp4", 720, 1080),
    ]

    def test_upright(self):
        for path, width, height in self.CLIPS:
            with self.subTest(path):
                if "flip" in path and not says_orientation(media(path)):
                    self.skipTest("this qtdemux does not tell of a display matrix that flips")
                ours = decoded(path, "", width, height)
                theirs = reference(path, "", width, height)
                self.assertEqual(len(ours), len(theirs))
                self.assertGreater(psnr(ours, theirs), 40)

    def test_upright_and_small(self):
        path = "mov/rot90_568x320_3frames.mov"
        ours = decoded(path, "width=101 height=-1", 101, 179)
        theirs = reference(path, "scale=101:179:flags=" + ACCURATE, 101, 179)
        self.assertGreater(psnr(ours, theirs), 38)

    def test_every_tag_as_videoflip(self):
        """All eight orientations of a picture without symmetry."""
        source = "videotestsrc num-buffers=1 ! video/x-raw,format=RGB,width=64,height=48"
        for mirrored in ("", "flip-"):
            for angle in (0, 90, 180, 270):
                tag = f"{mirrored}rotate-{angle}"
                with self.subTest(tag):
                    inject = f"{source} ! taginject tags=image-orientation={tag}"
                    ours = launch(f"{inject} ! fitscale")
                    theirs = launch(f"{inject} ! videoflip video-direction=auto")
                    self.assertEqual(ours, theirs)

    def test_left_as_stored(self):
        ours = decoded("mov/rot90_568x320_3frames.mov", "auto-orient=false", 568, 320)
        self.assertEqual(len(ours), 3)

    def test_not_turned_twice(self):
        path = media("mov/rot90_568x320_3frames.mov")
        head = f"filesrc location={path} ! decodebin ! fitscale"
        rgb = "video/x-raw,format=RGB"
        once = launch(f"{head} ! {rgb}")
        again = launch(f"{head} ! {rgb} ! videoflip video-direction=auto ! {rgb}")
        self.assertEqual(once, again)


class Hdr(unittest.TestCase):
    """HLG and PQ beside ffmpeg's zscale and tonemap=hable."""

    CLIPS = [
        ("mp4/hdr_hlg_640x360_hevc.mov", 640, 360),
        ("mp4/pixel_hdr10_av1_720x1280.mp4", 720, 1280),
    ]

    def test_tone_mapping(self):
        for path, width, height in self.CLIPS:
            with self.subTest(path):
                ours = decoded(path, "", width, height, "videorate drop-only=true max-rate=1 ! ")[:1]
                theirs = reference(path, TONE_MAP, width, height, ["-frames:v", "1"])
                self.assertEqual(len(ours), 1)
                luma = [float((p * (0.2126, 0.7152, 0.0722)).sum(-1).mean()) for p in (ours, theirs)]
                print(f"{path}: luma {luma[0]:.2f} and {luma[1]:.2f}, {psnr(ours, theirs):.1f} dB")
                self.assertAlmostEqual(luma[0] / luma[1], 1, delta=0.05)
                self.assertGreater(psnr(ours, theirs), 38)


class Alpha(unittest.TestCase):
    def test_invisible_colours_do_not_bleed(self):
        picture = np.zeros((60, 80, 4), np.uint8)
        picture[:, :40] = (10, 20, 240, 255)
        picture[:, 40:] = (255, 255, 255, 0)
        caps = "video/x-raw,format=RGBA,width=80,height=60,framerate=25/1"
        ours = frames(launch_raw(picture.tobytes(), caps, "fitscale width=33 height=25"), 33, 25, 4)[0]
        visible = ours[ours[:, :, 3] > 16]
        self.assertLessEqual(np.abs(visible[:, :3] - (10, 20, 240)).max(), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
