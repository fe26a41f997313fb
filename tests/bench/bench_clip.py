# SPDX-License-Identifier: LGPL-2.1-or-later
"""animclipsink: what it costs while nothing is captured, and how soon a clip is there.

`idle`: pipelines that play the same 1080p30 H.264 of 6 Mbit/s in real time, side by side: CPU
(percent of a core) and peak resident memory of those that end in animclipsink beside those that end
in fakesink. ANIM_BENCH_SECONDS says for how long (300).

`clip`: from the capture signal to animclip-done (10 s before, a frame each 0.1 s, 320 pixels wide),
while the stream goes on, beside ffmpeg making the same of the recorded file, in turn; the least and
the median of RUNS. One stream has disposable units, the other has none.
"""

import dataclasses
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

import gi
import joined_clip
import measure

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

IDLE_SECONDS = int(os.environ.get("ANIM_BENCH_SECONDS", "300"))
RUNS = int(os.environ.get("ANIM_BENCH_RUNS", "7"))
PRE_ROLL = 10  # s, the default
RATE = ["-preset", "veryfast", "-b:v", "6M", "-maxrate", "6M", "-bufsize", "12M", "-g", "60"]
MIB = 1024 * 1024


@dataclasses.dataclass
class Stream:
    """How x264 makes it, and the target of our time over ffmpeg's."""

    name: str
    encoder: list
    target: float


STREAMS = [
    Stream("disposable", ["libx264", *RATE, "-bf", "3", "-b_strategy", "0",
                          "-x264-params", "b-pyramid=none"], 0.7),
    Stream("none", ["libx264", *RATE, "-bf", "0"], 1.0),
]


def make_recording(folder, stream, seconds):
    """At least `seconds` of the stream: 30 s again and again, without encoding them again."""
    piece, whole = folder / f"{stream.name}-30s.mp4", folder / f"{stream.name}.mp4"
    if not piece.exists():
        joined_clip.make(piece, "1920:1080", 30, stream.encoder, rate=30)
    copy(["-stream_loop", str(seconds // 30), "-i", piece], whole)
    return whole


def copy(source, target):
    command = ["ffmpeg", "-v", "error", "-y", *source, "-c", "copy", "-map", "0:v", target]
    subprocess.run(command, check=True)


def disposable_share(recording):
    """Of the pictures, those that no other refers to: nal_ref_idc 0."""
    command = ["ffmpeg", "-v", "error", "-t", "30", "-i", recording, "-c", "copy",
               "-bsf:v", "h264_mp4toannexb", "-f", "h264", "-"]
    stream = subprocess.run(command, check=True, capture_output=True).stdout
    heads = [match[1][0] for match in re.finditer(rb"\x00\x00\x01([\x00-\x7f])", stream)]
    heads = [head for head in heads if head & 0x1F in (1, 5)]
    return sum(1 for head in heads if head & 0x60 == 0) / len(heads)


def held_bytes(recording):
    """The most bytes of any pre-roll, and of any group of pictures."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
               "packet=pts_time,size,flags", "-of", "csv=p=0", recording]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    packets = [line.split(",") for line in said.splitlines()]
    groups, window, most, first = [0], 0, 0, 0
    for when, size, flags in packets:
        if flags.startswith("K"):
            groups.append(0)
        groups[-1] += int(size)
        window += int(size)
        while float(packets[first][0]) < float(when) - PRE_ROLL:
            window -= int(packets[first][1])
            first += 1
        most = max(most, window)
    return most, max(groups)


class Playing:
    """A gst-launch-1.0 that plays a file to its end, and its peak memory."""

    def __init__(self, name, pipeline):
        self.name = name
        self.peak = 0
        self.cpu = None
        self.process = subprocess.Popen(["gst-launch-1.0", "-q", *pipeline.split()])

    def look(self):
        """Whether it goes on. Its VmHWM: ru_maxrss also counts what Python was before exec."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        peak = re.search(r"VmHWM:\s+(\d+)", status)
        if peak:
            self.peak = max(self.peak, int(peak[1]) * 1024)
        pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
        if pid == 0:
            return True
        self.process.returncode = os.waitstatus_to_exitcode(status)
        assert self.process.returncode == 0, self.name
        self.cpu = usage.ru_utime + usage.ru_stime
        return False


def measure_idle(folder):
    mp4 = make_recording(folder, STREAMS[0], IDLE_SECONDS)
    ts = folder / "stream.ts"
    copy(["-t", str(IDLE_SECONDS), "-i", mp4], ts)
    cut = folder / "stream.mp4"
    copy(["-t", str(IDLE_SECONDS), "-i", mp4], cut)
    pre_roll, group = held_bytes(cut)
    sources = {"MP4": f"filesrc location={cut} ! qtdemux ! h264parse",
               "MPEG-TS": f"filesrc location={ts} ! tsdemux ! h264parse"}
    sinks = {"sync=true": "", "sync=false": "clocksync ! "}
    pairs = {}
    for container, source in sources.items():
        for sync, pace in sinks.items():
            name = f"{container}, {sync}"
            pairs[name] = [Playing(name, f"{source} ! {pace}{sink} {sync}")
                           for sink in ("fakesink", f"animclipsink location={folder}/i.webp")]
    begin = time.monotonic()
    running = [playing for pair in pairs.values() for playing in pair]
    while running:
        running = [playing for playing in running if playing.look()]
        time.sleep(0.25)
    print_idle(pairs, time.monotonic() - begin, pre_roll, group)


def print_idle(pairs, wall, pre_roll, group):
    allowed = 1.2 * (pre_roll + group) + 16 * MIB
    print(f"idle for {wall:.0f} s; pre-roll of {pre_roll / MIB:.1f} MiB, "
          f"GOP of {group / MIB:.1f} MiB; load {os.getloadavg()[0]:.1f}")
    print(f"{'':22} {'CPU %':>7} {'fakesink':>9} {'ratio':>7} {'target':>7} {'more %':>7} "
          f"{'target':>7} {'MiB more':>9} {'allowed':>8}")
    for name, (plain, ours) in pairs.items():
        print(f"{name:22} {100 * ours.cpu / wall:7.3f} {100 * plain.cpu / wall:9.3f} "
              f"{ours.cpu / plain.cpu:7.3f} {'1.10':>7} {100 * (ours.cpu - plain.cpu) / wall:7.3f} "
              f"{'or 0.30':>7} {(ours.peak - plain.peak) / MIB:9.1f} {allowed / MIB:8.1f}",
              flush=True)


@dataclasses.dataclass
class Cost:
    """Seconds."""

    wall: float
    cpu: float


class Live:
    """A recording that is coming in in real time, into an animclipsink."""

    def __init__(self, recording, folder):
        self.pipeline = Gst.parse_launch(
            f"filesrc location={recording} ! qtdemux ! h264parse ! animclipsink name=clips "
            f"location={folder}/ours-{{index}}.webp")
        self.clips = self.pipeline.get_by_name("clips")
        self.clips.set_property(
            "animation", '{"Format":"webp","Interval":0.1,"Width":320,"Height":-1}')
        self.pipeline.set_state(Gst.State.PLAYING)

    def capture(self):
        """What it cost until the file was there, and the message that tells of it."""
        begin, cpu = time.monotonic(), time.process_time()
        assert self.clips.emit("capture", None, Gst.CLOCK_TIME_NONE) != 0
        bus = self.pipeline.get_bus()
        while True:
            message = bus.timed_pop_filtered(
                60 * Gst.SECOND, Gst.MessageType.ELEMENT | Gst.MessageType.ERROR
                | Gst.MessageType.EOS)
            assert message, "no clip"
            assert message.type != Gst.MessageType.EOS, "the recording is too short"
            assert message.type != Gst.MessageType.ERROR, message.parse_error()
            told = message.get_structure()
            assert not told.has_name("animclip-failed"), told.to_string()
            if told.has_name("animclip-done"):
                return Cost(time.monotonic() - begin, time.process_time() - cpu), told

    def end(self):
        self.pipeline.set_state(Gst.State.NULL)


PEERS = ["libwebp_anim", "libwebp"]


def run_peer(recording, start, encoder, target):
    command = ["ffmpeg", "-v", "error", "-y", "-ss", f"{start:.3f}", "-t", str(PRE_ROLL)]
    command += ["-i", recording, "-vf", "fps=10,scale=320:-1", "-c:v", encoder, "-quality", "75"]
    spent = measure.run([str(word) for word in [*command, "-loop", "0", target]])
    return Cost(spent.wall, spent.cpu)


def measure_clips(folder, stream):
    """The first run of each warms up."""
    recording = make_recording(folder, stream, PRE_ROLL + 15 + RUNS * 60)
    live = Live(recording, folder)
    time.sleep(PRE_ROLL + 4)
    costs = {name: [] for name in ["animclipsink", *PEERS]}
    sizes = {}
    for _ in range(RUNS + 1):
        spent, told = live.capture()
        costs["animclipsink"].append(spent)
        sizes["animclipsink"] = told.get_uint64("bytes")[1]
        frames = told.get_uint64("frames")[1]
        assert 100 <= frames <= 102, frames
        for peer in PEERS:
            target = folder / f"{peer}.webp"
            start = told.get_uint64("first-stream-time")[1] / Gst.SECOND
            costs[peer].append(run_peer(recording, start, peer, target))
            sizes[peer] = target.stat().st_size
    live.end()
    print_clips(stream, disposable_share(recording), costs, sizes)


def print_clips(stream, share, costs, sizes):
    walls = {name: [cost.wall for cost in spent[1:]] for name, spent in costs.items()}
    cpus = {name: min(cost.cpu for cost in spent[1:]) for name, spent in costs.items()}
    ours = walls["animclipsink"]
    for peer in PEERS:
        theirs = walls[peer]
        print(f"{stream.name:11} {share:6.2f} {peer:13} {min(ours):7.2f} {min(theirs):7.2f} "
              f"{min(ours) / min(theirs):7.3f} "
              f"{statistics.median(ours) / statistics.median(theirs):7.3f} {stream.target:7.2f} "
              f"{cpus['animclipsink'] / cpus[peer]:7.3f} "
              f"{sizes['animclipsink'] / sizes[peer]:7.2f} "
              f"{os.getloadavg()[0]:5.1f}", flush=True)


def main():
    Gst.init(None)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        print(f"{'stream':11} {'share':>6} {'peer':13} {'least s':>7} {'peer s':>7} {'ratio':>7} "
              f"{'median':>7} {'target':>7} {'CPU':>7} {'bytes':>7} {'load':>5}")
        for stream in STREAMS:
            measure_clips(folder, stream)
        measure_idle(folder)


if __name__ == "__main__":
    main()
