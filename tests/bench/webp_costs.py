# SPDX-License-Identifier: LGPL-2.1-or-later
"""What making an animated WebP costs at quality 75: CPU, wall and memory, as ratios."""

import dataclasses
import os

import measure
import raw_clips
import webp_encoders

CORES = os.sched_getaffinity(0)
QUALITY = 75
MOTION = ["mp4/ducks_720p_h264_gop91.mp4", "mp4/bbb_480p_5s_h264_b.mp4"]  # the first that is here


@dataclasses.dataclass
class Costs:
    """Ratios on one core but for `threads`: wall of ours with two threads over that with one, on all cores.

    `cpu` over libwebp_anim's, by preset ("" is the default); `cpu_full` and `wall` of the default.
    """

    cpu: dict
    cpu_full: float
    wall: float
    threads: float
    memory: float


def thread_ratio(clip, out):
    """Wall with two threads over wall with one, on all cores."""
    os.sched_setaffinity(0, CORES)
    nothing = measure.cost(webp_encoders.ours_nothing(clip))
    single, double = measure.least_costs(
        [webp_encoders.ours(clip, QUALITY, out, count) for count in (1, 2)])
    os.sched_setaffinity(0, {min(CORES)})
    return (double.wall - nothing.wall) / (single.wall - nothing.wall)


def costs_of(clip, folder, presets):
    """Ends with this process on one core."""
    out = folder / "cost.webp"
    os.sched_setaffinity(0, {min(CORES)})
    nothing = measure.cost(webp_encoders.ours_nothing(clip))
    peer_nothing = measure.cost(webp_encoders.ffmpeg_nothing(clip))
    anim, anim_wall = measure.net(webp_encoders.anim(clip, QUALITY, out), peer_nothing)
    full, _ = measure.net(webp_encoders.full(clip, QUALITY, out), peer_nothing)
    cpu, wall = measure.net(webp_encoders.ours(clip, QUALITY, out), nothing)
    by_preset = {"": cpu / anim}
    for preset in presets:
        command = webp_encoders.ours(clip, QUALITY, out, properties=(f"@preset={preset}",))
        by_preset[preset] = measure.net(command, nothing)[0] / anim
    memory = [measure.peak_memory(command(clip, QUALITY, out))
              for command in (webp_encoders.ours, webp_encoders.anim)]
    return Costs(by_preset, cpu / full, wall / anim_wall, thread_ratio(clip, out),
                 memory[0] / memory[1])


def motion_thread_ratio(folder):
    """The same of 240 frames of 720p in full motion."""
    found = filter(None, (raw_clips.find(raw_clips.Source("motion", "", path)) for path in MOTION))
    raw = folder / "motion.yuv"
    raw_clips.ffmpeg("-stream_loop", -1, "-i", next(found), "-map", "0:v:0", "-vf",
                     "scale=1280:720,format=yuv420p", "-frames:v", 240, "-f", "rawvideo", raw)
    clip = raw_clips.RawClip("motion", "", raw, raw, "yuv420p", 1280, 720, 240)
    try:
        return thread_ratio(clip, folder / "cost.webp")
    finally:
        raw.unlink()


def memory_growth(folder, pattern):
    """Peak MiB, to a file, of 100 and of 10 000 frames of a synthetic picture."""
    return [measure.peak_memory(
        ["gst-launch-1.0", "-q", "videotestsrc", f"num-buffers={count}", f"pattern={pattern}", "!",
         "video/x-raw,format=I420,width=160,height=120", "!", "animwebpenc", "!", "filesink",
         f"location={folder / 'memory.webp'}"]) for count in (100, 10000)]
