#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Watches a live stream (any URI) and makes an animated WebP of its last ten seconds: for each line
on standard input (Enter on a terminal) and on SIGUSR1. Connects anew by itself; Ctrl-C ends.
Usage: live_clip.py URI [FOLDER]"""
import select, signal, sys, time  # noqa: E401

import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

LOOK = '{"Format":"webp","Interval":0.1,"Width":480,"Height":-1}'
PARSERS = {"video/x-h264": "h264parse", "video/x-h265": "h265parse", "video/x-av1": "av1parse"}
STAYS_ENCODED = (*PARSERS, "video/x-vp8", "video/x-vp9", "audio/")


def link(_, pad, pipeline, sink):
    name = (pad.get_current_caps() or pad.query_caps()).get_structure(0).get_name()
    if name.startswith("video/") and not sink.get_static_pad("sink").is_linked():
        parser = Gst.ElementFactory.make(PARSERS.get(name, "identity"))
        pipeline.add(parser)
        parser.link(sink)
        parser.sync_state_with_parent()
        pad.link(parser.get_static_pad("sink"))


def build(uri, folder="."):
    pipeline = Gst.parse_launch("uridecodebin name=source animclipsink name=clip")
    source, sink = pipeline.get_by_name("source"), pipeline.get_by_name("clip")
    source.props.uri, sink.props.animation = uri, LOOK
    sink.props.location = folder + "/clip-{t_hour}{t_min}{t_sec}-{index}.{autoext}"
    source.connect("autoplug-continue", lambda _, pad, caps:
                   not caps.get_structure(0).get_name().startswith(STAYS_ENCODED))
    source.connect("pad-added", link, pipeline, sink)
    return pipeline, lambda *_: sink.emit("capture", None, Gst.CLOCK_TIME_NONE)


def follow(pipeline, capture, inputs):
    """Until the stream breaks off; returns why."""
    while True:
        if select.select(inputs, [], [], 0)[0]:
            capture() if inputs[0].readline() else inputs.clear()
        message = pipeline.get_bus().timed_pop(Gst.SECOND // 10)
        if message and message.type in (Gst.MessageType.ERROR, Gst.MessageType.EOS):
            failed = message.type == Gst.MessageType.ERROR
            return message.parse_error()[0].message if failed else "the stream has ended"
        if message and message.type == Gst.MessageType.LATENCY:
            pipeline.recalculate_latency()
        if message and message.has_name("animclip-done"):
            print(message.get_structure().get_string("location"), flush=True)
        if message and message.has_name("animclip-failed"):
            print(message.get_structure().get_string("error"), file=sys.stderr)


Gst.init(None)
if not 2 <= len(sys.argv) <= 3:
    sys.exit(__doc__)
signal.signal(signal.SIGINT, lambda *_: sys.exit())
inputs = [open(0, "rb", buffering=0)]  # of lines that come together none waits for the next
while True:
    pipeline, capture = build(*sys.argv[1:])
    signal.signal(signal.SIGUSR1, capture)
    pipeline.set_state(Gst.State.PLAYING)
    try:
        print(follow(pipeline, capture, inputs), file=sys.stderr)
    finally:
        pipeline.set_state(Gst.State.NULL)  # waits until open clips are finished
    time.sleep(2)
