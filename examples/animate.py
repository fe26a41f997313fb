#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes an animated WebP of a video in an application: animtaskbin, its progress and its result.

Usage: animate.py VIDEO OUTPUT.webp
"""

import json
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402


def task(video, output):
    animation = {"Format": "webp", "URI": output, "Interval": 0.2, "Width": 320, "Height": -1}
    return {
        "ProjectName": "example",
        "Sources": [{"URI": video}],
        "Targets": [{"Image": {"Animations": [animation]}}],
    }


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Gst.init(None)
    animator = Gst.ElementFactory.make("animtaskbin")
    animator.props.task = json.dumps(task(sys.argv[1], sys.argv[2]))
    pipeline = Gst.Pipeline()
    pipeline.add(animator)
    pipeline.set_state(Gst.State.PLAYING)
    kinds = Gst.MessageType.EOS | Gst.MessageType.ERROR | Gst.MessageType.ELEMENT
    while message := pipeline.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE, kinds):
        if message.type == Gst.MessageType.ELEMENT and message.has_name("progress"):
            print(message.get_structure().get_int("percent").value, "%")
        elif message.type == Gst.MessageType.ERROR:
            sys.exit(message.parse_error()[0].message)
        elif message.type == Gst.MessageType.EOS:
            break
    print(animator.props.result)
    pipeline.set_state(Gst.State.NULL)


if __name__ == "__main__":
    main()
