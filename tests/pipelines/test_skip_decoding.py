#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""intervalsampler skip-decoding changes no sample, and the decoder gives out fewer frames.

Clips and streams as in test_gate_oracle.py. Each is decoded once in full through a tee of all
samplers, and once for each of them straight behind a decoder that is told to skip.
"""
import concurrent.futures
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
from test_gate_oracle import DAMAGED, difference  # noqa: E402

SECOND = 1_000_000_000
SAMPLINGS = {
    "1s": {"interval": SECOND},
    "2s from 1.7 s": {"interval": 2 * SECOND, "start-time": 17 * SECOND // 10},
    "3.3s": {"interval": 33 * SECOND // 10},
    "from 4 s": {"interval": SECOND // 25, "start-time": 4 * SECOND, "stop-time": 5 * SECOND},
}
# Of these streams the demuxer itself leaves out whole groups of pictures.
DEMUXER_SKIPS = {"h264_groups.mkv", "h265_groups.mkv", "h265_closed_gop.mkv"}
# Streams that are decoded in full, with the words of the warning. All others are skipped
# in; every frame is one of 200.
TURNED_OFF = {
    "h264_no_times.264": "without a timestamp",
    "h264_in_avi.avi": "without a timestamp",
    "h264_b_in_avi.avi": "without a timestamp",
    "mpeg1.mpg": "without a timestamp",
    "mpeg4.avi": "without a timestamp",
}
MOST_SKIPPED = 60  # frames given out at 3.3 s; the margin before two samples and what learning needs
SECONDS_PER_CLIP = 300


def compare_in_this_process(path):
    """What differs, label by label; what the decoder gave out and was given at 3.3 s."""
    from gated import decode  # GStreamer only in the clip's own process
    full = decode(path, SAMPLINGS)
    if not any(full.samples.values()):
        return {"unread": full.error or "no picture"}
    found = {"differ": [], "units_in_full": full.units}
    for label, settings in SAMPLINGS.items():
        skipped = decode(path, {label: settings | {"skip-decoding": True}})
        if skipped.samples[label] != full.samples[label]:
            found["differ"].append(f"{label}: {skipped.error or ''} "
                                   + difference(skipped.samples[label], full.samples[label]))
        if label == "3.3s":
            found |= {"frames": skipped.frames_in[label], "units": skipped.units,
                      "warnings": skipped.warnings}
    return found


def compare(path):
    result = subprocess.run([sys.executable, __file__, "--clip", str(path)], check=False,
                            stdout=subprocess.PIPE, timeout=SECONDS_PER_CLIP)
    if result.returncode != 0:
        return {"differ": [f"its process ended with {result.returncode}"]}
    return json.loads(result.stdout)


class SkipDecoding(unittest.TestCase):
    def test_every_clip_gives_the_samples_of_a_full_decode(self):
        folder = media_folder()
        found = [path for path in clips(folder)
                 if not listed(path.relative_to(folder).as_posix(), UNREADABLE | DAMAGED)]
        self.assertTrue(found, f"there is no clip in {folder}")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for path, outcome in zip(found, pool.map(compare, found)):
                with self.subTest(clip=path.relative_to(folder).as_posix()):
                    self.assertNotIn("unread", outcome)
                    self.assertEqual(outcome["differ"], [])

    def test_every_kind_of_stream(self):
        with tempfile.TemporaryDirectory() as folder:
            whole = generated(GENERATED)
            # Frames may be missing before the first entry, which turns skipping off.
            streams = whole + [cut(folder, generate(name), share) for name in CUT for share in CUT[name]]
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                for path, outcome in zip(streams, pool.map(compare, streams)):
                    with self.subTest(stream=path.name):
                        self.assertNotIn("unread", outcome)
                        self.assertEqual(outcome["differ"], [])
                        if path in whole:
                            self.check_amount(path.name, outcome)

    def check_amount(self, name, outcome):
        print(f"{name}: {outcome['frames']} frames of {outcome['units']} units at 3.3 s")
        if name in TURNED_OFF:
            self.assertIn(TURNED_OFF[name], outcome["warnings"][0])
            return
        self.assertEqual(outcome["warnings"], [])
        self.assertLessEqual(outcome["frames"], MOST_SKIPPED)
        if name in DEMUXER_SKIPS:
            self.assertLess(outcome["units"], outcome["units_in_full"])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--clip"]:
        print(json.dumps(compare_in_this_process(Path(sys.argv[2]))))
    else:
        unittest.main(verbosity=2)
