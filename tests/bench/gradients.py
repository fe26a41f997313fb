# SPDX-License-Identifier: LGPL-2.1-or-later
"""How smooth an animation looks from afar: compared at half the size.

The eye, and a screen of high density, take dithered pixels together; metrics at full size do not, and
so only ever punish dithering. Here the mean of each 2×2 pixels is taken in linear light (sRGB's
transfer function), which is right for dithering and leaves bands as they are.
"""

import dataclasses
import math
import pathlib

import numpy

import picture_quality


@dataclasses.dataclass
class Smoothness:
    """PSNR in dB over all samples of RGB, and the mean of SSIMULACRA2."""

    psnr: float
    quality: float


def halved(pictures):
    """Packed RGB at half the size; an odd last row or column is left out."""
    count, height, width, _ = pictures.shape
    levels = numpy.arange(256) / 255
    light = numpy.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    light = light.astype(numpy.float32)[pictures[:, :height // 2 * 2, :width // 2 * 2]]
    light = light.reshape(count, height // 2, 2, width // 2, 2, 3).mean(axis=(2, 4))
    levels = numpy.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return numpy.round(levels * 255).astype(numpy.uint8)


def psnr(a, b):
    error = numpy.mean((a.astype(numpy.float32) - b) ** 2)
    return 10 * math.log10(255**2 / error) if error > 0 else math.inf


def measure(path, clip, every=1):
    shown = halved(numpy.stack(picture_quality.decoded(path, clip)))
    source = numpy.fromfile(clip.rgb, numpy.uint8).reshape(-1, clip.height, clip.width, 3)
    source = halved(source)
    folder = pathlib.Path(path).parent
    small = dataclasses.replace(clip, rgb=folder / "halved.source", width=clip.width // 2,
                                height=clip.height // 2)
    rgb = folder / "halved.shown"
    source.tofile(small.rgb)
    shown.tofile(rgb)
    found = picture_quality.scores(small, rgb, every)
    small.rgb.unlink()
    rgb.unlink()
    return Smoothness(psnr(source, shown), float(numpy.mean(found)))
