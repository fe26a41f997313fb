#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""intervalsampler picks the frames that ffmpeg's fps filter picks, on every clip there is.

Clips: tests/media, or the folder that ANIM_FULL_MEDIA names, or ../shared/media beside the
repository when it exists. For each clip ffmpeg decodes once and samples in all ways of SAMPLINGS;
GStreamer decodes once through a tee of as many samplers. Both sides name a frame by a checksum of
its visible pixels; where the decoders do not agree bit for bit, by its number in the full decode.
A sample's checksum is that of the decoded picture in the same memory, so a copy fails the test.
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))
from clips import UNREADABLE, clips, listed, media_folder, visible_checksum  # noqa: E402

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
# Clips at whose end the last picture is shown more or less often: (times at most, cause).
ENDING = {
    "flv/flv1_170x120.flv":
        (1, "FLV states no durations: GStreamer takes 1/24 s, ffmpeg the distance before, 42 ms"),
    "wmv/lego_wmv2_320x240.wmv":
        (1, "ASF states no frame rate: avdec_wmv2 says 40 ms a frame, ffmpeg finds 33"),
    "wmv/elephant_msmpeg4v3_160x120.asf":
        (1, "ASF states no frame rate: the decoder says 40 ms a frame, ffmpeg guesses 8"),
}
# Clips to which GStreamer's demuxer or decoder gives other frames or other times than ffmpeg's, so
# that a sampler cannot pick the same. They are compared with picked() on the times it was given.
OTHER_TIMES = {
    "generated/ducks_rv20_ac3.rm": "rmdemux gives RV20 no PTS: the decoder counts the header's 29/s",
    "generated/ducks_rv20_ac3.rmvb": "as ducks_rv20_ac3.rm",
    "generated/trunc_faststart_60pct.mp4": "truncated: ffmpeg shows the last, broken frame",
    "generated/trunc_no_index.avi": "truncated: ffmpeg shows the last, broken frame",
    "mp4/edit_list_iphone_hevc_hlg_rot-90.mp4":
        "edit list: ffmpeg leaves out the picture on screen where the edit begins, qtdemux the "
        "last but one, which follows the edit's end in decoding order",
    "ps/asteroid_mpeg1_320x240.mpg": "elementary stream: ffmpeg shows the first frame for two",
    "ps/quicktime_mpeg2_ps_192x240.mpg": "damaged end: the last frame has no time in ffmpeg",
}
SECONDS_PER_CLIP = 120
ROUNDING = 2  # ns, as kRounding in gst/core/sampling.h


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

    checksums = {}  # of the pictures in memory, by address: samples must share the source's

    def decoded(pad, info):
        buffer = info.get_buffer()
        video = GstVideo.VideoInfo.new_from_caps(pad.get_current_caps())
        checksum = visible_checksum(buffer, video)
        checksums[hash(buffer.peek_memory(0))] = checksum
        segment = pad.get_sticky_event(Gst.EventType.SEGMENT, 0).parse_segment()
        found["all"].append(checksum)
        found["times"].append((segment.to_running_time(Gst.Format.TIME, buffer.pts),
                               buffer.duration))
        return Gst.PadProbeReturn.OK

    def sampled(label):
        def probe(_, info):
            found[label].append(checksums[hash(info.get_buffer().peek_memory(0))])
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
        sink.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, sampled(label))
    tee.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, decoded)

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
        return {"error": f"its process ended with {result.returncode}", "all": []}
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


def picked(times, settings):
    """The definition of a sample, on (running time, duration) in ns: numbers of frames."""
    zero = times[0][0]
    instants = [Fraction(time - zero) for time, _ in times]
    if not settings:
        return list(range(len(instants)))
    period = Fraction(settings.get("interval", 0))
    if "rate" in settings:
        period = Fraction(10**9 * settings["rate"][1], settings["rate"][0])
    end = instants[-1] + times[-1][1]
    numbers, last, k = [], 0, 0
    while k * period + ROUNDING < end:
        while last + 1 < len(instants) and instants[last + 1] <= k * period + ROUNDING:
            last += 1
        numbers.append(last)
        k += 1
    return numbers


def ending_difference(ours, theirs, last):
    """How many more samples of the last frame `ours` ends with; None = they differ elsewhere."""
    shared = min(len(ours), len(theirs))
    rest = ours[shared:] + theirs[shared:]
    if ours[:shared] != theirs[:shared] or any(frame != last for frame in rest):
        return None
    return len(ours) - len(theirs)


class SamplerOracle(unittest.TestCase):
    def test_every_clip_gives_the_frames_of_the_oracle(self):
        folder = media_folder()
        found = list(clips(folder))
        if not found:
            self.skipTest(f"there is no clip in {folder}")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            theirs = pool.map(ffmpeg_frames, found)
            ours = pool.map(gstreamer_frames_apart, found)
            for clip, their, our in zip(found, theirs, ours):
                name = clip.relative_to(folder).as_posix()
                with self.subTest(clip=name):
                    self.compare(name, our, their)

    def compare(self, name, ours, theirs):
        is_read = bool(ours["all"]) and bool(theirs["every"])
        if listed(name, UNREADABLE):
            self.assertFalse(is_read, "listed as unreadable, but it was read")
            return
        self.assertTrue(theirs["every"], "ffmpeg reads no frame")
        self.assertTrue(ours["all"], "GStreamer reads no frame: " + ours.get("error", ""))
        if listed(name, OTHER_TIMES):
            self.compare_with_times(ours, theirs)
            return
        most = (listed(name, ENDING) or (0,))[0]
        is_same_decode = ours["all"] == theirs["every"]
        for label in SAMPLINGS:
            mine, other = ours[label], theirs[label]
            if not is_same_decode:
                mine = numbered(mine, ours["all"])
                other = numbered(other, theirs["every"])
            if mine == other:
                continue
            more = ending_difference(mine, other, mine[-1])
            self.assertIsNotNone(more, f"{label}: {len(mine)} samples for {len(other)}")
            self.assertLessEqual(abs(more), most, f"{label}: the last frame {more:+d} times")

    def compare_with_times(self, ours, theirs):
        differs = ours["all"] != theirs["every"]
        for label, (settings, _) in SAMPLINGS.items():
            expected = [ours["all"][number] for number in picked(ours["times"], settings)]
            self.assertEqual(ours[label], expected, label)
            differs = differs or ours[label] != theirs[label]
        self.assertTrue(differs, "listed as different, but it is the same as ffmpeg's")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--decode":
        json.dump(gstreamer_frames(sys.argv[2]), sys.stdout)
        sys.exit(0)
    unittest.main()
