# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the benchmarks' numbers rest on: curves, the metric, and reading an animation by its times."""

import dataclasses
import pathlib
import tempfile
import unittest

import numpy
from PIL import Image

import bench_tables
import drawn_screens
import gif_encoders
import gif_parts
import gif_report
import gradients
import measure
import picture_metrics
import picture_quality
import rate_curves
import raw_clips
import result_cache
import webp_encoders
import webp_points
import webp_report


class GifParts(unittest.TestCase):
    def test_each_picture_ends_where_what_follows_it_begins(self):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "three.gif"
            pictures = [Image.new("P", (300, 200), index) for index in range(3)]
            for picture in pictures:
                picture.putpalette(list(range(0, 120, 10)))
            pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=50)
            data = path.read_bytes()
        ends = gif_parts.image_ends(data)
        self.assertEqual(len(ends), 3)
        self.assertEqual([data[end:end + 1] for end in ends], [b"!", b"!", b";"])
        self.assertEqual(ends[-1], len(data) - 1)

    def test_what_is_no_gif_is_refused(self):
        with self.assertRaises(ValueError):
            gif_parts.image_ends(b"GIF89a" + bytes(7) + b"?")


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

    def test_qualities_outside_of_what_counts_do_not(self):
        ours = [(40, 100), (60, 100), (80, 200)]
        self.assertAlmostEqual(rate_curves.ratio(ours, [self.PEER], (60, 90)), 0.5)
        self.assertAlmostEqual(rate_curves.ratio(ours, [self.PEER], (85, 90)),
                               rate_curves.ratio(ours, [self.PEER]))

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
        self.assertEqual(dataclasses.astuple(quality), (100, 100, 0, 0, 100, 100, None))

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

    def test_every_gif_peer_shows_the_clip(self):
        for name, (command, *_) in gif_encoders.PEERS.items():
            out = self.folder_path / f"{name}.gif"
            measure.run(command(self.clip, 90, out))
            with self.subTest(name):
                self.assertGreater(picture_quality.measure(out, self.clip).mean, 20)

    def test_half_the_size_takes_dithered_pixels_together_by_their_light(self):
        pixels = numpy.zeros((1, 4, 6, 3), numpy.uint8)
        pixels[:, ::2, ::2] = pixels[:, 1::2, 1::2] = 255
        small = gradients.halved(pixels)
        self.assertEqual(small.shape, (1, 2, 3, 3))
        self.assertTrue((small == 188).all())  # half of the light of white, in sRGB

    def test_smoothness_of_the_same_pictures_is_full(self):
        path = self.save(self.frames, [83, 84, 83, 83, 84, 83], lossless=True)
        self.assertEqual(dataclasses.astuple(gradients.measure(path, self.clip)), (numpy.inf, 100))


class Metrics(unittest.TestCase):
    def setUp(self):
        self.picture = numpy.random.default_rng(1).integers(20, 230, (64, 96, 3)).astype(numpy.uint8)

    def test_psnr_of_an_error_of_one_level(self):
        self.assertAlmostEqual(picture_metrics.psnr(self.picture, self.picture + 1), 48.131, 3)
        self.assertEqual(picture_metrics.psnr(self.picture, self.picture), 100)

    def test_ssim_of_two_flat_pictures_is_that_of_their_means(self):
        a, b = (numpy.full((16, 16, 3), level, numpy.uint8) for level in (100, 50))
        steady = (0.01 * 255) ** 2
        self.assertAlmostEqual(picture_metrics.ssim(a, b),
                               (2 * 100 * 50 + steady) / (100**2 + 50**2 + steady), 6)

    def test_ssim_falls_with_contrast(self):
        flatter = (self.picture // 2 + 60).astype(numpy.uint8)
        self.assertAlmostEqual(picture_metrics.ssim(self.picture, self.picture), 1)
        self.assertLess(picture_metrics.ssim(self.picture, flatter), 0.9)

    @unittest.skipUnless(picture_metrics.has_butteraugli(), "no butteraugli_main")
    def test_butteraugli_is_a_distance(self):
        self.assertEqual(picture_metrics.butteraugli(self.picture, self.picture), 0)
        self.assertGreater(picture_metrics.butteraugli(self.picture, self.picture[::-1]), 1)


class Screens(unittest.TestCase):
    def test_no_kind_rests_on_a_single_clip(self):
        kinds = [source.kind for source in raw_clips.SOURCES]
        self.assertEqual([kind for kind in set(kinds) if kinds.count(kind) < 2], [])

    def test_each_is_in_few_exact_colours_and_moves(self):
        for name in drawn_screens.DRAWN:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                self.assertTrue(drawn_screens.can_draw(name))
                path = pathlib.Path(folder) / "a.rgb"
                drawn_screens.draw(name, 31, path)
                frames = numpy.fromfile(path, numpy.uint8).reshape(
                    31, drawn_screens.HEIGHT, drawn_screens.WIDTH, 3)
                self.assertFalse(numpy.array_equal(frames[0], frames[30]))
                pixels, counts = numpy.unique(frames[0].reshape(-1, 3), axis=0, return_counts=True)
                self.assertGreater(len(pixels), 10)
                self.assertGreater(counts.max(), 0.5 * drawn_screens.WIDTH * drawn_screens.HEIGHT)

    def test_the_window_goes_back_to_where_it_was(self):
        places = [drawn_screens.window_at(frame) for frame in range(97)]
        self.assertEqual(places[0], places[96])
        self.assertEqual(max(places), places[40])
        steps = {abs(a[0] - b[0]) for a, b in zip(places, places[1:])}
        self.assertEqual(steps, {0, 6})


class Cache(unittest.TestCase):
    def test_the_same_question_is_answered_once(self):
        asked = []
        with tempfile.TemporaryDirectory() as folder:
            for question in ({"a": 1}, {"a": 2}, {"a": 1}):
                found = result_cache.ResultCache(folder).result(
                    question, lambda q=question: asked.append(q) or [q["a"]])
                self.assertEqual(found, [question["a"]])
        self.assertEqual(asked, [{"a": 1}, {"a": 2}])

    def test_without_a_folder_each_is_answered(self):
        asked = []
        for _ in range(2):
            result_cache.ResultCache().result({}, lambda: asked.append(1))
        self.assertEqual(len(asked), 2)


def point(mean, size, ghost=1.0, worst=None, flicker=0.1, psnr=40.0):
    worst = mean if worst is None else worst
    return picture_quality.Point(
        picture_quality.Quality(mean, worst, ghost, flicker, psnr, 20.0, -mean), size)


class Reports(unittest.TestCase):
    PEER = [point(40, 100), point(60, 200), point(80, 400)]
    CLIP = raw_clips.RawClip("clip", "action", None, None, "rgb24", 8, 8, 1)

    def report(self, ours, kind="action", **others):
        clip = dataclasses.replace(self.CLIP, kind=kind)
        return webp_report.report(clip, {"ours": ours, "full": self.PEER, **others}, [])

    def unmet(self, *reports):
        return [target.what for target in
                webp_report.byte_targets(reports) + webp_report.fault_targets(reports)
                if not target.is_met()]

    def test_half_the_bytes_meet_every_target(self):
        self.assertEqual(self.unmet(self.report([point(40, 50), point(80, 200)])), [])

    def test_every_metric_has_bytes_of_its_own(self):
        found = self.report([point(40, 50), point(80, 200)])
        self.assertEqual(set(found.metrics), {"psnr", "ssim", "butteraugli"})
        self.assertAlmostEqual(found.metrics["butteraugli"], 0.5)

    def test_what_is_short_is_named(self):
        self.assertEqual(
            self.unmet(self.report([point(40, 103, 2, 30, 0.3), point(80, 412, 2, 70, 0.3)])),
            ["bytes, mean of the kinds", "bytes, full motion", "bytes, any clip",
             "ghost, over whole frames'", "5th percentile of quality, points below whole frames'",
             "flicker, levels beyond 1.05 of whole frames'"])

    def test_a_fault_at_one_end_is_found(self):
        ours = [point(40, 50, 4), point(60, 100), point(80, 200)]
        self.assertAlmostEqual(webp_points.faults({"ours": ours, "full": self.PEER}).ghost, 2.5)

    def test_beyond_whole_frames_our_least_counts(self):
        found = webp_points.faults({"ours": [point(90, 50, 3), point(95, 60)], "full": self.PEER})
        self.assertAlmostEqual(found.ghost, 3)
        self.assertAlmostEqual(found.worst, 10)

    def test_exact_files_are_held_against_exact_ones(self):
        exact = point(100, 90, psnr=100.0)
        found = self.report([exact], "captured screen", **{
            "ours lossless": [exact], "anim lossless": [point(100, 120, psnr=100.0)],
            "mixed lossless": [point(100, 100, psnr=100.0)]})
        self.assertAlmostEqual(found.exact, 0.9)
        self.assertEqual(self.report([point(80, 60)], "captured screen").exact, None)

    def test_kinds_count_the_same_however_many_clips_they_have(self):
        half, same = ([point(40, size), point(80, 4 * size)] for size in (50, 100))
        reports = [self.report(half), self.report(half), self.report(half), self.report(same, "text"),
                   self.report([point(40, 1), point(80, 4)], webp_report.NO_KIND)]
        self.assertAlmostEqual(webp_report.mean_of_kinds(reports, lambda r: r.bytes), 0.5**0.5)

    def test_a_preset_has_bytes_and_targets_of_its_own(self):
        points = {"ours": [point(40, 50), point(80, 200)], "full": self.PEER,
                  "ours fast": [point(40, 97), point(80, 388)]}
        found = webp_report.report(self.CLIP, points, ["fast"])
        self.assertAlmostEqual(found.bytes, 0.5)
        self.assertEqual([t.is_met() for t in webp_report.fast_targets([found])], [False, True])

    def test_tables_take_the_place_of_older_ones_in_a_page(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            begin, end = bench_tables.marks("bench.py")
            page.write_text(f"before\n{begin}old\n{end}\nafter\n")
            for _ in range(2):
                bench_tables.put(page, "bench.py", "new")
            self.assertEqual(page.read_text(), f"before\n{begin}new\n\n{end}\nafter\n")

    def test_tables_have_as_many_cells_as_their_header(self):
        text = webp_report.tables([self.report([point(40, 50), point(80, 200)])])
        for part in text.split("###")[1:]:
            widths = {line.count("|") for line in part.splitlines() if line.startswith("|")}
            self.assertEqual(len(widths), 1, part)


class GifReports(unittest.TestCase):
    def report(self, size, kind="action", flicker=(1, 2)):
        peers = {name: size for name in gif_encoders.PEERS}
        return gif_report.Report(kind, kind, peers, {name: 0.1 for name in peers}, 0.6, flicker)

    def unmet(self, *parts):
        text = gif_report.tables(*parts)
        return [line.split(" | ")[0].strip("| ") for line in text.splitlines() if "**no**" in line]

    def test_what_is_short_is_named(self):
        self.assertEqual(self.unmet([self.report(0.6), self.report(0.6, "text", None)]), [])
        self.assertEqual(self.unmet([self.report(0.6), self.report(1.1, "text", (4, 2))]),
                         ["bytes over gifski's, any clip",
                          "bytes over ffmpeg's bayer recipe's, mean", "flicker over gifski's, of the means"])

    def test_skies_and_stills_have_targets_of_their_own(self):
        shades = [gif_report.Gradient("sky", 1e5, 0.2, -0.1)]
        held = [gif_report.Held("a", 80, 3.2, 0.2), gif_report.Held("b", 81, 2.7, 0.3)]
        self.assertEqual(self.unmet([], (), (), 0.65), [])
        self.assertEqual(self.unmet([], shades, held, 0.7),
                         ["wall, 2 threads over 1, 720p", "skies and fades: quality below gifski's",
                          "a still: points short of 3, mean of the clips", "a still: more bytes"])

    def test_tables_have_as_many_cells_as_their_header(self):
        text = gif_report.tables([self.report(0.6), self.report(0.6, "text", None)],
                                 [gif_report.Gradient("sky", 1e5, 0.2, -0.1)],
                                 [gif_report.Held("a", 80, 3.2, 0.2)])
        for part in text.split("###")[1:]:
            widths = {line.count("|") for line in part.splitlines() if line.startswith("|")}
            self.assertEqual(len(widths), 1, part)


if __name__ == "__main__":
    unittest.main()
