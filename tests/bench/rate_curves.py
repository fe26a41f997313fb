# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bytes at equal quality, from a few points of each encoder.

A curve is the points (quality, bytes) that no other of the same encoder beats in both; between two of
them the logarithm of the bytes is linear in quality. At each quality ours is held against the
smallest peer that reaches it; a lossless peer is one point, at full quality.
"""

import math

STEPS = 20


def front(points):
    """Those worth having, from the smallest to the best."""
    kept = []
    for quality, size in sorted(points, key=lambda point: (point[1], -point[0])):
        if not kept or quality > kept[-1][0]:
            kept.append((quality, size))
    return kept


def bytes_at(curve, quality):
    """The least bytes for at least that quality; None where the curve does not reach it."""
    if quality > curve[-1][0] + 1e-9:
        return None
    if quality <= curve[0][0]:
        return curve[0][1]
    for (low, small), (high, large) in zip(curve, curve[1:]):
        if quality <= high:
            part = (quality - low) / (high - low)
            return small * (large / small) ** part
    return curve[-1][1]


def ratio(ours, peers, between=(-math.inf, math.inf)):
    """Our bytes over the smallest peer's: the geometric mean over the quality that both reach.

    Qualities outside of `between` do not count where there are others.

    A peer of one point, lossless, bounds what any quality may cost, but does not reach over a gap that
    only a lossy peer's higher qualities would fill. Where one side's cheapest point beats the
    other's best, it is held against that best.
    """
    ours, peers = front(ours), [front(points) for points in peers]
    lossy = [curve for curve in peers if len(curve) > 1] or peers
    low = max(ours[0][0], min(curve[0][0] for curve in lossy))
    high = min(ours[-1][0], max(curve[-1][0] for curve in lossy))
    if low > high and ours[0][0] == low:
        return ours[0][1] / max(curve[-1] for curve in peers)[1]
    if low > high:
        return ours[-1][1] / min(curve[0][1] for curve in peers)
    if max(low, between[0]) <= min(high, between[1]):
        low, high = max(low, between[0]), min(high, between[1])
    logs = []
    for step in range(STEPS + 1):
        quality = low + (high - low) * step / STEPS
        smallest = min(s for s in (bytes_at(curve, quality) for curve in peers) if s is not None)
        logs.append(math.log(bytes_at(ours, quality) / smallest))
    return math.exp(sum(logs) / len(logs))


def value_at(points, quality):
    """What a third number of the points (quality, bytes, value) is at a quality, linear between."""
    ordered = sorted(points)
    if not ordered[0][0] <= quality <= ordered[-1][0]:
        return None
    for (low, _, first), (high, _, second) in zip(ordered, ordered[1:]):
        if quality <= high:
            return first + (second - first) * ((quality - low) / (high - low) if high > low else 1)
    return ordered[-1][2]


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))
