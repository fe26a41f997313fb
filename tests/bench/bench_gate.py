# SPDX-License-Identifier: LGPL-2.1-or-later
"""Decoding only what is shown: the seed's first request at several intervals, beside ffmpeg.

The clip is three minutes of 1080p H.264 with a cut every 2 to 5 s, made of the test clips. For each
interval it prints what gst-animate-1.0 and ffmpeg cost, and the floor: the share of the units, and
of the CPU of decoding everything, that the samples depend on by samplegate's rules.
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile

import measure

MEDIA = pathlib.Path(os.environ["ANIM_MEDIA"])
CLIPS = [
    "mp4/flower_960x540_h264.mp4", "mp4/gopro_walk_848x480.mp4", "mp4/ducks_720p_h264_gop91.mp4",
    "mp4/bbb_480p_5s_h264_b.mp4", "mp4/nasa_two_video_tracks.mp4", "wmv/lego_wmv2_320x240.wmv",
    "webm/flower_960x540_vp8.webm", "webm/roadtrip_vp9_profile2_10bit.webm",
    "avi/bird_xvid_960x400.avi", "mp4/terminal_640x480_vfr.mp4", "rm/lego_rv10_ac3_352x288.rm",
]
LENGTHS = [2, 3.3, 4.6, 2.5, 3.9, 2.2]  # seconds of a piece
SECONDS = 180
INTERVALS = ["1", "5", "30"]


def duration(path):
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json", path]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(json.loads(said)["format"]["duration"])


def make_clip(target):
    """Pieces of the clips in turn, from another place each time."""
    found = [(path, duration(path)) for path in (MEDIA / clip for clip in CLIPS) if path.exists()]
    inputs, filters, total, count = [], "", 0, 0
    while total < SECONDS:
        path, whole = found[count % len(found)]
        length = min(LENGTHS[count % len(LENGTHS)], whole - 0.1)
        start = count * 1.7 % max(whole - length - 0.05, 0.01)
        inputs += ["-ss", f"{start:.2f}", "-t", f"{length:.2f}", "-i", str(path)]
        filters += f"[{count}:v:0]fps=25,scale=1920:1080,setsar=1,format=yuv420p[v{count}];"
        total, count = total + length, count + 1
    joined = "".join(f"[v{i}]" for i in range(count)) + f"concat=n={count}:v=1[out]"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", filters + joined]
        + ["-map", "[out]", "-c:v", "libx264", str(target)], check=True)


def gated(clip, interval):
    """Parsing, the gate and the decoder alone; the gate's stats are printed at the end."""
    rate = f"rate=1/{interval}" if interval else ""
    return ["gst-launch-1.0", "-v", "filesrc", f"location={clip}", "!", "qtdemux", "!",
            "h264parse", "!", "samplegate", *rate.split(), "!", "avdec_h264", "!", "fakesink",
            "sync=false"]


def passed_share(clip, interval):
    program = (
        "import sys, gi; gi.require_version('Gst', '1.0'); from gi.repository import Gst\n"
        "Gst.init(None); p = Gst.parse_launch(sys.argv[1]); p.set_state(Gst.State.PLAYING)\n"
        "p.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS)\n"
        "print(p.get_by_name('g').get_property('stats').to_string())")
    line = (f"filesrc location={clip} ! qtdemux ! h264parse ! samplegate name=g rate=1/{interval} "
            "! fakesink sync=false")
    said = subprocess.run(["python3", "-c", program, line], check=True, capture_output=True,
                          text=True).stdout
    number = {name: int(value) for name, value in re.findall(r"([a-z-]+)=\(guint64\)(\d+)", said)}
    return number["passed"] / number["units-in"]


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clip, ours_out, peer_out = folder / "clip.mp4", folder / "ours.webp", folder / "peer.webp"
        make_clip(clip)
        full = measure.cost(gated(clip, None))
        for interval in INTERVALS:
            ours = measure.cost(
                ["gst-animate-1.0", "-q", str(clip), "-o", str(ours_out), "--interval", interval]
                + ["--frame-rate", "15", "--width", "0.5", "--height", "0.5"])
            peer = measure.cost(
                ["ffmpeg", "-v", "error", "-y", "-i", str(clip), "-an", "-vf"]
                + [f"setpts=PTS-STARTPTS,fps=1/{interval}:round=up:start_time=0,settb=1/15,"
                   "setpts=N,scale=iw/2:ih/2"]
                + ["-r", "15", "-c:v", "libwebp_anim", "-quality", "75", "-loop", "0", str(peer_out)])
            measure.print_table(
                f"a frame every {interval} s of {SECONDS} s of 1080p H.264, half size, WebP",
                [("gst-animate-1.0", ours, ours_out.stat().st_size),
                 ("ffmpeg", peer, peer_out.stat().st_size)])
            floor = measure.cost(gated(clip, interval))
            print(f"floor: {passed_share(clip, interval):.3f} of the units, "
                  f"{floor.cpu / full.cpu:.3f} of the CPU of decoding everything")


if __name__ == "__main__":
    main()
