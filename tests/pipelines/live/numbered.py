# SPDX-License-Identifier: LGPL-2.1-or-later
"""Video whose every frame says its number, and how the number is read out of a picture.

The upper half holds sixteen blocks, black or white: twelve bits of the number and four that check
them. That survives coding, scaling and palettes. The lower half has colours and moves.
"""
import os
import subprocess

import numpy
from PIL import Image

COLUMNS, ROWS = 8, 2
BITS = COLUMNS * ROWS
COUNT = 1 << 12
BLACK, WHITE = 16, 235
# Luma of a block's middle that is neither clearly black nor white: the picture is damaged.
UNSURE = (90, 165)


def code(number):
    check = (number ^ number >> 4 ^ number >> 8 ^ 0b1010) & 15
    return number | check << 12


def picture(number, width, height):
    """The frame as I420 bytes."""
    luma = numpy.empty((height, width), numpy.uint8)
    bits = [code(number) >> bit & 1 for bit in range(BITS)]
    blocks = numpy.where(numpy.array(bits).reshape(ROWS, COLUMNS), WHITE, BLACK).astype(numpy.uint8)
    half = height // 2
    rows = numpy.arange(half) * ROWS // half
    columns = numpy.arange(width) * COLUMNS // width
    luma[:half] = blocks[rows[:, None], columns]
    luma[half:] = BLACK + (numpy.arange(width) + 4 * number) % 200
    chroma_size = (height // 2) * (width // 2)
    chroma = bytes([64 + number * 5 % 128]) * chroma_size + bytes([64 + number * 3 % 128]) * chroma_size
    return luma.tobytes() + chroma


def read_luma(luma):
    """The number in a picture, an array of luma or grey; None if it cannot be told."""
    half, width = luma.shape[0] // 2, luma.shape[1]
    number = 0
    for bit in range(BITS):
        row, column = divmod(bit, COLUMNS)
        y = (2 * row + 1) * half // (2 * ROWS)
        x = (2 * column + 1) * width // (2 * COLUMNS)
        reach = max(1, width // COLUMNS // 6)
        mean = luma[y - reach:y + reach, x - reach:x + reach].mean()
        if UNSURE[0] < mean < UNSURE[1]:
            return None
        number |= int(mean > UNSURE[0]) << bit
    return number % COUNT if code(number % COUNT) == number else None


def read_animation(path):
    """(number, milliseconds) of each frame of a WebP or GIF, as Pillow sees it."""
    frames = []
    with Image.open(path) as image:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            image.load()
            frames.append((read_luma(numpy.asarray(image.convert("L"))), image.info["duration"]))
    return frames


def encode(path, options, frames, rate=30, size=(320, 180), first=0):
    """Writes `frames` numbered frames as ffmpeg's `options` say."""
    width, height = size
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p",
               "-s", f"{width}x{height}", "-r", str(rate), "-i", "-", *options.split(), str(path)]
    environment = {**os.environ, "SVT_LOG": "0"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        for number in range(first, first + frames):
            process.stdin.write(picture(number, width, height))
        process.stdin.close()
    if process.returncode != 0:
        raise RuntimeError(f"ffmpeg ended with {process.returncode}: {' '.join(command)}")
    return path
