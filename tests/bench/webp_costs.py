# SPDX-License-Identifier: LGPL-2.1-or-later
"""What making an animated WebP costs at quality 75: CPU, wall and memory, as ratios."""

import dataclasses
import os

import measure
import raw_clips
import webp_encoders

QUALITY = 75


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
    commands = [webp_encoders.ours(clip, QUALITY, out, count) for count in (1, 2)]
    return measure.thread_ratio(*commands, webp_encoders.ours_nothing(clip), rounds=5)


def costs_of(clip, folder, presets):
    """Ends with this process on one core."""
    out = folder / "cost.webp"
    os.sched_setaffinity(0, {min(measure.CORES)})
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
    """The same of full motion."""
    clip = raw_clips.make_motion(folder, "yuv420p")
    try:
        return thread_ratio(clip, folder / "cost.webp")
    finally:
        clip.raw.unlink()
