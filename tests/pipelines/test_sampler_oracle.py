#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""intervalsampler picks the frames that ffmpeg's fps filter picks, on every clip there is.

Clips: tests/media, or the folder that ANIM_FULL_MEDIA names, or ../shared/media beside the
repository when it exists. For each clip ffmpeg decodes once and samples in all ways of SAMPLINGS;
GStreamer decodes once through a tee of as many samplers. Both sides name a frame by a checksum of
its visible pixels; where the decoders do not agree bit for bit, by its number in the full decode.
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
EXTENSIONS = {
    ".3gp", ".asf", ".avi", ".flv", ".264", ".m3u8", ".mjpeg", ".mkv", ".mov", ".mp4", ".mpeg",
    ".mpg", ".mts", ".mxf", ".ogv", ".ps", ".rm", ".rmvb", ".ts", ".vob", ".webm", ".wmv", ".y4m",
}
# label: (intervalsampler's settings, ffmpeg's frames per second)
SAMPLINGS = {
    "every": ({}, None),
    "0.04s": ({"interval": 40_000_000}, "1/0.04"),
    "0.1s": ({"interval": 100_000_000}, "1/0.1"),
    "0.7s": ({"interval": 700_000_000}, "10/7"),
    "1s": ({"interval": 1_000_000_000}, "1/1"),
    "3.3s": ({"interval": 3_300_000_000}, "10/33"),
    "30/1": ({"rate": (30, 1)}, "30/1"),
    "30000/1001": ({"rate": (30000, 1001)}, "30000/1001"),
}
# Clips that cannot be compared, by name, with the cause.
UNREADABLE = {}
# Clips of which only the last picture's repeats differ in number, by name: (most, cause).
TRAILING = {}
SECONDS_PER_CLIP = 120


def media_folder():
    named = os.environ.get("ANIM_FULL_MEDIA")
    if named:
        return Path(named)
    beside = REPOSITORY.parent / "shared" / "media"
    if beside.is_dir():
        return beside
    return Path(os.environ.get("ANIM_MEDIA", REPOSITORY / "tests" / "media"))


def clips(folder):
    """Files with video; of an HLS presentation only its first playlist."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in EXTENSIONS or "audio" in path.relative_to(folder).parts[:-1]:
            continue
        in_presentation = (path.parent / "playlist.m3u8").exists()
        if not in_presentation or path.name == "playlist.m3u8":
            yield path


def ffmpeg_frames(clip):
    """{label: checksums} of what ffmpeg picks."""
    count = len(SAMPLINGS)
    graph = f"[0:v:0]setpts=PTS-STARTPTS,split={count}" + "".join(f"[s{i}]" for i in range(count))
    command = ["ffmpeg", "-v", "error", "-nostdin", "-noautorotate", "-i", str(clip)]
    outputs = []
    with tempfile.TemporaryDirectory() as folder:
        for i, (_, fps) in enumerate(SAMPLINGS.values()):
            chosen = f"fps={fps}:round=up:start_time=0" if fps else "null"
            graph += f";[s{i}]{chosen}[o{i}]"
            target = os.path.join(folder, f"{i}.crc")
            outputs += ["-map", f"[o{i}]", "-vsync", "passthrough", "-f", "framecrc", target]
        subprocess.run(command + ["-filter_complex", graph] + outputs, timeout=SECONDS_PER_CLIP,
                       stderr=subprocess.DEVNULL, check=False)
        found = {}
        for i, label in enumerate(SAMPLINGS):
            target = Path(folder, f"{i}.crc")
            lines = target.read_text().splitlines() if target.exists() else []
            rows = [line.split(",") for line in lines if not line.startswith("#")]
            found[label] = [int(row[5], 16) for row in rows]
        return found


def visible_checksum(buffer, info):
    """The checksum of framecrc: the planes without row padding, one after the other."""
    import numpy
    from gi.repository import Gst, GstVideo
    meta = GstVideo.buffer_get_video_meta(buffer)
    ok, mapped = buffer.map(Gst.MapFlags.READ)
    assert ok
    data = numpy.frombuffer(mapped.data, dtype=numpy.uint8)
    checksum = 0
    for plane in range(info.finfo.n_planes):
        component = next(c for c in range(info.finfo.n_components) if info.finfo.plane[c] == plane)
        shift_w = info.finfo.w_sub[component]
        shift_h = info.finfo.h_sub[component]
        width = -(-info.width >> shift_w) * info.finfo.pixel_stride[component]
        height = -(-info.height >> shift_h)
        offset = meta.offset[plane] if meta else info.offset[plane]
        stride = meta.stride[plane] if meta else info.stride[plane]
        rows = numpy.lib.stride_tricks.as_strided(data[offset:], (height, width), (stride, 1))
        checksum = zlib.adler32(numpy.ascontiguousarray(rows), checksum)
    buffer.unmap(mapped)
    return checksum


def gstreamer_frames(clip):
    """{label: checksums} of what intervalsampler picks, "all" of every decoded frame, "error"."""
    import gi
    gi.require_version("Gst", "1.0")
    gi.require_version("GstVideo", "1.0")
    from gi.repository import Gst, GstVideo
    Gst.init(None)
    found = {label: [] for label in ["all", *SAMPLINGS]}
    found["times"] = []
    pipeline = Gst.Pipeline()
    source = Gst.ElementFactory.make("filesrc")
    decoder = Gst.ElementFactory.make("decodebin")
    tee = Gst.ElementFactory.make("tee")
    for element in (source, decoder, tee):
        pipeline.add(element)
    source.set_property("location", str(clip))
    source.link(decoder)

    def record(label):
        cache = {}

        def probe(pad, info):
            caps = pad.get_current_caps()
            if cache.get("caps") is not caps:
                cache["caps"] = caps
                cache["info"] = GstVideo.VideoInfo.new_from_caps(caps)
            buffer = info.get_buffer()
            found[label].append(visible_checksum(buffer, cache["info"]))
            if label == "all":
                found["times"].append((buffer.pts, buffer.duration))
            return Gst.PadProbeReturn.OK
        return probe

    for label, (settings, _) in SAMPLINGS.items():
        sampler = Gst.ElementFactory.make("intervalsampler")
        sink = Gst.ElementFactory.make("fakesink")
        for name, value in settings.items():
            text = "/".join(map(str, value)) if isinstance(value, tuple) else str(value)
            Gst.util_set_object_arg(sampler, name, text)
        sampler.set_property("eos-upstream", False)
        sink.set_property("async", False)
        pipeline.add(sampler)
        pipeline.add(sink)
        tee.link(sampler)
        sampler.link(sink)
        sink.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, record(label))
    tee.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, record("all"))

    def pad_added(_, pad):
        caps = pad.get_current_caps() or pad.query_caps(None)
        target = tee.get_static_pad("sink")
        if caps.get_structure(0).get_name() == "video/x-raw" and not target.is_linked():
            pad.link(target)

    def goes_on(_, _pad, caps):
        name = caps.get_structure(0).get_name()
        return not name.startswith(("audio/", "text/", "subpicture/", "application/x-subtitle"))

    def select(_, _pad, _caps, factory):
        skip = factory.get_name() in ("hlsdemux2", "dashdemux2", "mssdemux2")
        return 2 if skip else 0  # GST_AUTOPLUG_SELECT_SKIP, GST_AUTOPLUG_SELECT_TRY

    decoder.connect("pad-added", pad_added)
    decoder.connect("autoplug-continue", goes_on)
    decoder.connect("autoplug-select", select)
    pipeline.set_state(Gst.State.PLAYING)
    wanted = Gst.MessageType.EOS | Gst.MessageType.ERROR
    message = pipeline.get_bus().timed_pop_filtered(SECONDS_PER_CLIP * Gst.SECOND, wanted)
    if message is None:
        found["error"] = "no end after %d s" % SECONDS_PER_CLIP
    elif message.type == Gst.MessageType.ERROR:
        found["error"] = message.parse_error()[0].message
    pipeline.set_state(Gst.State.NULL)
    return found


def gstreamer_frames_apart(clip):
    """gstreamer_frames() in a process of its own: a decoder that crashes fails one clip."""
    result = subprocess.run([sys.executable, __file__, "--decode", str(clip)], check=False,
                            stdout=subprocess.PIPE, timeout=SECONDS_PER_CLIP + 10)
    if result.returncode != 0:
        return {"error": f"the process ended with {result.returncode}", "all": []}
    return json.loads(result.stdout)


def numbered(samples, frames):
    """Checksums as numbers of the full decode, never going back; equal neighbours are one."""
    numbers = []
    at = 0
    for checksum in samples:
        while at < len(frames) and frames[at] != checksum:
            at += 1
        if at == len(frames):
            return None
        numbers.append(at)
    return numbers


def trailing_difference(ours, theirs):
    """How many more repeats of its last picture `ours` ends with; None = they differ elsewhere."""
    shared = min(len(ours), len(theirs))
    if ours[:shared] != theirs[:shared] or shared == 0:
        return None
    rest = ours[shared:] + theirs[shared:]
    if any(frame != ours[shared - 1] for frame in rest):
        return None
    return len(ours) - len(theirs)


def compare(clip):
    """(verdicts {label: text}, details) for one clip. "same" is the only good verdict."""
    theirs = ffmpeg_frames(clip)
    if not theirs["every"]:
        return {"every": "ffmpeg reads no frame"}, {}
    ours = gstreamer_frames_apart(clip)
    if not ours["all"]:
        return {"every": "GStreamer reads no frame: " + ours.get("error", "")}, ours
    same_pixels = ours["all"] == theirs["every"]
    verdicts = {}
    for label in SAMPLINGS:
        mine, other = ours[label], theirs[label]
        if not same_pixels:
            mine = numbered(mine, ours["all"])
            other = numbered(other, theirs["every"])
        if mine is None or other is None:
            verdicts[label] = "a sample is no frame of the full decode"
        elif mine == other:
            verdicts[label] = "same"
        else:
            more = trailing_difference(mine, other)
            first = next((i for i, (a, b) in enumerate(zip(mine, other)) if a != b), None)
            verdicts[label] = (f"{len(mine)} samples for {len(other)}, first other at {first}"
                               if more is None else f"trailing {more:+d}")
    return verdicts, {"pixels": same_pixels, "frames": (len(ours["all"]), len(theirs["every"])),
                      "times": ours["times"], "error": ours.get("error")}


class SamplerOracle(unittest.TestCase):
    def test_every_clip_gives_the_frames_of_the_oracle(self):
        folder = media_folder()
        found = list(clips(folder))
        if not found:
            self.skipTest(f"there is no clip in {folder}")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(compare, found))
        for clip, (verdicts, _) in zip(found, results):
            name = clip.relative_to(folder).as_posix()
            with self.subTest(clip=name):
                self.judge(name, verdicts)

    def judge(self, name, verdicts):
        short = Path(name).name if Path(name).name != "playlist.m3u8" else name
        wrong = {label: text for label, text in verdicts.items() if text != "same"}
        if short in UNREADABLE:
            self.assertTrue(wrong, f"{name} is listed as unreadable, but it was read")
            return
        most = TRAILING.get(short, (0, ""))[0]
        for label, text in list(wrong.items()):
            if text.startswith("trailing ") and abs(int(text.split()[1])) <= most:
                del wrong[label]
        self.assertEqual(wrong, {}, f"{name} differs from the oracle")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--decode":
        json.dump(gstreamer_frames(sys.argv[2]), sys.stdout)
        sys.exit(0)
    unittest.main()
