# SPDX-License-Identifier: LGPL-2.1-or-later
"""That an encoder's memory does not grow with the number of frames."""

import bench_tables
import measure

FEW, MANY = 100, 10000
PATTERNS = "ball", "snow"


def peak(encoder, pattern, frames, out):
    """MiB, of a synthetic picture, to a file."""
    return measure.peak_memory(
        ["gst-launch-1.0", "-q", "videotestsrc", f"num-buffers={frames}", f"pattern={pattern}", "!",
         "video/x-raw,format=I420,width=160,height=120", "!", encoder, "!", "filesink", f"location={out}"])


def targets(encoder, folder):
    """Of each pattern: at most a fifth and 8 MiB more."""
    found = []
    for pattern in PATTERNS:
        few, many = (peak(encoder, pattern, count, folder / "memory.out") for count in (FEW, MANY))
        print(f"memory of {pattern}: {few:.1f} MiB for {FEW} frames, {many:.1f} for {MANY}", flush=True)
        found.append(bench_tables.Target(f"memory, 10 000 frames of {pattern}, over 1.2 of 100's + 8 MiB",
                                        1, many / (1.2 * few + 8)))
    return found
