# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables of animwebpenc's ratios, each column with its target, and which targets are met."""

import dataclasses

import bench_tables
import rate_curves
import raw_clips
import webp_costs
import webp_points
from bench_tables import Target, cell, largest, table, targets_table

FULL_MOTION = ("action", "sport", "portrait")
# Held against whole frames alone: nobody's kind of clip, but where stale pictures would show.
NO_KIND = "slow change"
MEANS = 0.80
OF_KIND = {"still with noise": 0.40, "recorded screen": 0.65, "captured screen": 0.95}


@dataclasses.dataclass
class Report:
    """Of a clip: `bytes` over the smallest peer's and over each one's, by its name; `metrics` over the
    smallest peer's by metric; `presets` too, by preset; `faults` and `exact` where there is such a thing."""

    name: str
    kind: str
    bytes: float
    lossy: float
    peers: dict
    metrics: dict
    presets: dict
    exact: float | None
    asked_exact: float | None
    faults: webp_points.Faults | None
    costs: webp_costs.Costs | None = None


def report(clip, points, presets):
    """Without what it costs. `lossy` is over the smallest lossy peer; `asked_exact` with `lossless=true`."""
    metrics = [name for name in webp_points.OTHER_METRICS
               if getattr(points["ours"][0].quality, name) is not None]
    return Report(
        clip.name, clip.kind, webp_points.bytes_ratio(points),
        webp_points.bytes_ratio(points, peers=webp_points.LOSSY_PEERS),
        {peer: webp_points.bytes_ratio(points, peers=[peer]) for peer in webp_points.peers_of(points)},
        {metric: webp_points.bytes_ratio(points, metric=metric) for metric in metrics},
        {preset: webp_points.bytes_ratio(points, webp_points.ours_name(preset)) for preset in presets},
        webp_points.exact_ratio(points), webp_points.exact_ratio(points, "ours lossless"),
        webp_points.faults(points))


def in_kinds(reports):
    """Reports by kind, without what is nobody's."""
    return bench_tables.in_kinds(one for one in reports if one.kind != NO_KIND)


def mean_of_kinds(reports, value):
    return bench_tables.mean_of_kinds(in_kinds(reports), value)


def kinds_table(reports):
    def row(kind, group):
        return [kind, str(len(group)), rate_curves.geometric_mean([r.bytes for r in group]),
                OF_KIND.get(kind, 0.98 if kind in FULL_MOTION else None),
                rate_curves.geometric_mean([r.costs.cpu[""] for r in group]) if group[0].costs else None]

    return table("Kinds", ["kind", "clips", "bytes over the smallest peer's", "target", "CPU over anim's"],
                 [row(*item) for item in in_kinds(reports).items()])


def bytes_table(reports):
    names = list(dict.fromkeys(name for r in reports for name in r.peers))
    metrics = [name for name in webp_points.OTHER_METRICS if name in reports[0].metrics]
    return table(
        "Bytes at equal quality",
        ["clip", "kind", "smallest peer (≤ 1.02)", *names] + [f"at equal {name}" for name in metrics],
        [[r.name, r.kind, r.bytes, *map(r.peers.get, names), *map(r.metrics.get, metrics)]
         for r in reports])


def faults_table(reports):
    rows = [[r.name] + (["–"] * 4 if r.faults is None else
                        [r.faults.ghost, cell(r.faults.worst, "{:+.1f}"), r.faults.flicker,
                         cell(r.faults.flicker_levels, "{:+.3f}")]) for r in reports]
    return table("Beside whole frames at equal quality",
                 ["clip", "ghost (≤ 1.05)", "5th percentile (≥ −2)", "flicker (≤ 1.05",
                  "or ≤ +0.05 levels)"], rows)


def exact_table(reports):
    rows = [[r.name, r.exact, r.asked_exact] for r in reports if r.exact or r.asked_exact]
    return table("Without loss, over the smallest lossless peer",
                 ["clip", "as `content=auto` chooses", "`lossless=true`"], rows) if rows else ""


def costs_table(reports):
    presets = [name for name in reports[0].costs.cpu if name]
    return table(
        "Costs at quality 75",
        ["clip", "CPU / anim (≤ 1.0)"] + [f"{name}: CPU / anim" for name in presets]
        + ["CPU / full", "wall / anim", "2 threads / 1", "memory / anim"],
        [[r.name, *(r.costs.cpu[name] for name in ["", *presets]), r.costs.cpu_full, r.costs.wall,
          r.costs.threads, r.costs.memory] for r in reports])


def presets_table(reports):
    rows = [[name, mean_of_kinds(reports, lambda r, n=name: r.presets[n]),
             max(r.presets[name] for r in reports),
             mean_of_kinds(reports, lambda r, n=name: r.costs.cpu[n]) if reports[0].costs else None]
            for name in reports[0].presets]
    return table("Presets", ["preset", "bytes over the smallest peer's, mean", "largest", "CPU over anim's"],
                 rows) if rows else ""


def coverage(reports):
    """What a mean rests on, where that is not every kind."""
    every = {source.kind for source in raw_clips.SOURCES} - {NO_KIND}
    missing = every - set(in_kinds(reports))
    return f"of {len(every) - len(missing)} of {len(every)} kinds alone" if missing else ""


def byte_targets(reports):
    kinds = in_kinds(reports)

    def of(names, value):
        return rate_curves.geometric_mean([value(r) for name in names for r in kinds.get(name, [])])

    targets = [Target("bytes, mean of the kinds", MEANS, mean_of_kinds(reports, lambda r: r.bytes),
                      coverage(reports))]
    if any(name in kinds for name in FULL_MOTION):
        targets.append(Target("bytes, full motion", 0.98, of(FULL_MOTION, lambda r: r.bytes)))
    targets.append(largest("bytes, any clip", 1.02, reports, lambda r: r.bytes))
    if "still with noise" in kinds:
        targets.append(largest("bytes, a still with noise", 0.40, kinds["still with noise"],
                               lambda r: r.bytes))
    if "recorded screen" in kinds:
        targets.append(Target("bytes, recorded screens, over lossy peers", 0.65,
                              of(["recorded screen"], lambda r: r.lossy)))
    captured = [r for r in kinds.get("captured screen", []) if r.asked_exact]
    if captured:
        targets.append(largest("bytes, captured screens, over lossless peers", 0.95, captured,
                               lambda r: r.exact or r.asked_exact))
    return targets


def fast_targets(reports):
    if "fast" not in reports[0].presets:
        return []
    return [Target("`fast`: bytes, mean", 0.92, mean_of_kinds(reports, lambda r: r.presets["fast"]),
                   coverage(reports)),
            largest("`fast`: bytes, any clip", 1.08, reports, lambda r: r.presets["fast"])]


def fault_targets(reports):
    known = [r for r in reports if r.faults]
    if not known:
        return []
    return [
        largest("ghost, over whole frames'", 1.05, known, lambda r: r.faults.ghost),
        largest("5th percentile of quality, points below whole frames'", 2, known,
                lambda r: -r.faults.worst),
        largest("flicker, levels beyond 1.05 of whole frames'", 0.05, known,
                lambda r: r.faults.flicker_levels if r.faults.flicker > 1.05 else 0)]


def cost_targets(reports):
    if not reports[0].costs:
        return []
    targets = [Target("CPU over anim's, mean", 0.75, mean_of_kinds(reports, lambda r: r.costs.cpu[""])),
               largest("CPU over anim's, any clip", 1.0, reports, lambda r: r.costs.cpu[""])]
    if "fast" in reports[0].presets:
        targets.append(Target("`fast`: CPU over anim's, mean", 0.50,
                              mean_of_kinds(reports, lambda r: r.costs.cpu["fast"])))
    return targets


def tables(reports, more_targets=()):
    parts = [kinds_table(reports), bytes_table(reports), faults_table(reports), exact_table(reports),
             costs_table(reports) if reports[0].costs else "", presets_table(reports)]
    targets = [*byte_targets(reports), *fault_targets(reports), *cost_targets(reports),
               *fast_targets(reports), *more_targets]
    return "\n".join(filter(None, [*parts, targets_table(targets)]))
