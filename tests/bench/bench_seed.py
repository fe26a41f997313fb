# SPDX-License-Identifier: LGPL-2.1-or-later
"""The service page's first request (a frame a second, half size, WebP) beside ffmpeg.

Prints CPU, wall, peak memory and bytes of gst-animate-1.0 and of an ffmpeg command line that makes
the same animation, and their ratios.
"""

import os
import pathlib
import subprocess
import tempfile

import measure

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TASK = SOURCE / "examples" / "tasks" / "seed-whole.json"
MEDIA = pathlib.Path(os.environ["ANIM_MEDIA"])


def long_clip(folder):
    """A minute of 480p H.264: the 5 s sample twelve times, without encoding it again."""
    clip = folder / "minute.mov"
    sample = MEDIA / "mp4" / "bbb_480p_5s_h264_b.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-stream_loop", "11", "-i", sample, "-c", "copy", clip], check=True
    )
    return clip


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        source = folder / "test-bucket" / "video-demo" / "brewing.mov"
        source.parent.mkdir(parents=True)
        long_clip(folder).rename(source)
        ours_out = source.parent / "animation.webp"
        peer_out = folder / "peer.webp"
        ours = measure.cost(["gst-animate-1.0", "-q", "--storage-root", name, str(TASK)])
        peer = measure.cost(measure.ffmpeg_animation(source, 1, peer_out))
        measure.print_table(
            "one frame a second of 60 s of 854x480 H.264, half size, WebP quality 75",
            [
                ("gst-animate-1.0", ours, ours_out.stat().st_size),
                ("ffmpeg", peer, peer_out.stat().st_size),
            ],
        )


if __name__ == "__main__":
    main()
