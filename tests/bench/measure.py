# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs commands and tells what they cost, for benchmarks that print ratios to a peer."""

import dataclasses
import os
import subprocess
import sys
import time

CORES = os.sched_getaffinity(0)


@dataclasses.dataclass
class Cost:
    """CPU is user + system seconds, wall is seconds, memory is peak resident MiB."""

    cpu: float
    wall: float
    memory: float


def cost(command, env=None):
    """The least of runs after a first one: as many as take a second, one at least and five at most."""
    run(command, env)
    spent = [run(command, env)]
    while len(spent) < 5 and sum(one.wall for one in spent) < 1:
        spent.append(run(command, env))
    return least(spent)


def net(command, nothing):
    """CPU and wall of a command without those, already measured, of only reading its input."""
    spent = cost(command)
    return max(spent.cpu - nothing.cpu, 1e-3), max(spent.wall - nothing.wall, 1e-3)


def least(spent):
    """The least of each: CPU, wall and memory."""
    return Cost(*(min(getattr(one, what) for one in spent) for what in ("cpu", "wall", "memory")))


def least_costs(commands, rounds=5):
    """The least of each, run in turn: for differences that are smaller than the machine's moods."""
    spent = [[run(command) for command in commands] for _ in range(rounds)]
    return [least(costs) for costs in zip(*spent)]


def thread_ratio(single, double, nothing, rounds):
    """Wall of command `double` over that of `single`, both on all cores and without that of `nothing`, least
    of `rounds`. Ends with this process on one core."""
    os.sched_setaffinity(0, CORES)
    reading = cost(nothing).wall
    one, two = least_costs([single, double], rounds)
    os.sched_setaffinity(0, {min(CORES)})
    return (two.wall - reading) / (one.wall - reading)


def run(command, env=None):
    """Fails loudly when the command does."""
    begin = time.monotonic()
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begin
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}\nfailed:\n{errors.decode(errors='replace')}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def peak_memory(command):
    """Peak resident MiB, through an interpreter that is small itself.

    A program begins with the peak of the process that started it: that of a benchmark that holds
    pictures says nothing.
    """
    waiter = ("import os, sys\n"
              "pid = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])\n"
              "_, status, usage = os.wait4(pid, 0)\n"
              "print(usage.ru_maxrss)\n"
              "sys.exit(os.waitstatus_to_exitcode(status))")
    said = subprocess.run([sys.executable, "-S", "-c", waiter, *map(str, command)], check=True,
                          capture_output=True, text=True)
    return int(said.stdout.split()[-1]) / 1024


def ffmpeg_animation(clip, interval, out, decoder=()):
    """ffmpeg's command for a frame every `interval` s at half size, WebP at 15 frames a second."""
    picked = f"setpts=PTS-STARTPTS,fps=1/{interval}:round=up:start_time=0"
    return (
        ["ffmpeg", "-v", "error", "-y", *decoder, "-i", str(clip), "-an"]
        + ["-vf", f"{picked},settb=1/15,setpts=N,scale=iw/2:ih/2"]
        + ["-r", "15", "-c:v", "libwebp_anim", "-quality", "75", "-loop", "0", str(out)]
    )


def print_table(title, rows):
    """rows: (name, Cost, bytes); the last one is the peer that the others are divided by."""
    peer_name, peer, peer_bytes = rows[-1]
    print(f"\n{title}")
    print(f"{'':24} {'CPU s':>8} {'wall s':>8} {'MiB':>8} {'bytes':>10}")
    for name, spent, size in rows:
        print(f"{name:24} {spent.cpu:8.2f} {spent.wall:8.2f} {spent.memory:8.1f} {size:10d}")
    for name, spent, size in rows[:-1]:
        print(
            f"{name + ' / ' + peer_name:24} {spent.cpu / peer.cpu:8.2f} "
            f"{spent.wall / peer.wall:8.2f} {spent.memory / peer.memory:8.2f} "
            f"{size / peer_bytes:10.2f}"
        )
