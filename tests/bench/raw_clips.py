# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same frames for every encoder: raw files made once of real clips.

A clip is I420 (BT.601, limited range, as WebP means it) or RGB, beside the RGB that a WebP without any
loss would show of it, which is what quality is measured against and what lossless encoders are
given. Clips of `ANIM_FULL_MEDIA` are taken as well.
"""

import dataclasses
import os
import pathlib
import subprocess

import numpy

import drawn_screens

MEDIA = pathlib.Path(os.environ["ANIM_MEDIA"])
FULL_MEDIA = os.environ.get("ANIM_FULL_MEDIA")
RATE = 12  # frames a second
LONG_SIDE = 480


@dataclasses.dataclass
class Source:
    """`kind` is what it shows; `start` in seconds; `filters` of ffmpeg come first.

    Without `path` it is drawn by `drawn_screens`.
    """

    name: str
    kind: str
    path: str
    start: float = 0
    filters: str = ""


HELD = f"loop=-1:1:0,setpts=N/{RATE}/TB,"  # the first picture, for ever
# With the noise of a camera in the dark.
STILL = f"{HELD}noise=alls=4:allf=t:all_seed=1,"
# What changes by less than a level from frame to frame, or moves by a third of a pixel.
FADE = f"{HELD}fade=t=out:d=25,"
PAN = f"{HELD}scale=1920:-2,crop=1600:ih-32:x=n:y=8,"

# The first two are the short form.
SOURCES = [
    Source("bunny", "animation", "mp4/bbb_480p_5s_h264_b.mp4"),
    Source("terminal", "recorded screen", "mp4/terminal_640x480_vfr.mp4"),
    Source("drawn-text", "captured screen", ""),
    Source("drawn-window", "captured screen", ""),
    Source("page", "captured screen", ""),
    Source("bird", "action", "avi/bird_xvid_960x400.avi"),
    Source("carphone", "talking head", "mp4/carphone_qcif_sar128-117.mp4"),
    Source("nasa", "talking head", "mp4/nasa_two_video_tracks.mp4", 2),
    Source("van", "static camera", "ogv/van_352x288_sar640-429.ogv"),
    Source("still", "still with noise", "ogv/van_352x288_sar640-429.ogv", filters=STILL),
    Source("still-desk", "still with noise", "webm/desk_1080p_vp9.webm",
           filters=STILL.replace("alls=4", "alls=7")),
    Source("fade", "slow change", "mp4/bbb_480p_5s_h264_b.mp4", 3, FADE),
    Source("pan", "slow change", "mp4/bbb_480p_5s_h264_b.mp4", 1, PAN),
    Source("lego", "sensor noise", "wmv/lego_wmv2_320x240.wmv"),
    Source("numbered", "text", "mkv/numbered_30fps_h264_b.mkv"),
    Source("credits", "text", "webm/yuv444_vp9_400x250_5fps.webm"),
    Source("phone", "portrait", "mp4/pixel_hdr10_av1_720x1280.mp4"),
    Source("walk", "action", "mp4/gopro_walk_848x480.mp4", 2),
    Source("elephants", "animation", "mkv/elephants_dream_many_tracks.mkv"),
    Source("talking", "talking head", "mp4/man_talking_480x320_datatracks.mp4", 3),
    Source("desk", "static camera", "webm/desk_1080p_vp9.webm"),
    Source("akiyo", "static camera", "raw/akiyo_cif_vp9.webm"),
    Source("friday", "sensor noise", "mp4/friday_bw_film.mp4"),
    Source("asl", "sensor noise", "mkv/asl_again_640x480.mkv"),
    Source("firefox", "recorded screen", "webm/screen_firefox_1080p_vp8.webm"),
    Source("phone-app", "recorded screen", "mp4/screen_phone_540x960.mp4"),
    Source("pdf", "text", "derived/pdf_text_1024x768_10fps.mp4"),
    Source("marathon", "sport", "mp4/marathon_720x400_run.mp4"),
    Source("ducks", "sport", "mp4/ducks_720p_h264_gop91.mp4"),
    Source("iphone", "portrait", "mov/iphone_portrait_rot-90.mov"),
]


MOTION = ["mp4/ducks_720p_h264_gop91.mp4", "mp4/bbb_480p_5s_h264_b.mp4"]  # the first that is here


@dataclasses.dataclass
class RawClip:
    """`raw` holds `frames` pictures in ffmpeg's `pixels`; `rgb` the same as packed RGB."""

    name: str
    kind: str
    raw: pathlib.Path
    rgb: pathlib.Path
    pixels: str
    width: int
    height: int
    frames: int

    def ffmpeg_input(self):
        return ["-f", "rawvideo", "-pix_fmt", self.pixels, "-s", f"{self.width}x{self.height}"] + [
            "-r", str(RATE), "-i", str(self.raw)]

    def gst_input(self):
        pixels = {"yuv420p": "i420", "rgb24": "rgb"}[self.pixels]
        return ["filesrc", f"location={self.raw}", f"blocksize={self.frame_bytes()}", "!",
                "rawvideoparse", f"format={pixels}", f"width={self.width}",
                f"height={self.height}", f"framerate={RATE}/1"]

    def as_rgb(self):
        return dataclasses.replace(self, raw=self.rgb, pixels="rgb24")

    def frame_bytes(self):
        """Sides are even."""
        return self.width * self.height * (6 if self.pixels == "rgb24" else 3) // 2


def find(source):
    """The clip's file, or None where this machine has none."""
    folders = [MEDIA] + ([pathlib.Path(FULL_MEDIA)] if FULL_MEDIA else [])
    return next((f / source.path for f in folders if (f / source.path).is_file()), None)


def can_make(source):
    """Whether its file, or the program that draws it, is here."""
    return bool(find(source)) if source.path else drawn_screens.can_draw(source.name)


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


def size_of(path):
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
         "stream=width,height", "-of", "csv=p=0", path], check=True, capture_output=True, text=True)
    width, height = said.stdout.strip().rstrip(",").split(",")[:2]
    return int(width), int(height)


def make(source, folder, frames):
    """The raw clip of a source, at most `frames` long; None where it cannot be made.

    Its width is a multiple of 8: GStreamer pads rows of raw video to 4 bytes, ffmpeg does not.
    """
    if not can_make(source):
        return None
    if not source.path:
        return draw_screen(source, folder, frames)
    path = find(source)
    first = folder / f"{source.name}.nut"
    scale = (f"{source.filters}fps={RATE},scale='if(gt(iw,ih),min({LONG_SIDE},iw),-2)':'if(gt(iw,ih),-2,"
             f"min({LONG_SIDE},ih))':out_color_matrix=bt601:out_range=tv,"
             "crop=trunc(iw/8)*8:trunc(ih/2)*2,setsar=1,format=yuv420p")
    ffmpeg("-ss", source.start, "-i", path, "-map", "0:v:0", "-vf", scale, "-frames:v", frames,
           "-c:v", "rawvideo", first)
    width, height = size_of(first)
    clip = RawClip(source.name, source.kind, folder / f"{source.name}.yuv",
                   folder / f"{source.name}.rgb", "yuv420p", width, height, 0)
    ffmpeg("-i", first, "-f", "rawvideo", clip.raw)
    first.unlink()
    clip.frames = clip.raw.stat().st_size // clip.frame_bytes()
    with open(clip.raw, "rb") as raw, open(clip.rgb, "wb") as rgb:
        while frame := raw.read(clip.frame_bytes()):
            shown_as_webp(frame, width, height).tofile(rgb)
    return clip


def make_motion(folder, pixels):
    """240 frames of 720p in full motion, for wall times; in ffmpeg's `pixels`."""
    path = next(filter(None, (find(Source("motion", "", path)) for path in MOTION)))
    raw = folder / "motion.raw"
    ffmpeg("-stream_loop", -1, "-i", path, "-map", "0:v:0", "-vf", f"scale=1280:720,format={pixels}",
           "-frames:v", 240, "-f", "rawvideo", raw)
    return RawClip("motion", "", raw, raw, pixels, 1280, 720, 240)


def shown_as_webp(i420, width, height):
    """RGB of an I420 picture in the arithmetic of libwebp's decoder, chroma interpolated."""
    samples = numpy.frombuffer(i420, numpy.uint8)
    luma = samples[:width * height].reshape(height, width).astype(numpy.int32) * 19077 >> 8
    u, v = (twice(plane.reshape(height // 2, width // 2).astype(numpy.int32))
            for plane in numpy.split(samples[width * height:], 2))
    planes = [luma + (v * 26149 >> 8) - 14234,
              luma - (u * 6419 >> 8) - (v * 13320 >> 8) + 8708,
              luma + (u * 33050 >> 8) - 17685]
    return numpy.clip(numpy.stack(planes, axis=-1) >> 6, 0, 255).astype(numpy.uint8)


def twice(plane):
    """A plane of chroma at twice its size: nine, three, three and one parts of the four nearest."""
    padded = numpy.pad(plane, 1, mode="edge")
    out = numpy.empty((2 * plane.shape[0], 2 * plane.shape[1]), numpy.int32)
    for row in (0, 1):
        for column in (0, 1):
            near = slice(1, -1)
            beside_y = slice(2, None) if row else slice(None, -2)
            beside_x = slice(2, None) if column else slice(None, -2)
            out[row::2, column::2] = (
                9 * padded[near, near] + 3 * padded[beside_y, near] + 3 * padded[near, beside_x]
                + padded[beside_y, beside_x] + 8) >> 4
    return out


def draw_screen(source, folder, frames):
    """A screen in exact colours."""
    path = folder / f"{source.name}.rgb"
    drawn_screens.draw(source.name, frames, path)
    return RawClip(source.name, source.kind, path, path, "rgb24", drawn_screens.WIDTH,
                   drawn_screens.HEIGHT, frames)
