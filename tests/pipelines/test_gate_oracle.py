#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""samplegate changes no sample: on every clip, the pictures and times are those of a full decode.

Clips as in test_sampler_oracle.py. Each clip is decoded once in full through a tee of all samplers,
and once through the gate for each of a third of them, and of the sparsest; which third changes from
clip to clip. With ANIM_SOAK_SAMPLINGS=all in the environment, for each of all of them.
"""
import concurrent.futures
import itertools
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))
from clips import UNREADABLE, clips, listed, media_folder  # noqa: E402
from generated_streams import CUT, GENERATED, cut, generate, generated  # noqa: E402

SECOND = 1_000_000_000
# label: the settings of intervalsampler and of samplegate
SAMPLINGS = {
    "every": {},
    "0.04s": {"interval": SECOND // 25},
    "0.3s": {"interval": 3 * SECOND // 10},
    "0.7s": {"interval": 7 * SECOND // 10},
    "1s": {"interval": SECOND},
    "2s": {"interval": 2 * SECOND},
    "3.3s": {"interval": 33 * SECOND // 10},
    "10s": {"interval": 10 * SECOND},
    "30000/1001": {"rate": "30000/1001"},
    "from 0.5 s": {"interval": 3 * SECOND // 10, "start-time": SECOND // 2, "max-frames": 4},
    "from 1.7 s": {"interval": SECOND, "start-time": 17 * SECOND // 10},
    "every from 1.3 s": {"start-time": 13 * SECOND // 10, "stop-time": 2 * SECOND},
}
# Clips with damaged units: what the decoder makes of one depends on all it has decoded before. They
# must come to an end with as many samples.
DAMAGED = {
    "broken/corrupted_720p.mp4": "units that are cut off",
    "generated/bitflips_300.mp4": "300 bytes changed anywhere",
}
# Generated streams that are joined in the middle: the units that never come. The broken pictures of
# MPEG-4 differ from one full decode to the next; tests/core/test_mpeg4_units.cpp has its rule.
JOINED = {
    "open_gop.mp4": (17, 33),
    "refs16.mp4": (5, 41),
    "mbaff.ts": (22,),
    "h264_bottom_first.mkv": (9,),
    "intra_refresh.mkv": (41,),
    "h265_open_gop.mp4": (1, 17),
    "h265_closed_gop.mkv": (22,),
    "h265_radl.mp4": (17,),
    "h265_fields.ts": (9,),
    "h265_pyramid.ts": (9, 41),
    "vp8.webm": (41,),
    "vp8_layers3.webm": (41,),
    "vp9.webm": (41,),
    "vp9_layers3.webm": (41,),
    "av1.mkv": (41,),
    "mpeg2.ts": (4, 17),
    "mpeg2_interlaced.ts": (9,),
    "mpeg2_closed.mkv": (2,),
}
# Of these, streams that pass whole, with the cause.
WHOLE = {"intra_refresh.ts": "after its first unit decoding may begin nowhere"}
# Streams for a decoder of one thread, and of many, which holds back as many frames.
THREADED = ("h264_10bit.mp4", "open_gop.mp4", "open_gop_2_references.ts", "h264_bottom_first.mkv",
            "h265_10bit.mkv", "h265_open_gop.mp4", "mpeg2.ts", "mpeg4.mp4")
THREADS = (1, 3, 16)
# The one whose units that pass are counted: of every clip.
COUNTED = "10s"
SECONDS_PER_CLIP = 300


def turns():
    """Of the clips of a test. Every third of them skips one, for tests that do three things to each."""
    return (i + i // 3 for i in itertools.count())


def gated_samplings(turn):
    """Of a clip that is the turn-th of its test: the samplings to decode through the gate for."""
    if os.environ.get("ANIM_SOAK_SAMPLINGS") == "all":
        return SAMPLINGS
    return {label: settings for i, (label, settings) in enumerate(SAMPLINGS.items())
            if i % 3 == turn % 3 or label == COUNTED}


def compare_in_this_process(path, turn, join, threads):
    """What differs, label by label, and how many units passed of how many."""
    from gated import decode  # GStreamer only in the clip's own process
    full = decode(path, SAMPLINGS, join=join, threads=threads)
    if not full.samples["every"]:
        return {"unread": full.error or "no picture"}
    found = {"passed": {}, "differ": []}
    for label, settings in gated_samplings(turn).items():
        gated = decode(path, {label: settings}, settings, join, threads)
        found["passed"][label] = [gated.stats["passed"], gated.stats["units-in"]]
        if gated.samples[label] != full.samples[label]:
            found["differ"].append(f"{label}: {gated.error or ''} "
                                   + difference(gated.samples[label], full.samples[label]))
        if gated.caps[:1] != full.caps[:1]:
            found["differ"].append(f"{label}: caps {gated.caps[:1]} for {full.caps[:1]}")
    return found


def difference(gated, full):
    first = next((i for i, (a, b) in enumerate(zip(gated, full)) if a != b), min(len(gated), len(full)))
    return f"{len(gated)} samples for {len(full)}, the first that differs is number {first}"


def compare(path, turn, join=0, threads=0):
    command = [sys.executable, __file__, "--clip", str(path), str(turn), str(join), str(threads)]
    result = subprocess.run(command, check=False, stdout=subprocess.PIPE, timeout=SECONDS_PER_CLIP)
    if result.returncode != 0:
        return {"differ": [f"its process ended with {result.returncode}"]}
    return json.loads(result.stdout)


class GateOracle(unittest.TestCase):
    def test_every_clip_gives_the_samples_of_a_full_decode(self):
        folder = media_folder()
        found = list(clips(folder))
        self.assertTrue(found, f"there is no clip in {folder}")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for path, outcome in zip(found, pool.map(compare, found, turns())):
                name = path.relative_to(folder).as_posix()
                with self.subTest(clip=name):
                    if "unread" in outcome:
                        self.assertTrue(listed(name, UNREADABLE), outcome["unread"])
                        continue
                    if listed(name, DAMAGED):
                        self.assertTrue(outcome["passed"])
                        continue
                    self.assertEqual(outcome["differ"], [])
                    passed, units = outcome["passed"][COUNTED]
                    print(f"{name}: {passed} of {units} units pass at 10 s")

    def test_every_kind_of_stream(self):
        self.compare_all([(path, 0, 0) for path in generated(GENERATED)])

    def test_decoders_with_many_threads(self):
        self.compare_all([(path, 0, threads) for path in generated(THREADED) for threads in THREADS])

    def test_every_kind_of_stream_that_begins_anywhere(self):
        with tempfile.TemporaryDirectory() as folder:
            streams = [(cut(folder, generate(name), share), 0, 0)
                       for name in CUT for share in CUT[name]]
            streams += [(generate(name), join, 0) for name in JOINED for join in JOINED[name]]
            for path, passed, units in self.compare_all(streams):
                with self.subTest(stream=path.name):
                    self.assertEqual(passed == units, listed(path.name, WHOLE) is not None)

    def compare_all(self, streams):
        """Each path with the units of it that pass at 10 s, and all its units."""
        found = []
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            paths, joins, threads_of = zip(*streams)
            outcomes = pool.map(compare, paths, turns(), joins, threads_of)
            for (path, join, threads), outcome in zip(streams, outcomes):
                with self.subTest(stream=path.name, join=join, threads=threads):
                    self.assertNotIn("unread", outcome)
                    self.assertEqual(outcome["differ"], [])
                    passed, units = outcome["passed"][COUNTED]
                    found.append((path, passed, units))
                    print(f"{path.name} from {join}: {passed} of {units} units pass at 10 s")
        return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--clip"]:
        path, *numbers = sys.argv[2:]
        print(json.dumps(compare_in_this_process(Path(path), *map(int, numbers))))
    else:
        unittest.main(verbosity=2)
