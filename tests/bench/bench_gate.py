# SPDX-License-Identifier: LGPL-2.1-or-later
"""Decoding only what is shown: an animation of one frame every 1, 5 and 30 s, beside ffmpeg.

A clip for each codec, with a cut every 2 to 5 s, made of the test clips. Each row is one animation:
CPU seconds of gst-animate-1.0 and of ffmpeg, which decodes everything, the ratio with its target,
and the floor: the shares of the units, and of the CPU of decoding all of them, that the samples
depend on by samplegate's rules. The row `every` is samplegate where every frame is wanted, beside
the same pipeline without it. All is measured on one core.
"""

import dataclasses
import os
import pathlib
import tempfile

import gi
import joined_clip
import measure

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402


@dataclasses.dataclass
class Stream:
    """A clip to make. `targets`: ratio by interval; `decoder`: what ffmpeg is to decode with."""

    codec: str
    name: str
    size: str
    seconds: int
    encoder: list
    targets: dict
    decoder: list = dataclasses.field(default_factory=list)


STREAMS = [
    Stream("H.264", "h264.mp4", "1920:1080", 180, ["libx264"], {1: 0.60, 5: 0.30, 30: 0.05}),
    Stream("HEVC", "hevc.mp4", "1280:720", 60, ["libx265", "-x265-params", "log-level=none"],
           {1: 0.80, 5: 0.50, 30: 0.10}),
    Stream("VP9", "vp9.webm", "1280:720", 60,
           ["libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1", "-b:v", "3M"],
           {1: 1.10, 5: 0.80, 30: 0.15}),
    # Debian's GStreamer has no other decoder of AV1 than libaom.
    Stream("AV1", "av1.mp4", "1280:720", 60,
           ["libsvtav1", "-preset", "12"], {1: None, 5: None, 30: None}, ["-c:v", "libaom-av1"]),
]
EVERY_TARGET = 1.05


def passed_share(clip, interval):
    """Of the units, those that samplegate passes."""
    pipeline = Gst.parse_launch(
        f"filesrc location={clip} ! parsebin ! samplegate name=gate rate=1/{interval} ! fakesink")
    pipeline.set_state(Gst.State.PLAYING)
    pipeline.get_bus().timed_pop_filtered(
        Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    stats = pipeline.get_by_name("gate").get_property("stats")
    pipeline.set_state(Gst.State.NULL)
    return stats.get_value("passed") / stats.get_value("units-in")


def decoding(clip, gate):
    return ["gst-launch-1.0", "filesrc", f"location={clip}", "!", "parsebin", "!", *gate,
            "decodebin", "!", "fakesink"]


def print_row(codec, interval, ours, peer, target, note):
    aim = f"{target:.2f}" if target else "-"
    print(f"{codec:6} {interval:>6} {ours.cpu:8.2f} {peer.cpu:8.2f} {ours.cpu / peer.cpu:8.3f} "
          f"{aim:>7} {ours.wall / peer.wall:7.3f}  {note}", flush=True)


def measure_intervals(stream, clip, folder, plain):
    """`plain`: the cost of decoding everything."""
    ours_out, peer_out = folder / "ours.webp", folder / "peer.webp"
    for interval, target in stream.targets.items():
        ours = measure.cost(
            ["gst-animate-1.0", "-q", str(clip), "-o", str(ours_out), "--interval", str(interval)]
            + ["--frame-rate", "15", "--width", "0.5", "--height", "0.5"])
        peer = measure.cost(measure.ffmpeg_animation(clip, interval, peer_out, stream.decoder))
        floor = measure.cost(decoding(clip, ["samplegate", f"rate=1/{interval}", "!"]))
        print_row(stream.codec, f"{interval} s", ours, peer, target,
                  f"floor {passed_share(clip, interval):.3f} of the units, "
                  f"{floor.cpu / plain.cpu:.3f} of decoding; "
                  f"{ours_out.stat().st_size / peer_out.stat().st_size:.2f} of the bytes")


def measure_every_frame(stream, clip):
    gated, plain = measure.least_costs([decoding(clip, ["samplegate", "!"]), decoding(clip, [])])
    print_row(stream.codec, "every", gated, plain, EVERY_TARGET, "with the gate / without it")


def main():
    Gst.init(None)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for stream in STREAMS:
            joined_clip.make(folder / stream.name, stream.size, stream.seconds, stream.encoder)
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        print(f"{'codec':6} {'frame':>6} {'CPU s':>8} {'peer s':>8} {'ratio':>8} {'target':>7} "
              f"{'wall':>7}")
        for stream in STREAMS:
            clip = folder / stream.name
            plain = measure.cost(decoding(clip, []))
            measure_intervals(stream, clip, folder, plain)
            measure_every_frame(stream, clip)


if __name__ == "__main__":
    main()
