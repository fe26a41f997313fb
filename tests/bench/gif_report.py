# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables of animgifenc's ratios, and which targets are met."""

import dataclasses

import gif_encoders
import rate_curves
from bench_tables import Target, cell, in_kinds, largest, mean_of_kinds, table, targets_table


@dataclasses.dataclass
class Report:
    """Of a clip, ours over the peer's, by peer: bytes at equal quality and CPU. `wall`: two threads over
    one. `flicker`: ours and gifski's at equal quality, nothing where they do not meet."""

    name: str
    kind: str
    bytes: dict
    cpu: dict
    wall: float
    flicker: tuple | None


@dataclasses.dataclass
class Gradient:
    """A clip of skies or fades at half the size and at equal bytes: ours minus gifski's."""

    name: str
    size: float
    psnr: float
    quality: float


@dataclasses.dataclass
class Held:
    """A still for three seconds: what its last frame has gained over its first, and for what part of the
    bytes more."""

    name: str
    first: float
    gained: float
    bytes: float


def clips_table(reports):
    def row(report):
        flicker = report.flicker or (None, None)
        return [report.name, report.kind, *map(report.bytes.get, gif_encoders.PEERS),
                report.cpu["gifski"], report.cpu["bayer"], report.wall,
                *(cell(value, "{:.3f}") for value in flicker)]

    return table(
        "GIF: bytes at equal quality, and costs",
        ["clip", "kind", *(f"bytes / {peer}" for peer in gif_encoders.PEERS), "CPU / gifski",
         "CPU / bayer", "2 threads / 1", "flicker", "gifski's"], map(row, reports))


def gradients_table(gradients):
    return table("GIF: skies and fades at half the size, ours minus gifski's at equal bytes",
                 ["clip", "bytes", "PSNR, dB", "quality"],
                 [[g.name, f"{g.size:.0f}", cell(g.psnr, "{:+.2f}"), cell(g.quality, "{:+.2f}")]
                  for g in gradients])


def held_table(held):
    return table("GIF: a still for 3 s", ["clip", "first frame", "gained (≥ 3)", "more bytes (≤ 25 %)"],
                 [[h.name, cell(h.first, "{:.1f}"), cell(h.gained, "{:+.2f}"), cell(h.bytes, "{:+.1%}")]
                  for h in held])


def clip_targets(reports):
    def mean(what, limit, value):
        return Target(what, limit, mean_of_kinds(in_kinds(reports), value))

    pairs = [report.flicker for report in reports if report.flicker]
    ours, peer = (sum(column) / len(pairs) for column in zip(*pairs)) if pairs else (0, 1)
    return [mean("bytes over gifski's, mean of the kinds", 0.85, lambda r: r.bytes["gifski"]),
            largest("bytes over gifski's, any clip", 1.06, reports, lambda r: r.bytes["gifski"]),
            mean("bytes over ffmpeg's bayer recipe's, mean", 0.70, lambda r: r.bytes["bayer"]),
            mean("CPU over gifski's, mean", 0.20, lambda r: r.cpu["gifski"]),
            mean("CPU over ffmpeg's bayer recipe's, mean", 1.00, lambda r: r.cpu["bayer"]),
            Target("wall, 2 threads over 1, mean of the clips", 0.65,
                   rate_curves.geometric_mean([r.wall for r in reports])),
            Target("flicker over gifski's, of the means", 1.00, ours / peer)]


def other_targets(gradients, held, wall, memory):
    targets = []
    if wall is not None:
        targets.append(Target("wall, 2 threads over 1, 720p", 0.65, wall))
    if gradients:
        targets += [largest("skies and fades: PSNR below gifski's", 0, gradients, lambda g: -g.psnr),
                    largest("skies and fades: quality below gifski's", 0, gradients,
                            lambda g: -g.quality)]
    if held:
        mean = sum(h.gained for h in held) / len(held)
        targets += [Target("a still: points short of 3, mean of the clips", 0, 3 - mean),
                    largest("a still: more bytes", 0.25, held, lambda h: h.bytes)]
    return targets + list(memory)


def tables(reports, gradients=(), held=(), wall=None, memory=()):
    parts = [clips_table(reports) if reports else "", gradients_table(gradients) if gradients else "",
             held_table(held) if held else ""]
    targets = [*(clip_targets(reports) if reports else []), *other_targets(gradients, held, wall, memory)]
    return "\n".join(filter(None, [*parts, targets_table(targets) if targets else ""]))
