# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the benchmarks' numbers rest on: curves, the metric, and reading an animation by its times."""

import dataclasses
import pathlib
import tempfile
import unittest

import numpy
from PIL import Image

import measure
import picture_quality
import rate_curves
import raw_clips
import webp_encoders


class Curves(unittest.TestCase):
    PEER = [(40, 100), (60, 200), (80, 400)]

    def test_half_the_bytes_at_every_quality(self):
        ours = [(quality, size / 2) for quality, size in self.PEER]
        self.assertAlmostEqual(rate_curves.ratio(ours, [self.PEER]), 0.5)

    def test_other_qualities_of_the_same_curve_are_equal(self):
        ours = [(50, 100 * 2**0.5), (70, 200 * 2**0.5)]
        self.assertAlmostEqual(rate_curves.ratio(ours, [self.PEER]), 1)

    def test_the_smallest_peer_counts(self):
        small = [(40, 50), (60, 100), (80, 200)]
        self.assertAlmostEqual(rate_curves.ratio(self.PEER, [self.PEER, small]), 2)

    def test_a_lossless_peer_is_the_most_that_a_quality_may_cost(self):
        self.assertAlmostEqual(rate_curves.ratio([(100, 90)], [self.PEER, [(100, 100)]]), 0.9)
        self.assertAlmostEqual(rate_curves.ratio([(80, 60)], [self.PEER, [(100, 50)]]), 60 / 50)

    def test_a_lossless_peer_does_not_stand_for_a_lossy_ones_higher_qualities(self):
        ours = [(40, 100), (80, 400), (95, 800)]
        self.assertAlmostEqual(rate_curves.ratio(ours, [self.PEER, [(100, 90000)]]),
                               rate_curves.ratio(ours, [self.PEER]))

    def test_beyond_every_peer_the_cheapest_is_held_against_the_best(self):
        self.assertAlmostEqual(rate_curves.ratio([(90, 300)], [self.PEER]), 0.75)

    def test_below_every_peer_our_best_is_held_against_the_cheapest(self):
        self.assertAlmostEqual(rate_curves.ratio([(20, 150), (30, 200)], [self.PEER]), 2)

    def test_points_that_another_beats_do_not_count(self):
        self.assertEqual(rate_curves.front([(40, 100), (30, 150), (60, 200)]), [(40, 100), (60, 200)])


class Pictures(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        folder = pathlib.Path(self.folder.name)
        rgb = folder / "clip.rgb"
        raw_clips.ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=96x64:r={raw_clips.RATE}",
                         "-frames:v", 6, "-pix_fmt", "rgb24", "-f", "rawvideo", rgb)
        self.clip = raw_clips.RawClip("clip", "", rgb, rgb, "rgb24", 96, 64, 6)
        whole = numpy.fromfile(rgb, numpy.uint8).reshape(6, 64, 96, 3)
        self.frames = [Image.fromarray(frame) for frame in whole]
        self.folder_path = folder

    def save(self, frames, durations, name="a.webp", **settings):
        path = self.folder_path / name
        frames[0].save(path, save_all=True, append_images=frames[1:], duration=durations, **settings)
        return path

    def test_the_same_pictures_score_100(self):
        path = self.save(self.frames, [83, 84, 83, 83, 84, 83], lossless=True)
        quality = picture_quality.measure(path, self.clip)
        self.assertEqual(dataclasses.astuple(quality), (100, 100, 0, 0))

    def test_a_frame_that_stays_too_long_is_seen(self):
        path = self.save(self.frames[:1] + self.frames[2:], [167, 83, 83, 84, 83], lossless=True)
        quality = picture_quality.measure(path, self.clip)
        self.assertLess(quality.worst, 90)
        self.assertGreater(quality.ghost, 1)

    def test_less_quality_scores_less(self):
        means = [picture_quality.measure(self.save(self.frames, 83, quality=q), self.clip).mean
                 for q in (95, 60, 10)]
        self.assertGreater(means[0], means[1])
        self.assertGreater(means[1], means[2])

    def test_the_source_is_what_a_webp_without_loss_shows(self):
        yuv = self.folder_path / "clip.yuv"
        raw_clips.ffmpeg(*self.clip.ffmpeg_input(), "-pix_fmt", "yuv420p", "-f", "rawvideo", yuv)
        clip = dataclasses.replace(self.clip, raw=yuv, pixels="yuv420p")
        out = self.folder_path / "best.webp"
        measure.run(webp_encoders.full(clip, 100, out))
        shown = numpy.stack([raw_clips.shown_as_webp(yuv.read_bytes()[i * 9216:][:9216], 96, 64)
                             for i in range(6)])
        read = numpy.stack(picture_quality.decoded(out, clip))
        self.assertLess(numpy.abs(shown.astype(int) - read).mean(), 1.0)

    def test_a_gif_is_read_too(self):
        path = self.save(self.frames, 80, "a.gif")
        self.assertGreater(picture_quality.measure(path, self.clip).mean, 30)


if __name__ == "__main__":
    unittest.main()
