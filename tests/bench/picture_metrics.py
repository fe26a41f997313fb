# SPDX-License-Identifier: LGPL-2.1-or-later
"""How like two pictures are, by other measures than SSIMULACRA2: a second and a third opinion.

Pictures are arrays of RGB. More is better, but for butteraugli, which is a distance.
"""

import shutil
import subprocess
import tempfile

import numpy

EQUAL = 100.0  # decibels of what is the same
WINDOW = 8


def luma(pictures):
    return pictures.astype(numpy.float32) @ numpy.array([0.299, 0.587, 0.114], numpy.float32)


def decibels(part):
    """Of an error that is a part of 1."""
    return EQUAL if part <= 0 else min(EQUAL, float(-10 * numpy.log10(part)))


def psnr(source, shown):
    """Of the mean square error of all samples."""
    error = (source.astype(numpy.float32) - shown) ** 2
    return decibels(error.mean(dtype=numpy.float64) / 255**2)


def window_means(plane):
    """Of each window of 8×8, at each pixel."""
    total = numpy.pad(plane.cumsum(0, dtype=numpy.float64).cumsum(1), ((1, 0), (1, 0)))
    return (total[WINDOW:, WINDOW:] - total[:-WINDOW, WINDOW:] - total[WINDOW:, :-WINDOW]
            + total[:-WINDOW, :-WINDOW]) / WINDOW**2


def ssim(source, shown):
    """Of luma, from 0 to 1 where they are the same."""
    a, b = luma(source).astype(numpy.float64), luma(shown).astype(numpy.float64)
    mean_a, mean_b = window_means(a), window_means(b)
    variance_a = window_means(a * a) - mean_a**2
    variance_b = window_means(b * b) - mean_b**2
    covariance = window_means(a * b) - mean_a * mean_b
    steady, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    likeness = ((2 * mean_a * mean_b + steady) * (2 * covariance + contrast)
                / ((mean_a**2 + mean_b**2 + steady) * (variance_a + variance_b + contrast)))
    return float(likeness.mean())


def has_butteraugli():
    """libjxl's program, Debian package libjxl-devtools: not needed, used where it is."""
    return shutil.which("butteraugli_main") is not None


def butteraugli(source, shown):
    """The 3-norm of the distance: 0 = the same, about 1 = hardly seen."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{name}.ppm" for name in ("source", "shown")]
        for path, picture in zip(paths, (source, shown)):
            with open(path, "wb") as file:
                file.write(b"P6 %d %d 255\n" % (picture.shape[1], picture.shape[0]))
                file.write(numpy.ascontiguousarray(picture).tobytes())
        said = subprocess.run(["butteraugli_main", *paths], check=True, capture_output=True, text=True)
    return float(said.stdout.split("3-norm:")[1].split()[0])
