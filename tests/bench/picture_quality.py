# SPDX-License-Identifier: LGPL-2.1-or-later
"""How an animation looks beside its source, frame by frame on the composited canvas.

Pillow (libwebp's and its own GIF decoder, none of ours) reads it; frames are held as long as they
last, so that a merged or late one is compared with every picture that it stands for.
"""

import dataclasses
import os
import pathlib
import subprocess

import numpy
from PIL import Image

import picture_metrics
import raw_clips

STILL = 1  # level of luma by which a pixel of the source may change and count as static


@dataclasses.dataclass
class Quality:
    """`mean` and `worst` (5th percentile of the frames) of SSIMULACRA2 2.1.

    `ghost`: 99th percentile of the RMSE of luma over all blocks of 8×8 of all frames.
    `flicker`: how much static pixels move in the animation beyond the source's, mean levels.
    `psnr` and `ssim` in dB (of an SSIM of 0.9 it is 10, of 0.99 20); `butteraugli` is None where it was
    not asked for.
    """

    mean: float
    worst: float
    ghost: float
    flicker: float
    psnr: float
    ssim: float
    butteraugli: float | None


@dataclasses.dataclass
class Point:
    """Of a curve of rate and quality; `size` in bytes."""

    quality: Quality
    size: int

    def rate(self, metric="mean"):
        """(quality, bytes): of every metric more is better."""
        value = getattr(self.quality, metric)
        return (-value if metric == "butteraugli" else value), self.size

    def is_exact(self):
        return self.quality.psnr == 100


def decoded(path, clip):
    """What is on screen in the middle of each frame of the clip, as RGB arrays."""
    with Image.open(path) as animation:
        if animation.size != (clip.width, clip.height):
            raise SystemExit(f"{path}: {animation.size} instead of {clip.width}x{clip.height}")
        starts, now = [], 0.0
        for index in range(getattr(animation, "n_frames", 1)):
            animation.seek(index)
            picture = numpy.asarray(animation.convert("RGB"))  # reads the frame, then its time
            starts.append((now, picture))
            now += animation.info.get("duration", 0)
    shown = []
    for frame in range(clip.frames):
        middle = (frame + 0.5) * 1000 / raw_clips.RATE
        shown.append(next(p for start, p in reversed(starts) if start <= middle))
    return shown


def ghost(source, shown):
    height, width = source.shape[1] // 8 * 8, source.shape[2] // 8 * 8
    error = (source - shown)[:, :height, :width] ** 2
    blocks = error.reshape(len(error), height // 8, 8, width // 8, 8).mean(axis=(2, 4))
    return float(numpy.percentile(numpy.sqrt(blocks), 99))


def flicker(source, shown):
    moved = numpy.diff(source, axis=0)
    static = numpy.abs(moved) <= STILL
    if not static.any():
        return 0.0
    return float(numpy.abs(numpy.diff(shown, axis=0) - moved)[static].mean())


def scores(clip, rgb, every):
    """SSIMULACRA2 of each `every`th frame of a file of packed RGB."""
    tool = pathlib.Path(os.environ["ANIM_BUILD"]) / "tests" / "bench" / "score_frames"
    said = subprocess.run(
        [tool, str(clip.width), str(clip.height), clip.rgb, rgb, str(every)],
        check=True, capture_output=True, text=True)
    return [float(line) for line in said.stdout.split()]


def frame_scores(path, clip, every=1):
    """SSIMULACRA2 of each `every`th frame of an animation."""
    return score_shown(path, clip, numpy.stack(decoded(path, clip)), every)


def other_scores(source, shown, every, butteraugli_every):
    """Of each `every`th frame; butteraugli, which is slow, of each so many of those (0 = of none)."""
    pairs = list(zip(source[::every], shown[::every]))
    distances = [picture_metrics.butteraugli(*pair) for pair in pairs[::butteraugli_every]
                 ] if butteraugli_every else []
    return (picture_metrics.psnr(source[::every], shown[::every]),
            picture_metrics.decibels(1 - numpy.mean([picture_metrics.ssim(*p) for p in pairs])),
            float(numpy.mean(distances)) if distances else None)


def score_shown(path, clip, shown, every):
    rgb = path.with_suffix(".shown")
    shown.tofile(rgb)
    found = scores(clip, rgb, every)
    rgb.unlink()
    return found


def measure(path, clip, every=1, butteraugli_every=0):
    shown = numpy.stack(decoded(path, clip))
    found = score_shown(path, clip, shown, every)
    source = numpy.fromfile(clip.rgb, numpy.uint8).reshape(shown.shape)
    others = other_scores(source, shown, every, butteraugli_every)
    source, shown = picture_metrics.luma(source), picture_metrics.luma(shown)
    return Quality(float(numpy.mean(found)), float(numpy.percentile(found, 5)),
                   ghost(source, shown), flicker(source, shown), *others)
