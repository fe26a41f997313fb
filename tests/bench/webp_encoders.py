# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands that make an animated WebP of a raw clip: ours and the peers'."""

import os
import pathlib
import subprocess

import raw_clips
import result_cache

PRESETS = [pathlib.Path(__file__).parents[2] / "plugins" / "animwebp" / "GstAnimWebpEnc.prs"]
LOSSLESS = 101  # a quality that means: keep every pixel


def ours(clip, quality, out, threads=1, properties=()):
    settings = [f"quality={quality}"]
    if quality == LOSSLESS:
        clip, settings = clip.as_rgb(), ["lossless=true"]
    return ["gst-launch-1.0", "-q", *clip.gst_input(), "!", "animwebpenc", f"n-threads={threads}",
            *settings, *properties, "!", "filesink", f"location={out}"]


def ours_nothing(clip):
    """What reading the clip costs, without encoding."""
    return ["gst-launch-1.0", "-q", *clip.gst_input(), "!", "fakesink"]


def ffmpeg(clip, encoder, quality, out, threads=1):
    settings = ["-quality", str(quality)]
    if quality == LOSSLESS:
        clip, settings = clip.as_rgb(), ["-lossless", "1", "-pix_fmt", "bgra"]
    return ["ffmpeg", "-v", "error", "-y", *clip.ffmpeg_input(), "-c:v", encoder, *settings,
            "-threads", str(threads), "-loop", "0", str(out)]


def ffmpeg_nothing(clip):
    return ["ffmpeg", "-v", "error", "-y", *clip.ffmpeg_input(), "-f", "null", "-"]


def anim(clip, quality, out):
    return ffmpeg(clip, "libwebp_anim", quality, out)


def full(clip, quality, out):
    """Every frame whole."""
    return ffmpeg(clip, "libwebp", quality, out)


def ours_build():
    """Tells one build of ours from another."""
    plugin = pathlib.Path(os.environ["ANIM_BUILD"]) / "plugins" / "animwebp" / "libgstanimwebp.so"
    return result_cache.digest(plugin, *PRESETS)


def png_folder(clip):
    return pathlib.Path(f"{clip.raw}.png.d")


def mixed(clip, quality, out):
    """img2webp, which chooses lossy or lossless for each frame; reads PNG, made once."""
    folder = png_folder(clip)
    if not folder.exists():
        folder.mkdir()
        subprocess.run(["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s",
                        f"{clip.width}x{clip.height}", "-i", str(clip.rgb), str(folder / "%04d.png")],
                       check=True)
    frames = [str(path) for path in sorted(folder.iterdir())]
    how = "-lossless" if quality == LOSSLESS else "-mixed"
    quality = 75 if quality == LOSSLESS else quality  # without loss: the effort
    return ["img2webp", how, "-d", str(round(1000 / raw_clips.RATE)), "-q", str(quality),
            *frames, "-o", str(out)]


PEERS = {"anim": anim, "full": full}
SCREEN_KINDS = ("captured screen", "recorded screen", "text")
