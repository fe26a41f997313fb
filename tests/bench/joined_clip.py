# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes long clips of real content, with a cut every 2 to 5 s, out of pieces of the test clips."""

import json
import os
import pathlib
import subprocess

MEDIA = pathlib.Path(os.environ["ANIM_MEDIA"])
CLIPS = [
    "mp4/flower_960x540_h264.mp4", "mp4/gopro_walk_848x480.mp4", "mp4/ducks_720p_h264_gop91.mp4",
    "mp4/bbb_480p_5s_h264_b.mp4", "mp4/nasa_two_video_tracks.mp4", "wmv/lego_wmv2_320x240.wmv",
    "webm/flower_960x540_vp8.webm", "webm/roadtrip_vp9_profile2_10bit.webm",
    "avi/bird_xvid_960x400.avi", "mp4/terminal_640x480_vfr.mp4", "rm/lego_rv10_ac3_352x288.rm",
]
LENGTHS = [2, 3.3, 4.6, 2.5, 3.9, 2.2]  # seconds of a piece


def duration(path):
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json", path]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(json.loads(said)["format"]["duration"])


def make(target, size, seconds, encoder, rate=25):
    """Pieces of the clips in turn, from another place each time; at least `seconds`."""
    found = [(path, duration(path)) for path in (MEDIA / clip for clip in CLIPS) if path.exists()]
    inputs, filters, total, count = [], "", 0, 0
    while total < seconds:
        path, whole = found[count % len(found)]
        length = min(LENGTHS[count % len(LENGTHS)], whole - 0.1)
        start = count * 1.7 % max(whole - length - 0.05, 0.01)
        inputs += ["-ss", f"{start:.2f}", "-t", f"{length:.2f}", "-i", str(path)]
        filters += f"[{count}:v:0]fps={rate},scale={size},setsar=1,format=yuv420p[v{count}];"
        total, count = total + length, count + 1
    joined = "".join(f"[v{i}]" for i in range(count)) + f"concat=n={count}:v=1[out]"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", filters + joined]
        + ["-map", "[out]", "-c:v", *encoder, str(target)],
        check=True, env={**os.environ, "SVT_LOG": "1"})
