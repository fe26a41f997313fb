# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a clip must show, from what went into a sink: units and times by a probe on its pad, the
numbers in the pictures by a decode of our own at the end.
"""
import dataclasses
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstVideo", "1.0")
from gi.repository import Gst, GstVideo  # noqa: E402
import numpy  # noqa: E402

import numbered  # noqa: E402

Gst.init(None)

# Pictures that need what the stream does not have are left out, not guessed.
DECODERS = {
    "video/x-h264": "avdec_h264 output-corrupt=false max-threads=1",
    "video/x-h265": "avdec_h265 output-corrupt=false max-threads=1",
    "video/x-vp8": "vp8dec",
    "video/x-vp9": "vp9dec",
    "video/x-av1": "av1dec",
    "video/mpeg": "avdec_mpeg2video output-corrupt=false max-threads=1",
}
# The decode's times are running times plus this, so that none is negative.
SHIFT = 1000 * 3600 * Gst.SECOND
UNIT = Gst.Caps.from_string("timestamp/x-unit")
# Instants nearer than this are one to samplers; a picture is on screen for longer.
ROUNDING = 2
# No stream here shows a picture more than this many units after its own.
REORDERED = 16


@dataclasses.dataclass
class Unit:
    data: bytes
    number: int  # once it is decoded; None: damaged, or not shown
    time: int  # running time in ns, negative before the segment; None if nothing tells it
    distance: int  # without a timestamp: from the picture shown before it; else None
    stream_time: int
    caps: str
    is_discontinuous: bool


class Recorder:
    """All units that come to a pad, and the newest time until now."""

    def __init__(self, pad, keeps_pictures=False):
        self.keeps_pictures = keeps_pictures  # and not their numbers alone
        self.units = []
        self.newest = None
        self.lock = threading.Lock()
        self.segment = Gst.Segment()
        self.caps = ""
        self.first = threading.Event()
        self.before_unit = None  # called in the streaming thread ahead of each unit
        pad.add_probe(Gst.PadProbeType.BUFFER | Gst.PadProbeType.EVENT_DOWNSTREAM, self.on_data)

    def on_data(self, _pad, info):
        if info.type & Gst.PadProbeType.BUFFER:
            if self.before_unit:
                self.before_unit()
            self.add(info.get_buffer())
            self.first.set()
        else:
            event = info.get_event()
            if event.type == Gst.EventType.SEGMENT:
                self.segment = event.parse_segment().copy()
            elif event.type == Gst.EventType.CAPS:
                self.caps = event.parse_caps().to_string()
        return Gst.PadProbeReturn.OK

    def is_raw(self):
        return self.caps.startswith("video/x-raw")

    def add(self, buffer):
        time = distance = stream_time = None
        if buffer.pts == Gst.CLOCK_TIME_NONE:
            # As a receiver leaves it where its clock begins anew. A guess, until all have come.
            if self.newest is not None and buffer.duration != Gst.CLOCK_TIME_NONE:
                distance = buffer.duration
                time = self.newest + distance
        else:
            sign, time = self.segment.to_running_time_full(Gst.Format.TIME, buffer.pts)
            time *= sign
            sign, stream_time = self.segment.to_stream_time_full(Gst.Format.TIME, buffer.pts)
            stream_time *= sign
        is_raw = self.is_raw()
        has_bytes = self.keeps_pictures or not is_raw
        unit = Unit(buffer.extract_dup(0, buffer.get_size()) if has_bytes else b"",
                    read_raw(buffer, self.caps) if is_raw else None,
                    time, distance, stream_time, self.caps,
                    bool(buffer.get_flags() & Gst.BufferFlags.DISCONT))
        with self.lock:
            self.units.append(unit)
            if time is not None and (self.newest is None or time > self.newest):
                self.newest = time


def read_raw(buffer, caps):
    structure = Gst.Caps.from_string(caps).get_structure(0)
    width, height = structure.get_int("width")[1], structure.get_int("height")[1]
    meta = GstVideo.buffer_get_video_meta(buffer)
    offset, stride = (meta.offset[0], meta.stride[0]) if meta else (0, (width + 3) & ~3)
    data = numpy.frombuffer(buffer.extract_dup(offset, stride * height), numpy.uint8)
    return numbered.read_luma(data.reshape(height, stride)[:, :width])


@dataclasses.dataclass(order=True)
class Shown:
    time: int  # running time
    number: int  # None: damaged
    stream_time: int


def decode_section(units):
    """(unit, number) of the pictures of units that share their caps, in the decoder's order."""
    caps = Gst.Caps.from_string(units[0].caps)
    decoder = DECODERS[caps.get_structure(0).get_name()]
    pipeline = Gst.parse_launch(f"appsrc name=in format=time max-bytes=0 ! {decoder} ! videoconvert "
                                "n-threads=1 ! video/x-raw,format=GRAY8 ! appsink name=out sync=false")
    source, sink = pipeline.get_by_name("in"), pipeline.get_by_name("out")
    source.set_property("caps", caps)
    pipeline.set_state(Gst.State.PLAYING)
    for index, unit in enumerate(units):
        buffer = Gst.Buffer.new_wrapped(unit.data)
        buffer.add_reference_timestamp_meta(UNIT, index, Gst.CLOCK_TIME_NONE)
        if unit.time is not None:
            buffer.pts = unit.time + SHIFT
        source.emit("push-buffer", buffer)
    source.emit("end-of-stream")
    pictures = []
    while (sample := sink.emit("pull-sample")) is not None:
        buffer = sample.get_buffer()
        unit = units[buffer.get_reference_timestamp_meta(UNIT).timestamp]
        pictures.append((unit, read_raw(buffer, sample.get_caps().to_string())))
    pipeline.set_state(Gst.State.NULL)
    return pictures


def decode_all(units):
    pictures, section = [], []
    for unit in units + [None]:
        if section and (unit is None or unit.caps != section[0].caps):
            pictures += decode_section(section)
            section = []
        section.append(unit)
    return pictures


def in_order(pictures):
    """When each picture is on screen: no one before the one that is shown before it, whatever times
    a receiver gave them."""
    shown = []
    for unit, number in pictures:
        time, before = unit.time, shown[-1].time if shown else None
        if before is not None:
            time = max(before + ROUNDING + 1, before + unit.distance if unit.distance is not None else time)
        offset = None if unit.stream_time is None else unit.stream_time - unit.time
        shown.append(Shown(time, number, None if offset is None else time + offset))
    return shown


def decode(units):
    """Everything that can be shown of a recorded stream, in its order."""
    if units[0].caps.startswith("video/x-raw"):
        return in_order([(unit, unit.number) for unit in units])
    return in_order(decode_all(units))


def check_whole(shown):
    """Raises where a number is missing: then the stream itself came damaged, and nothing is proved.
    At its end, which was cut in decoding order, some may be."""
    for before, after in zip(shown[:-REORDERED], shown[1:]):
        if before.number is None or after.number != before.number + 1:
            raise AssertionError(f"the stream itself came damaged: after {before} came {after}")


def on_screen(shown, time):
    """The last frame whose time is not after `time`; None before the first."""
    found = None
    for frame in shown:
        if frame.time > time + ROUNDING:
            break
        found = frame
    return found


def kept(shown, interval):
    """What is kept of decoded video: the frames on screen every `interval` ns from the first."""
    found = [on_screen(shown, time) for time in range(shown[0].time, shown[-1].time + 1, interval)]
    return [frame for index, frame in enumerate(found) if index == 0 or frame != found[index - 1]]


def clip(shown, begin, end, interval):
    """The frames of a clip of [begin, end], sampled every `interval` ns (None: every frame). It is
    no longer than the stream."""
    begin, end = max(begin, shown[0].time), min(end, shown[-1].time)
    if interval is None:
        first = on_screen(shown, begin)
        return [frame for frame in shown if first.time <= frame.time <= end]
    return [on_screen(shown, time) for time in range(begin, end + 1, interval)]


def merged(numbers):
    """Without repeats that follow each other, as encoders merge equal frames."""
    return [number for index, number in enumerate(numbers)
            if index == 0 or numbers[index - 1] != number]
