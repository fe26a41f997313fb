# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands that make an animated GIF of the RGB of a raw clip: ours and the peers'."""

import os
import pathlib
import shlex

import raw_clips

GIFSKI = pathlib.Path(os.environ["ANIM_BENCH_MODULES"], "gifski", "bin", "debian", "gifski")
BAYER = ("split[a][b];[a]palettegen=stats_mode=diff[p];"
         "[b][p]paletteuse=dither=bayer:bayer_scale=3:diff_mode=rectangle")
DEFAULT = "split[a][b];[a]palettegen[p];[b][p]paletteuse"


def ours(clip, quality, out, threads=1, properties=()):
    return ["gst-launch-1.0", "-q", *clip.as_rgb().gst_input(), "!", "animgifenc",
            f"quality={quality}", f"n-threads={threads}", *properties, "!", "filesink",
            f"location={out}"]


def ours_nothing(clip):
    """What reading the clip costs, without encoding."""
    return ["gst-launch-1.0", "-q", *clip.as_rgb().gst_input(), "!", "fakesink"]


def frames_of(clip):
    """The clip as PNG files, which gifski reads; made once, hardly compressed, without chunks of colour."""
    folder = pathlib.Path(f"{clip.raw}.gifski.d")
    if not folder.exists():
        folder.mkdir()
        raw_clips.ffmpeg(*clip.as_rgb().ffmpeg_input(), "-compression_level", 1, folder / "%04d.png")
    return [str(path) for path in sorted(folder.iterdir())]


def gifski(clip, quality, out):
    """At the clip's size: by itself it makes larger pictures smaller."""
    if not GIFSKI.exists():
        raise SystemExit(f"{GIFSKI} is missing: tests/run installs it")
    return [str(GIFSKI), "--quiet", "-r", str(raw_clips.RATE), "-W", str(clip.width), "-H",
            str(clip.height), "-Q", str(quality), "-o", str(out), *frames_of(clip)]


def gifski_nothing(clip):
    """Reading the PNG files, by ffmpeg."""
    folder = pathlib.Path(frames_of(clip)[0]).parent
    return ["ffmpeg", "-v", "error", "-threads", "1", "-i", str(folder / "%04d.png"), "-f", "null", "-"]


def ffmpeg(clip, filters, out):
    return ["ffmpeg", "-v", "error", "-y", *clip.as_rgb().ffmpeg_input(), "-vf", filters,
            "-f", "gif", str(out)]


def ffmpeg_nothing(clip):
    return ["ffmpeg", "-v", "error", "-y", *clip.as_rgb().ffmpeg_input(), "-f", "null", "-"]


def default(clip, _, out):
    return ffmpeg(clip, DEFAULT, out)


def bayer(clip, _, out):
    return ffmpeg(clip, BAYER, out)


def gifsicle(clip, _, out):
    """What makes the GIF of ffmpeg's defaults smaller."""
    return ["sh", "-c", f"{shlex.join(ffmpeg(clip, DEFAULT, '-'))} | "
            f"gifsicle -O3 --lossy=80 --no-warnings -o {shlex.quote(str(out))}"]


# By name: the command of (clip, quality, out), what reading costs it, and its qualities.
PEERS = {
    "gifski": (gifski, gifski_nothing, [30, 50, 70, 85, 100]),
    "default": (default, ffmpeg_nothing, [0]),
    "bayer": (bayer, ffmpeg_nothing, [0]),
    "gifsicle": (gifsicle, ffmpeg_nothing, [0]),
}
