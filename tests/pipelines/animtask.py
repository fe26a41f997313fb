# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs tasks through animtaskbin from Python, and finds clips."""
import json
import os
import subprocess
import time

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

Gst.init(None)

MEDIA = os.environ["ANIM_MEDIA"]
ROOT = os.environ["ANIM_SOURCE"]
# All clips where they are at hand; the tests' own otherwise.
FULL_MEDIA = os.environ.get("ANIM_FULL_MEDIA", os.path.join(ROOT, "..", "shared", "media"))


def clip(name):
    """The path of a clip, or None when it is not here."""
    for folder in (MEDIA, FULL_MEDIA):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return os.path.abspath(path)
    return None


class Outcome:
    """How a task ended: `end` is "EOS", "TIMEOUT" or the error's text."""

    def __init__(self, end, result, seconds):
        self.end = end
        self.result = result
        self.seconds = seconds

    @property
    def output(self):
        return self.result["Outputs"][0]


def run(task, storage_root, limit=60, end_after=None, meanwhile=None, **properties):
    """`end_after`: seconds after which EOS is sent, as gst-launch-1.0 -e does. `meanwhile` is called
    when the sources are open and nothing is made yet. `properties` of the bin with _ for -."""
    element = Gst.ElementFactory.make("animtaskbin")
    if task is not None:
        element.set_property("task", task if isinstance(task, str) else json.dumps(task))
    element.set_property("storage-root", storage_root)
    for name, value in properties.items():
        element.set_property(name.replace("_", "-"), value)
    pipeline = Gst.Pipeline()
    pipeline.add(element)
    began = time.monotonic()
    if meanwhile:
        pipeline.set_state(Gst.State.PAUSED)
        pipeline.get_state(limit * Gst.SECOND)
        meanwhile()
    pipeline.set_state(Gst.State.PLAYING)
    if end_after is not None:
        time.sleep(end_after)
        pipeline.send_event(Gst.Event.new_eos())
    message = pipeline.get_bus().timed_pop_filtered(
        limit * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    seconds = time.monotonic() - began
    if message is None:
        end = "TIMEOUT"
    elif message.type == Gst.MessageType.EOS:
        end = "EOS"
    else:
        end = message.parse_error()[0].message
    pipeline.set_state(Gst.State.NULL)
    result = element.get_property("result")
    return Outcome(end, json.loads(result) if result else {}, seconds)


def one_animation(source, output, **fields):
    """The task of one animation, a frame each second of `source`."""
    animation = {"URI": output, "Format": output.rsplit(".", 1)[1], "Interval": 1, **fields}
    return {"ProjectName": "test", "Sources": [{"URI": source}],
            "Targets": [{"Image": {"Animations": [animation]}}]}


def oracle(source, interval=1):
    """ffmpeg options that pick the frames which the sampler must pick."""
    return ["-i", source, "-map", "0:v:0", "-vf",
            f"setpts=PTS-STARTPTS,fps=1/{interval}:round=up:start_time=0", "-vsync", "passthrough"]


def oracle_count(source, interval=1):
    command = ["ffmpeg", "-v", "quiet", "-nostdin", *oracle(source, interval), "-f", "framemd5", "-"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return sum(1 for line in lines.splitlines() if line and not line.startswith("#"))
