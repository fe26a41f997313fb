# SPDX-License-Identifier: LGPL-2.1-or-later
"""Points of rate and quality of each encoder on a clip, and the ratios that they give."""

import dataclasses
import functools
import os
import pathlib

import measure
import picture_quality
import rate_curves
import result_cache
import webp_encoders

# What can be plotted over the bytes, beside SSIMULACRA2.
OTHER_METRICS = ("psnr", "ssim", "butteraugli")
LOSSY_PEERS = ("anim", "full", "mixed")
HERE = pathlib.Path(__file__).parent


@dataclasses.dataclass
class Settings:
    """`presets` are encoders of ours beside the default; `butteraugli_every`: of the frames scored."""

    folder: pathlib.Path
    cache: result_cache.ResultCache
    qualities: list
    every: int
    presets: list
    butteraugli_every: int


def ours_name(preset):
    return f"ours {preset}"


def encoders(clip, presets):
    """By name: a command of (clip, quality, out)."""
    found = {"ours": webp_encoders.ours, **webp_encoders.PEERS}
    for preset in presets:
        found[ours_name(preset)] = functools.partial(
            webp_encoders.ours, properties=(f"@preset={preset}",))
    if clip.kind in webp_encoders.SCREEN_KINDS:
        found["mixed"] = webp_encoders.mixed
    return found


def qualities_of(name, clip, common):
    """Peers are asked for their best too: what they do not reach there they reach nowhere."""
    if not name.startswith("ours"):
        common = common + [100]
    lossless = clip.kind in webp_encoders.SCREEN_KINDS and name in ("ours", "anim", "mixed")
    return common + ([webp_encoders.LOSSLESS] if lossless else [])


@functools.cache
def ruler():
    """Tells one way of measuring from another."""
    return result_cache.digest(*(HERE / name for name in (
        "picture_quality.py", "picture_metrics.py", "ssimulacra2.cpp", "score_frames.cpp")))


def point(clip, name, command, quality, settings):
    """Made and measured, or what was once measured of the same command on the same frames."""
    out = settings.folder / f"{clip.name}-{name.replace(' ', '-')}-{quality}.webp"
    words = list(map(str, command(clip, quality, out)))

    def made():
        measure.run(words)
        looks = picture_quality.measure(out, clip, settings.every, settings.butteraugli_every)
        found = picture_quality.Point(looks, out.stat().st_size)
        if os.environ.get("ANIM_KEEP") is None:
            out.unlink()
        return dataclasses.asdict(found)

    question = {
        "command": [word.replace(str(settings.folder), "") for word in words],
        "frames": result_cache.digest(clip.raw, clip.rgb),
        "scored": [settings.every, settings.butteraugli_every, ruler()],
        "build": webp_encoders.ours_build() if name.startswith("ours") else "",
    }
    known = settings.cache.result(question, made)
    return picture_quality.Point(picture_quality.Quality(**known["quality"]), known["size"])


def points_of(clip, settings):
    """Points by encoder's name; lossless is an encoder of its own beside the lossy one."""
    points = {}
    for name, command in encoders(clip, settings.presets).items():
        for quality in qualities_of(name, clip, settings.qualities):
            lossless = quality == webp_encoders.LOSSLESS
            points.setdefault(f"{name} lossless" if lossless else name, []).append(
                point(clip, name, command, quality, settings))
    return points


def rates(points, names, metric="mean"):
    return [[p.rate(metric) for p in points[name]] for name in names if name in points]


def peers_of(points):
    return [name for name in points if not name.startswith("ours")]


def bytes_ratio(points, ours="ours", peers=None, metric="mean"):
    """Bytes at equal quality over the smallest of those peers (of all)."""
    return rate_curves.ratio(rates(points, [ours], metric)[0],
                             rates(points, peers or peers_of(points), metric))


def exact_ratio(points, ours="ours"):
    """Our smallest file without any loss over the peers' smallest; None where there is none."""
    mine = [p.size for p in points.get(ours, []) if p.is_exact()]
    theirs = [p.size for name in peers_of(points) for p in points[name] if p.is_exact()]
    return min(mine) / min(theirs) if mine and theirs else None


@dataclasses.dataclass
class Faults:
    """What goes wrong beside "full" at equal mean quality: `ghost` is a ratio, `worst` points of quality
    more than its, `flicker` a ratio and `flicker_levels` levels more than its."""

    ghost: float
    worst: float
    flicker: float
    flicker_levels: float


def faults_at(mine, theirs):
    """Of two tuples (ghost, worst, flicker)."""
    least = 1e-3  # levels that no eye sees
    return Faults(max(mine[0], least) / max(theirs[0], least), mine[1] - theirs[1],
                  max(mine[2], least) / max(theirs[2], least), mine[2] - theirs[2])


def values_at(points, quality):
    return [rate_curves.value_at([(*p.rate(), getattr(p.quality, what)) for p in points], quality)
            for what in ("ghost", "worst", "flicker")]


def faults(points):
    """The worst at a quarter, half and three quarters of the quality that both reach.

    Where our least quality beats full's best, those two are compared; None where it is the other way.
    """
    ours, full = points["ours"], points["full"]
    means = [[p.quality.mean for p in curve] for curve in (ours, full)]
    low, high = max(map(min, means)), min(map(max, means))
    if low > high and min(means[0]) < low:
        return None
    if low > high:
        return faults_at(values_at(ours, low), values_at(full, high))
    found = [faults_at(*(values_at(curve, low + (high - low) * part / 4) for curve in (ours, full)))
             for part in (1, 2, 3)]
    flickers = max(found, key=lambda one: one.flicker_levels)
    return Faults(max(one.ghost for one in found), min(one.worst for one in found),
                  flickers.flicker, flickers.flicker_levels)
