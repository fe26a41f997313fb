# SPDX-License-Identifier: LGPL-2.1-or-later
"""Decodes a clip, through samplegate or without it: which pictures the samples are."""
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstVideo", "1.0")
from gi.repository import Gst, GstVideo  # noqa: E402

from clips import visible_checksum  # noqa: E402

SECONDS_PER_CLIP = 120
MEDIA_PREFIXES = ("video/", "image/")


class Decoded:
    """Samples by label, as (time, checksum); how many frames each sampler was given, and how many
    units there were before the gate; the caps that the decoder said; `error` or None; warnings of
    samplers; the gate's stats."""

    def __init__(self, labels):
        self.samples = {label: [] for label in labels}
        self.frames_in = {}
        self.units = 0
        self.caps = []
        self.error = None
        self.warnings = []
        self.stats = {}


def configure(element, settings):
    for name, value in settings.items():
        Gst.util_set_object_arg(element, name, str(value))


def make(pipeline, factory, **properties):
    element = Gst.ElementFactory.make(factory)
    for name, value in properties.items():
        element.set_property(name.replace("_", "-"), value)
    pipeline.add(element)
    return element


def end_of(pipeline, out):
    """The message that ends it, or None; warnings of samplers go to `out`."""
    ends = Gst.MessageType.EOS | Gst.MessageType.ERROR
    until = time.monotonic() + SECONDS_PER_CLIP
    while (left := until - time.monotonic()) > 0:
        message = pipeline.get_bus().timed_pop_filtered(
            int(left * Gst.SECOND), ends | Gst.MessageType.WARNING)
        if message is None or message.type & ends:
            return message
        if message.src.get_factory().get_name() == "intervalsampler":
            out.warnings.append(message.parse_warning()[0].message)
    return None


def leave_out(pad, count):
    """The first units never come, as in a live stream that is joined in its middle."""
    left = [count]

    def probe(_pad, _info):
        left[0] -= 1
        return Gst.PadProbeReturn.DROP if left[0] >= 0 else Gst.PadProbeReturn.OK
    pad.add_probe(Gst.PadProbeType.BUFFER, probe)


def set_threads(count):
    """For decoders of libavcodec, as they come."""
    def added(_bin, _sub, element):
        if element.find_property("max-threads"):
            element.set_property("max-threads", count)
    return added


def decode(clip, samplings, gate=None, join=0, threads=0):
    """`samplings`: {label: intervalsampler's settings}; several share a tee, one is straight behind
    the decoder. `gate`: samplegate's settings, or None. `join`: units that are left out at the
    beginning. `threads`: of the decoder, 0 = one for each core."""
    out = Decoded(samplings)
    pipeline = Gst.Pipeline()
    source = make(pipeline, "filesrc", location=str(clip))
    parser = make(pipeline, "parsebin")
    decoder = make(pipeline, "decodebin")
    samplers = {}
    source.link(parser)
    first = decoder
    if gate is not None:
        first = make(pipeline, "samplegate")
        configure(first, gate)
        first.link(decoder)

    checksums = {}

    def decoded(pad, info):
        buffer = info.get_buffer()
        video = GstVideo.VideoInfo.new_from_caps(pad.get_current_caps())
        checksums[hash(buffer.peek_memory(0))] = visible_checksum(buffer, video)
        return Gst.PadProbeReturn.OK

    def told(_pad, info):
        if info.get_event().type == Gst.EventType.CAPS:
            out.caps.append(info.get_event().parse_caps().to_string())
        return Gst.PadProbeReturn.OK

    def sampled(label):
        def probe(_, info):
            buffer = info.get_buffer()
            checksum = checksums[hash(buffer.peek_memory(0))]
            out.samples[label].append((buffer.pts, checksum))
            return Gst.PadProbeReturn.OK
        return probe

    def count_unit(*_):
        out.units += 1
        return Gst.PadProbeReturn.OK

    def unit_pad(_, pad):
        caps = pad.get_current_caps() or pad.query_caps(None)
        target = first.get_static_pad("sink")
        is_video = caps.get_structure(0).get_name().startswith(MEDIA_PREFIXES)
        if is_video and not target.is_linked():
            pad.add_probe(Gst.PadProbeType.BUFFER, count_unit)
            leave_out(pad, join)
            pad.link(target)

    def picture_pad(_, pad):
        target = shared.get_static_pad("sink")
        if not target.is_linked():
            pad.link(target)

    for label, settings in samplings.items():
        sampler = samplers[label] = make(pipeline, "intervalsampler", eos_upstream=False)
        configure(sampler, settings)
        sink = make(pipeline, "fakesink", **{"async": False})
        sampler.link(sink)
        sink.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, sampled(label))
    shared = next(iter(samplers.values())) if len(samplers) == 1 else make(pipeline, "tee")
    for sampler in samplers.values():
        if sampler is not shared:
            shared.link(sampler)
    shared.get_static_pad("sink").add_probe(Gst.PadProbeType.BUFFER, decoded)
    shared.get_static_pad("sink").add_probe(Gst.PadProbeType.EVENT_DOWNSTREAM, told)
    decoder.connect("deep-element-added", set_threads(threads))
    parser.connect("pad-added", unit_pad)
    decoder.connect("pad-added", picture_pad)
    for element in (parser, decoder):
        element.connect("autoplug-select", lambda _b, _p, _c, factory: 2 * (
            factory.get_name() in ("hlsdemux2", "dashdemux2", "mssdemux2", "avdec_gif")))
    pipeline.set_state(Gst.State.PLAYING)
    message = end_of(pipeline, out)
    if message is None:
        out.error = f"no end after {SECONDS_PER_CLIP} s"
    elif message.type == Gst.MessageType.ERROR:
        out.error = message.parse_error()[0].message
    for label, sampler in samplers.items():
        out.frames_in[label] = sampler.get_property("stats").get_value("frames-in")
    if gate is not None:
        stats = first.get_property("stats")
        out.stats = {name: stats.get_value(name) for name in
                     ("units-in", "passed", "dropped-disposable", "dropped-unused",
                      "dropped-after-end", "gap-seeks")}
    pipeline.set_state(Gst.State.NULL)
    return out


Gst.init(None)
