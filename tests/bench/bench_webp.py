# SPDX-License-Identifier: LGPL-2.1-or-later
"""animwebpenc beside libwebp's animation encoder, whole frames and img2webp, on real clips.

For each clip: bytes and quality at some qualities of each encoder, bytes at equal quality against the
smallest peer, CPU at quality 75 against libwebp_anim, wall with one and two threads. Then the geometric
mean of each kind of clip and of the kinds. Without --full it takes two clips and three qualities.
"""

import argparse
import dataclasses
import os
import pathlib
import tempfile

import measure
import picture_quality
import rate_curves
import raw_clips
import webp_encoders

CORES = os.sched_getaffinity(0)
QUALITIES = [20, 40, 60, 75, 90]
FEW_QUALITIES = [40, 75, 90]


@dataclasses.dataclass
class Point:
    quality: picture_quality.Quality
    size: int

    def rate(self):
        return (self.quality.mean, self.size)


@dataclasses.dataclass
class Result:
    """Ratios of a clip: ours over the peer."""

    clip: raw_clips.RawClip
    bytes: float
    cpu: float


def encoders(clip):
    """By name: a command of (clip, quality, out)."""
    found = {"ours": webp_encoders.ours, **webp_encoders.PEERS}
    if clip.kind in webp_encoders.SCREEN_KINDS:
        found["mixed"] = webp_encoders.mixed
    return found


def qualities_of(name, clip, common):
    """Peers are asked for their best too: what they do not reach there they reach nowhere."""
    if name != "ours":
        common = common + [100]
    lossless = clip.kind in webp_encoders.SCREEN_KINDS and name in ("ours", "anim")
    return common + ([webp_encoders.LOSSLESS] if lossless else [])


def make_points(clip, folder, common, every):
    """Points by encoder's name; lossless is an encoder of its own beside the lossy one."""
    points = {}
    for name, command in encoders(clip).items():
        for quality in qualities_of(name, clip, common):
            out = folder / f"{clip.name}-{name}-{quality}.webp"
            measure.run(command(clip, quality, out))
            point = Point(picture_quality.measure(out, clip, every), out.stat().st_size)
            exact = quality == webp_encoders.LOSSLESS
            points.setdefault(f"{name} lossless" if exact else name, []).append(point)
            q = point.quality
            print(f"  {name:6} {'exact' if exact else quality:>6} {point.size:9d} {q.mean:8.2f} "
                  f"{q.worst:8.2f} {q.ghost:7.2f} {q.flicker:8.3f}", flush=True)
            if os.environ.get("ANIM_KEEP") is None:
                out.unlink()
    return points


def net(command, nothing):
    """CPU and wall of encoding without those of reading the clip."""
    whole, reading = measure.cost(command), measure.cost(nothing)
    return max(whole.cpu - reading.cpu, 1e-3), max(whole.wall - reading.wall, 1e-3)


def print_costs(clip, folder):
    """At quality 75; the ratio of CPU to libwebp_anim's."""
    out = folder / "cost.webp"
    nothing, peer_nothing = webp_encoders.ours_nothing(clip), webp_encoders.ffmpeg_nothing(clip)
    cpu, wall = net(webp_encoders.ours(clip, 75, out), nothing)
    anim, anim_wall = net(webp_encoders.anim(clip, 75, out), peer_nothing)
    full, _ = net(webp_encoders.full(clip, 75, out), peer_nothing)
    os.sched_setaffinity(0, CORES)
    _, single = net(webp_encoders.ours(clip, 75, out, 1), nothing)
    _, double = net(webp_encoders.ours(clip, 75, out, 2), nothing)
    os.sched_setaffinity(0, {min(CORES)})
    memory = measure.peak_memory(webp_encoders.ours(clip, 75, out))
    peer_memory = measure.peak_memory(webp_encoders.anim(clip, 75, out))
    print(f"  CPU at 75: ours {cpu:.2f} s, anim {anim:.2f} s, full {full:.2f} s: "
          f"{cpu / anim:.2f} of anim's\n"
          f"  wall on one core: ours {wall:.2f} s, anim {anim_wall:.2f} s; on {len(CORES)}: ours "
          f"{single:.2f} s with one thread, {double:.2f} s with two: {double / single:.2f}\n"
          f"  memory: ours {memory:.0f} MiB, anim {peer_memory:.0f} MiB", flush=True)
    return cpu / anim


def print_ghosts(points):
    """Stale pictures at equal quality: against whole frames, at the middle of what both reach."""
    ours, full = points["ours"], points["full"]
    low = max(min(p.quality.mean for p in ours), min(p.quality.mean for p in full))
    high = min(max(p.quality.mean for p in ours), max(p.quality.mean for p in full))
    if low > high:
        return
    middle = (low + high) / 2
    for what in ("ghost", "worst", "flicker"):
        of = [rate_curves.value_at([(*p.rate(), getattr(p.quality, what)) for p in curve], middle)
              for curve in (ours, full)]
        print(f"  {what} at {middle:.0f}: ours {of[0]:.3f}, full {of[1]:.3f}")


def measure_clip(clip, folder, common, every):
    print(f"\n{clip.name}: {clip.kind}, {clip.frames} frames of {clip.width}x{clip.height}\n"
          f"  {'':6} {'asked':>6} {'bytes':>9} {'quality':>8} {'worst 5%':>8} {'ghost':>7} "
          f"{'flicker':>8}")
    points = make_points(clip, folder, common, every)
    rates = {name: [p.rate() for p in curve] for name, curve in points.items()}
    mine, exact = rates.pop("ours"), rates.pop("ours lossless", None)
    ratio = rate_curves.ratio(mine, rates.values())
    print(f"  bytes at equal quality: {ratio:.3f} of the smallest peer's; "
          + ", ".join(f"{rate_curves.ratio(mine, [rate]):.3f} of {name}'s"
                      for name, rate in rates.items()))
    if exact:
        print(f"  asked to be lossless: {exact[0][1] / rates['anim lossless'][0][1]:.3f} of the bytes "
              "of anim's")
    print_ghosts(points)
    return Result(clip, ratio, print_costs(clip, folder))


def print_means(results):
    print(f"\n{'kind':16} {'clips':>5} {'bytes':>7} {'CPU':>6}")
    kinds = {}
    for result in results:
        kinds.setdefault(result.clip.kind, []).append(result)
    rows = []
    for kind, group in kinds.items():
        rows.append([rate_curves.geometric_mean([getattr(r, what) for r in group])
                     for what in ("bytes", "cpu")])
        print(f"{kind:16} {len(group):5d} {rows[-1][0]:7.3f} {rows[-1][1]:6.2f}")
    size, cpu = (rate_curves.geometric_mean(column) for column in zip(*rows))
    worst = max(results, key=lambda result: result.bytes)
    print(f"{'all kinds':16} {len(results):5d} {size:7.3f} {cpu:6.2f}   targets 0.80 and 0.75; "
          f"worst clip {worst.clip.name} {worst.bytes:.3f}, target 1.02")


def print_memory(folder):
    """Peak memory, to a file, over the frames of synthetic pictures."""
    print("\npeak memory")
    for pattern in ("ball", "snow"):
        for count in (100, 10000):
            spent = measure.peak_memory(
                ["gst-launch-1.0", "-q", "videotestsrc", f"num-buffers={count}",
                 f"pattern={pattern}", "!", "video/x-raw,format=I420,width=160,height=120", "!",
                 "animwebpenc", "!", "filesink", f"location={folder / 'memory.webp'}"])
            print(f"  {pattern:5} {count:6d} frames {spent:8.1f} MiB", flush=True)


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every clip, five qualities, memory")
    parser.add_argument("--clips", help="their names, with commas between")
    parser.add_argument("--qualities", help="numbers with commas between")
    parser.add_argument("--frames", type=int, help="at most so many of a clip")
    parser.add_argument("--every", type=int, help="score every so many frames")
    return parser.parse_args()


def main():
    wanted = options()
    sources = raw_clips.SOURCES if wanted.full else raw_clips.SOURCES[:2]
    if wanted.clips:
        names = wanted.clips.split(",")
        sources = [s for s in raw_clips.SOURCES if s.name in names]
    common = QUALITIES if wanted.full else FEW_QUALITIES
    if wanted.qualities:
        common = [int(number) for number in wanted.qualities.split(",")]
    frames = wanted.frames or (120 if wanted.full else 36)
    every = wanted.every or (1 if wanted.full else 4)
    os.sched_setaffinity(0, {min(CORES)})
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for source in sources:
            clip = raw_clips.make(source, folder, frames)
            if not clip:
                print(f"\n{source.name}: not here (ANIM_FULL_MEDIA={raw_clips.FULL_MEDIA or ''})")
                continue
            results.append(measure_clip(clip, folder, common, every))
            clip.raw.unlink()
            clip.rgb.unlink(missing_ok=True)
        print_means(results)
        if wanted.full:
            print_memory(folder)


if __name__ == "__main__":
    main()
