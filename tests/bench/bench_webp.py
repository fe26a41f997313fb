# SPDX-License-Identifier: LGPL-2.1-or-later
"""animwebpenc beside libwebp's animation encoder, whole frames and img2webp, on real clips.

First the points of each clip at some qualities of each encoder, several clips at once; then, one by
one, what encoding costs; in the end tables of ratios and of the targets. Without --full it takes two
clips and three qualities.
"""

import argparse
import concurrent.futures
import dataclasses
import pathlib
import shutil
import tempfile

import bench_tables
import drawn_screens
import measure
import memory_growth
import picture_metrics
import raw_clips
import result_cache
import webp_costs
import webp_encoders
import webp_points
import webp_report

QUALITIES = [20, 40, 60, 75, 90]
FEW_QUALITIES = [40, 75, 90]


def clip_of(source, frames, settings):
    """The raw clip, made once for all runs where there is a cache; None where its file is missing."""
    here = pathlib.Path(__file__).parent
    question = {
        "source": dataclasses.astuple(source), "frames": frames, "folder": str(settings.folder),
        "made by": result_cache.digest(here / "raw_clips.py", here / "drawn_screens.py",
                                      drawn_screens.TEXT, drawn_screens.PAGE)}

    def made():
        clip = raw_clips.make(source, settings.folder, frames)
        return clip and {**dataclasses.asdict(clip), "raw": str(clip.raw), "rgb": str(clip.rgb)}

    known = settings.cache.result(question, made) if raw_clips.can_make(source) else None
    return known and raw_clips.RawClip(
        **{**known, "raw": pathlib.Path(known["raw"]), "rgb": pathlib.Path(known["rgb"])})


def remove(clip, settings):
    if not settings.cache.folder:
        clip.raw.unlink()
        clip.rgb.unlink(missing_ok=True)
        shutil.rmtree(webp_encoders.png_folder(clip), ignore_errors=True)


def measure_clip(source, frames, settings):
    """In a process of its own: the clip's report, without costs, and all points as text."""
    clip = clip_of(source, frames, settings)
    if not clip:
        return None, f"\n{source.name}: not here (ANIM_FULL_MEDIA={raw_clips.FULL_MEDIA or ''})"
    points = webp_points.points_of(clip, settings)
    remove(clip, settings)
    lines = [f"\n{clip.name}: {clip.kind}, {clip.frames} frames of {clip.width}x{clip.height}",
             f"  {'':14} {'bytes':>9} {'quality':>8} {'worst 5%':>8} {'ghost':>7} {'flicker':>8} "
             f"{'PSNR':>6} {'SSIM':>6}"]
    for name, curve in points.items():
        lines += [f"  {name:14} {p.size:9d} {p.quality.mean:8.2f} {p.quality.worst:8.2f} "
                  f"{p.quality.ghost:7.2f} {p.quality.flicker:8.3f} {p.quality.psnr:6.2f} "
                  f"{p.quality.ssim:6.2f}" for p in curve]
    return webp_report.report(clip, points, settings.presets), "\n".join(lines)


def measure_clips(sources, frames, settings, jobs):
    reports = []
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        work = [pool.submit(measure_clip, source, frames, settings) for source in sources]
        for done in work:
            report, text = done.result()
            print(text, flush=True)
            reports += [report] if report else []
    return reports


def measure_costs(reports, frames, settings):
    for report in reports:
        source = next(s for s in raw_clips.SOURCES if s.name == report.name)
        clip = clip_of(source, frames, settings)
        report.costs = webp_costs.costs_of(clip, settings.folder, settings.presets)
        remove(clip, settings)
        print(f"{report.name}: {report.costs}", flush=True)


def whole_targets(folder):
    """What is measured of no clip in particular."""
    found = [bench_tables.Target("wall, 2 threads over 1, 720p", 0.62,
                                webp_costs.motion_thread_ratio(folder))]
    found += memory_growth.targets("animwebpenc", folder)
    return found


def numbers(text):
    return [int(word) for word in text.split(",")]


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true",
                        help="every clip, five qualities, presets, 720p, memory")
    parser.add_argument("--clips", help="their names, with commas between")
    parser.add_argument("--qualities", type=numbers, help="numbers with commas between")
    parser.add_argument("--frames", type=int, help="at most so many of a clip")
    parser.add_argument("--every", type=int, help="score every so many frames")
    parser.add_argument("--butteraugli", type=int, metavar="N",
                        help="of each Nth frame scored; 0 = none (needs libjxl's butteraugli_main)")
    parser.add_argument("--presets", help="measured too: fast, balanced, best; with commas between")
    parser.add_argument("--no-costs", action="store_true", help="points alone")
    parser.add_argument("--jobs", type=int, default=len(measure.CORES),
                        help="clips whose points are made at once")
    parser.add_argument("--cache", type=pathlib.Path, metavar="DIR",
                        help="keeps clips and points there, and takes what is unchanged from there")
    parser.add_argument("--tables", type=pathlib.Path, metavar="FILE",
                        help="writes the tables there too, between its marks if it has them")
    return parser.parse_args()


def chosen(value, full, few, is_full):
    return value if value is not None else full if is_full else few


def sources_of(wanted):
    if not wanted.clips:
        return raw_clips.SOURCES if wanted.full else raw_clips.SOURCES[:2]
    names = wanted.clips.split(",")
    if unknown := set(names) - {source.name for source in raw_clips.SOURCES}:
        raise SystemExit(f"--clips: there is no {', '.join(sorted(unknown))}")
    return [source for source in raw_clips.SOURCES if source.name in names]


def run(wanted, folder):
    butteraugli = chosen(wanted.butteraugli, 5, 0, wanted.full)
    if butteraugli and not picture_metrics.has_butteraugli():
        print("butteraugli_main (Debian package libjxl-devtools) is not here: left out")
        butteraugli = 0
    presets = chosen(wanted.presets, "fast,best", "", wanted.full)
    settings = webp_points.Settings(
        folder, result_cache.ResultCache(wanted.cache),
        chosen(wanted.qualities, QUALITIES, FEW_QUALITIES, wanted.full),
        chosen(wanted.every, 1, 4, wanted.full), list(filter(None, presets.split(","))), butteraugli)
    frames = chosen(wanted.frames, 120, 36, wanted.full)
    reports = measure_clips(sources_of(wanted), frames, settings, wanted.jobs)
    if not wanted.no_costs:
        measure_costs(reports, frames, settings)
    text = webp_report.tables(reports, whole_targets(folder) if wanted.full else [])
    print(text)
    if wanted.tables:
        bench_tables.put(wanted.tables, pathlib.Path(__file__).name, text)


def main():
    wanted = options()
    if wanted.cache:
        folder = (wanted.cache / "files").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        run(wanted, folder)
        return
    with tempfile.TemporaryDirectory() as name:
        run(wanted, pathlib.Path(name))


if __name__ == "__main__":
    main()
