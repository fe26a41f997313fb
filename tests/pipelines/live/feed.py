# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pushes chosen units into an animclipsink, one after the other, with whatever is wrong with them.

Everything happens in the calling thread and nothing waits for a clock: what a clip must show is
known exactly.
"""
import dataclasses
import os

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

import numbered  # noqa: E402
import truth  # noqa: E402

PARSERS = {
    "h264": "h264parse ! video/x-h264,stream-format=avc,alignment=au",
    "h265": "h265parse ! video/x-h265,stream-format=hvc1,alignment=au",
    "vp8": "identity",
    "vp9": "vp9parse ! video/x-vp9,alignment=super-frame",
    "av1": "av1parse ! video/x-av1,alignment=tu",
    "mpeg2": "mpegvideoparse",
    "raw": "avdec_ffv1",
}
LIMIT = 60 * Gst.SECOND


@dataclasses.dataclass(frozen=True)
class Piece:
    """A unit of a file, and the number that its picture shows."""
    data: bytes
    caps: str
    time: int
    decode_time: int  # None: not said
    number: int
    is_key: bool

    def later(self, shift):
        decode_time = None if self.decode_time is None else self.decode_time + shift
        return dataclasses.replace(self, time=self.time + shift, decode_time=decode_time)

    def without_decode_time(self):
        return dataclasses.replace(self, decode_time=None)


def pieces(path, codec):
    """The units of a file in decoding order, at times from 0."""
    demuxer = "qtdemux" if str(path).endswith(".mp4") else "matroskademux"
    pipeline = Gst.parse_launch(f"filesrc location={path} ! {demuxer} ! {PARSERS[codec]} ! "
                                "fakesink name=sink sync=false")
    buffers = []
    pad = pipeline.get_by_name("sink").get_static_pad("sink")
    recorder = truth.Recorder(pad, keeps_pictures=True)
    pad.add_probe(Gst.PadProbeType.BUFFER,
                  lambda _, info: buffers.append(info.get_buffer()) or Gst.PadProbeReturn.OK)
    pipeline.set_state(Gst.State.PLAYING)
    pipeline.get_bus().timed_pop_filtered(LIMIT, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    pipeline.set_state(Gst.State.NULL)
    numbers = {frame.time: frame.number for frame in truth.decode(recorder.units)}
    return [Piece(unit.data, unit.caps, unit.time, decode_time(buffer, unit), numbers[unit.time],
                  not buffer.get_flags() & Gst.BufferFlags.DELTA_UNIT)
            for unit, buffer in zip(recorder.units, buffers)]


def decode_time(buffer, unit):
    if buffer.dts == Gst.CLOCK_TIME_NONE:
        return None
    return unit.time - (buffer.pts - buffer.dts)


class Feed:
    """An animclipsink in a pipeline of its own."""

    def __init__(self, folder, **properties):
        self.folder = folder
        self.pipeline = Gst.Pipeline()
        self.sink = Gst.ElementFactory.make("animclipsink")
        settings = {"sync": False, "nice": 0, "pre-roll": 2 * Gst.SECOND,
                    "location": f"{folder}/{{index}}.{{autoext}}",
                    "animation": '{"Format":"webp","Width":160,"Height":-1,"Quality":50}'}
        for name, value in {**settings, **properties}.items():
            self.sink.set_property(name, value)
        self.pipeline.add(self.sink)
        self.pad = Gst.Pad.new("src", Gst.PadDirection.SRC)
        self.pad.set_active(True)
        self.pad.link(self.sink.get_static_pad("sink"))
        self.caps = None
        self.pipeline.set_state(Gst.State.PLAYING)
        self.connect()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pipeline.set_state(Gst.State.NULL)

    def connect(self, base=0):
        """A new stream begins, as after a source was exchanged; `base`: its running time."""
        self.caps = None
        self.pad.push_event(Gst.Event.new_stream_start("numbers"))
        self.segment = Gst.Segment()
        self.segment.init(Gst.Format.TIME)
        self.segment.base = base

    def flush(self):
        self.pad.push_event(Gst.Event.new_flush_start())
        self.pad.push_event(Gst.Event.new_flush_stop(True))
        self.connect()

    def push(self, *units, is_discontinuous=False):
        for unit in units:
            if unit.caps != self.caps:
                if self.caps is None:
                    caps, self.caps = Gst.Caps.from_string(unit.caps), unit.caps
                    self.pad.push_event(Gst.Event.new_caps(caps))
                    self.pad.push_event(Gst.Event.new_segment(self.segment))
                else:
                    self.caps = unit.caps
                    self.pad.push_event(Gst.Event.new_caps(Gst.Caps.from_string(unit.caps)))
            buffer = Gst.Buffer.new_wrapped(unit.data)
            buffer.pts = unit.time
            if unit.decode_time is not None and unit.decode_time >= 0:
                buffer.dts = unit.decode_time
            if not unit.is_key:
                buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
            if is_discontinuous:
                buffer.set_flags(Gst.BufferFlags.DISCONT)
                is_discontinuous = False
            outcome = self.pad.push(buffer)
            if outcome != Gst.FlowReturn.OK:
                raise RuntimeError(f"the sink said {outcome}")

    def capture(self, time=Gst.CLOCK_TIME_NONE):
        return self.sink.emit("capture", None, time)

    def stats(self, name):
        return self.sink.get_property("stats").get_value(name)

    def messages(self, kinds=Gst.MessageType.ELEMENT):
        while (message := self.pipeline.get_bus().pop_filtered(kinds)) is not None:
            yield message

    def end(self, *ids):
        """EOS, then the outcomes of captures: what the element said, with the numbers shown."""
        self.pad.push_event(Gst.Event.new_eos())
        return self.outcomes(*ids)

    def outcomes(self, *ids):
        found = {}
        while any(id not in found for id in ids):
            message = self.pipeline.get_bus().timed_pop_filtered(
                LIMIT, Gst.MessageType.ELEMENT | Gst.MessageType.ERROR)
            if message is None or message.type == Gst.MessageType.ERROR:
                raise RuntimeError(f"no end of captures {ids}, but "
                                   f"{message and message.parse_error()}")
            said = fields(message.get_structure())
            if message.get_structure().get_name() in ("animclip-done", "animclip-failed"):
                found[said["id"]] = said
                if "bytes" in said:
                    said["numbers"] = [n for n, _ in numbered.read_animation(said["location"])]
        return [found[id] for id in ids]


def fields(structure):
    names = [structure.nth_field_name(index) for index in range(structure.n_fields())]
    return {name: structure.get_value(name) for name in names}


def in_short(numbers):
    if len(numbers) < 25:
        return str(numbers)
    first, last = (", ".join(map(str, part)) for part in (numbers[:4], numbers[-4:]))
    return f"[{first}, … {len(numbers)} …, {last}]"


def resident_bytes():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
