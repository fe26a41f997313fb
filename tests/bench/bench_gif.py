# SPDX-License-Identifier: LGPL-2.1-or-later
"""animgifenc beside gifski, ffmpeg (two recipes) and gifsicle, on real clips.

For each clip: bytes and quality at some qualities of each encoder, bytes at equal quality (SSIMULACRA2,
50 to 90 where both are there) against each peer, flicker at equal quality, CPU against gifski's and
ffmpeg's, wall with one and two threads. Clips with skies and fades at half the size (`gradients`), stills
that are held, wall of full motion in 720p, and memory. In the end tables of ratios and of the targets.
Without --full two clips, three qualities.
"""

import argparse
import dataclasses
import math
import os
import pathlib
import tempfile

import bench_tables
import gif_encoders
import gif_parts
import gif_report
import gradients
import measure
import memory_growth
import picture_quality
import rate_curves
import raw_clips

QUALITIES = [20, 40, 60, 80, 100]
FEW_QUALITIES = [40, 80, 100]
DEFAULT = 80
GIFSKI_DEFAULT = 90
BETWEEN = (50, 90)
BUNNY, VAN = "mp4/bbb_480p_5s_h264_b.mp4", "ogv/van_352x288_sar640-429.ogv"
GRADIENTS = [
    raw_clips.Source("pink-sky", "sky", BUNNY, 2.5),
    raw_clips.Source("blue-sky", "sky", "avi/bird_xvid_960x400.avi"),
    raw_clips.Source("fade-out", "fade", BUNNY, 2.5, "fade=out:0:72,"),
    raw_clips.Source("fade-in", "fade", VAN, 0, "fade=in:0:72,"),
]
# Films; some begin in black, or with a title of few colours.
FILMED = {"animation", "action", "talking head", "static camera", "sensor noise", "portrait", "sport"}
LATER = {"bunny": 2.5, "bird": 2, "friday": 2}
HELD = [dataclasses.replace(source, kind="still", filters=raw_clips.HELD,
                            start=LATER.get(source.name, source.start))
        for source in raw_clips.SOURCES if source.kind in FILMED]
HELD_FRAMES = 3 * raw_clips.RATE


class Bench:
    """What is asked for, and how it is looked at."""

    def __init__(self, wanted, folder):
        self.folder = folder
        self.qualities = QUALITIES if wanted.full else FEW_QUALITIES
        if wanted.qualities:
            self.qualities = [int(number) for number in wanted.qualities.split(",")]
        self.frames = wanted.frames or (120 if wanted.full else 36)
        self.every = wanted.every or (1 if wanted.full else 4)
        self.properties = wanted.properties.split()
        self.few = not wanted.full

    def encoders(self):
        """By name: a command of (clip, quality, out) and its qualities."""
        found = {"ours": (self.ours, self.qualities)}
        for name, (command, _, qualities) in gif_encoders.PEERS.items():
            found[name] = (command, qualities[::2] if self.few else qualities)
        return found

    def ours(self, clip, quality, out, threads=1):
        return gif_encoders.ours(clip, quality, out, threads, self.properties)

    def curve(self, clip, name, look):
        """What `look` says of each quality's file, and its bytes."""
        command, qualities = self.encoders()[name]
        for quality in qualities:
            out = self.folder / f"{clip.name}-{name}-{quality}.gif"
            measure.run(command(clip, quality, out))
            yield quality, look(out, clip, self.every), out.stat().st_size
            if os.environ.get("ANIM_KEEP") is None:
                out.unlink()

    def points(self, clip, name):
        curve = []
        for asked, q, size in self.curve(clip, name, picture_quality.measure):
            curve.append(picture_quality.Point(q, size))
            print(f"  {name:8} {asked:>6} {size:9d} {q.mean:8.2f} {q.worst:8.2f} {q.ghost:7.2f} "
                  f"{q.flicker:8.3f}", flush=True)
        return curve


def flickers(ours, peer):
    """Both at the middle of the quality that both reach; nothing where they do not meet."""
    curves = [[(*p.rate(), p.quality.flicker) for p in curve] for curve in (ours, peer)]
    low = max(min(curve)[0] for curve in curves)
    high = min(max(curve)[0] for curve in curves)
    if low > high:
        return None
    return tuple(rate_curves.value_at(curve, (low + high) / 2) for curve in curves)


def costs(bench, clip):
    """CPU over each peer's, and wall with two threads over that with one."""
    out = bench.folder / "cost.gif"
    nothing = measure.cost(gif_encoders.ours_nothing(clip))
    cpu, _ = measure.net(bench.ours(clip, DEFAULT, out), nothing)
    ratios = {}
    for name, (command, reading, _) in gif_encoders.PEERS.items():
        peer, _ = measure.net(command(clip, GIFSKI_DEFAULT, out), measure.cost(reading(clip)))
        ratios[name] = cpu / peer
    return ratios, thread_ratio(bench, clip)


def thread_ratio(bench, clip):
    """Wall with two threads over wall with one, on all cores."""
    commands = [bench.ours(clip, DEFAULT, bench.folder / "cost.gif", count) for count in (1, 2)]
    return measure.thread_ratio(*commands, gif_encoders.ours_nothing(clip), rounds=3)


def motion_thread_ratio(bench):
    """Of full motion."""
    clip = raw_clips.make_motion(bench.folder, "rgb24")
    ratio = thread_ratio(bench, clip)
    clip.raw.unlink()
    return ratio


def measure_clip(bench, clip):
    """Prints the points as they come."""
    print(f"\n{clip.name}: {clip.kind}, {clip.frames} frames of {clip.width}x{clip.height}\n"
          f"  {'':8} {'asked':>6} {'bytes':>9} {'quality':>8} {'worst 5%':>8} {'ghost':>7} "
          f"{'flicker':>8}")
    points = {name: bench.points(clip, name) for name in bench.encoders()}
    rates = {name: [p.rate() for p in curve] for name, curve in points.items()}
    mine = rates.pop("ours")
    ratios = {name: rate_curves.ratio(mine, [rate], BETWEEN) for name, rate in rates.items()}
    flicker = flickers(points["ours"], points["gifski"])
    cpu, wall = costs(bench, clip)
    return gif_report.Report(clip.name, clip.kind, ratios, cpu, wall, flicker)


def gradients_of(bench, clip):
    """At the sizes that both reach, the least, the middle and the most; at the best of both where they
    have no size in common."""
    curves = []
    for name in ("ours", "gifski"):
        curves.append([(math.log(size), q) for _, q, size in bench.curve(clip, name, gradients.measure)])
    low = max(min(at for at, _ in curve) for curve in curves)
    high = min(max(at for at, _ in curve) for curve in curves)

    def minus(what, size):
        ours, peer = (rate_curves.value_at([(at, 0, getattr(q, what)) for at, q in curve], size)
                      for curve in curves)
        return ours - peer

    if low > high:
        ours, peer = (max(curve, key=lambda point: point[0]) for curve in curves)
        return [gif_report.Gradient(f"{clip.name} (no common size)", math.exp(ours[0]),
                                    ours[1].psnr - peer[1].psnr, ours[1].quality - peer[1].quality)]
    return [gif_report.Gradient(clip.name, math.exp(size), minus("psnr", size), minus("quality", size))
            for size in (low, (low + high) / 2, high)]


def measure_gradients(bench):
    found = []
    for source in GRADIENTS:
        clip = raw_clips.make(source, bench.folder, bench.frames)
        print(f"\n{clip.name}: {clip.kind} at half the size", flush=True)
        found += gradients_of(bench, clip)
        drop(clip)
    return found


def held_of(bench, source):
    """One picture for three seconds: its last frame and all bytes beside its first."""
    clip = raw_clips.make(source, bench.folder, HELD_FRAMES)
    out = bench.folder / "held.gif"
    measure.run(bench.ours(clip, DEFAULT, out))
    first, *_, last = picture_quality.frame_scores(out, clip)
    drop(clip)
    data = out.read_bytes()
    return gif_report.Held(clip.name, first, last - first, len(data) / gif_parts.image_ends(data)[0] - 1)


def measure_held(bench):
    return [held_of(bench, source) for source in HELD if raw_clips.can_make(source)]


def drop(clip):
    for path in clip.raw.parent.glob(f"{clip.raw.name}.gifski.d/*"):
        path.unlink()
    clip.raw.unlink()
    clip.rgb.unlink(missing_ok=True)


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every clip, five qualities, all parts")
    parser.add_argument("--clips", help="their names, with commas between")
    parser.add_argument("--qualities", help="of ours, numbers with commas between")
    parser.add_argument("--properties", default="", help="more of ours, 'name=value name=value'")
    parser.add_argument("--frames", type=int, help="at most so many of a clip")
    parser.add_argument("--every", type=int, help="score every so many frames")
    parser.add_argument("--tables", type=pathlib.Path, metavar="FILE",
                        help="write the tables into this page, in place of older ones")
    parser.add_argument("--only", choices=["clips", "gradients", "held", "wall", "memory"], help="one part")
    return parser.parse_args()


def clips_of(wanted, bench):
    sources = raw_clips.SOURCES if wanted.full else raw_clips.SOURCES[:2]
    if wanted.clips:
        names = wanted.clips.split(",")
        sources = [s for s in raw_clips.SOURCES if s.name in names]
    for source in sources:
        clip = raw_clips.make(source, bench.folder, bench.frames)
        if not clip:
            print(f"\n{source.name}: not here (ANIM_FULL_MEDIA={raw_clips.FULL_MEDIA or ''})")
            continue
        yield clip
        drop(clip)


def main():
    wanted = options()
    os.sched_setaffinity(0, {min(measure.CORES)})
    parts = [wanted.only] if wanted.only else ["clips"]
    if wanted.full and not wanted.only:
        parts = ["clips", "gradients", "held", "wall", "memory"]
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(wanted, pathlib.Path(name))
        reports = [measure_clip(bench, c) for c in clips_of(wanted, bench)] if "clips" in parts else []
        shades = measure_gradients(bench) if "gradients" in parts else []
        held = measure_held(bench) if "held" in parts else []
        wall = motion_thread_ratio(bench) if "wall" in parts else None
        memory = memory_growth.targets("animgifenc", bench.folder) if "memory" in parts else []
        text = gif_report.tables(reports, shades, held, wall, memory)
        print(text)
        if wanted.tables:
            bench_tables.put(wanted.tables, pathlib.Path(__file__).name, text)


if __name__ == "__main__":
    main()
