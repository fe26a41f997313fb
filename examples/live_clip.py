#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Watches a live stream (any URI) and makes an animated WebP of its last ten seconds: for each line
on standard input (Enter on a terminal) and on SIGUSR1. Connects anew by itself; Ctrl-C ends.

Usage: live_clip.py URI [FOLDER]
"""

import select
import signal
import sys
import time

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

LOOK = '{"Format":"webp","Interval":0.1,"Width":480,"Height":-1}'
PARSERS = {"video/x-h264": "h264parse", "video/x-h265": "h265parse", "video/x-av1": "av1parse"}
STAYS_ENCODED = (*PARSERS, "video/x-vp8", "video/x-vp9", "audio/")
SILENCE = 10  # seconds without a picture after which it connects anew


def name_of(caps):
    return caps.get_structure(0).get_name()


def link(_, pad, pipeline, sink):
    name = name_of(pad.get_current_caps() or pad.query_caps())
    if name.startswith("video/") and not sink.get_static_pad("sink").is_linked():
        parser = Gst.ElementFactory.make(PARSERS.get(name, "identity"))
        pipeline.add(parser)
        parser.link(sink)
        parser.sync_state_with_parent()
        pad.link(parser.get_static_pad("sink"))


def build(uri, folder):
    pipeline, sink = Gst.Pipeline(), Gst.ElementFactory.make("animclipsink")
    sink.props.animation = LOOK
    sink.props.location = folder + "/clip-{t_hour}{t_min}{t_sec}-{index}.{autoext}"
    source = Gst.ElementFactory.make("uridecodebin")
    source.props.uri = uri
    source.connect("autoplug-continue",
                   lambda _, pad, caps: not name_of(caps).startswith(STAYS_ENCODED))
    source.connect("pad-added", link, pipeline, sink)
    pipeline.add(source)
    pipeline.add(sink)
    return pipeline, sink


def follow(pipeline, sink, lines):
    """Until the stream breaks off; returns why."""
    last, kept = time.monotonic(), None
    while time.monotonic() - last < SILENCE:
        if lines and select.select(lines, [], [], 0)[0]:
            if lines[0].readline():
                sink.emit("capture", None, Gst.CLOCK_TIME_NONE)
            else:
                lines.clear()
        if (now := sink.props.stats.to_string()) != kept:  # another picture has come
            last, kept = time.monotonic(), now
        message = pipeline.get_bus().timed_pop(Gst.SECOND // 10)
        if message and message.type == Gst.MessageType.ERROR:
            return message.parse_error()[0].message
        if message and message.type == Gst.MessageType.EOS:
            return "the stream has ended"
        if message and message.type == Gst.MessageType.LATENCY:
            pipeline.recalculate_latency()
        if message and message.has_name("animclip-done"):
            print(message.get_structure().get_string("location"), flush=True)
        if message and message.has_name("animclip-failed"):
            print(message.get_structure().get_string("error"), file=sys.stderr)
    return "no picture came"


def main():
    Gst.init(None)
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    lines = [sys.stdin]
    while True:
        pipeline, sink = build(*(sys.argv[1:] + ["."])[:2])
        signal.signal(signal.SIGUSR1, lambda *_: sink.emit("capture", None, Gst.CLOCK_TIME_NONE))
        pipeline.set_state(Gst.State.PLAYING)
        try:
            print(follow(pipeline, sink, lines), file=sys.stderr)
        finally:
            pipeline.set_state(Gst.State.NULL)  # waits until open clips are finished
        time.sleep(2)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
