# SPDX-License-Identifier: LGPL-2.1-or-later
"""A pipeline with animclipsinks that are triggered at random times in every way there is, and
whether each clip shows what it must.
"""
import dataclasses
import os
import random
import time

import gi

gi.require_version("GstBase", "1.0")
from gi.repository import Gst, GstBase  # noqa: E402

import numbered  # noqa: E402
import truth  # noqa: E402
from feed import fields, in_short  # noqa: E402

LIMIT = 90  # seconds for what takes ten on an idle machine
# now: the action signal; at: with a running time to come; upstream: the event through the
# pipeline; here: the event in the stream.
KINDS = ("now", "at", "upstream", "here")
MS = Gst.SECOND // 1000


@dataclasses.dataclass
class Look:
    """A sink's settings; times in ns."""
    name: str
    pre_roll: int
    post_roll: int
    format: str
    interval: int = None  # None: every frame
    frame_rate: int = None
    sync: bool = True

    def launch(self, folder):
        fields = f'"Format":"{self.format}","Width":160,"Height":-1'
        if self.interval:
            fields += f',"Interval":{self.interval / Gst.SECOND}'
        if self.frame_rate:
            fields += f',"FrameRate":{self.frame_rate}'
        quoted = ("{" + fields + "}").replace('"', '\\"')
        return (f'animclipsink name={self.name} pre-roll={self.pre_roll} post-roll={self.post_roll} '
                f'sync={str(self.sync).lower()} nice=0 animation="{quoted}" '
                f'location={folder}/{self.name}-{{index}}.{{autoext}}')


@dataclasses.dataclass
class Trigger:
    kind: str
    path: str
    earliest: int = None  # the trigger's running time must lie between these
    latest: int = None
    id: int = None
    time: int = None  # as the element said
    outcome: dict = None

    def __str__(self):
        return f"{os.path.basename(self.path)} ({self.kind}, T={self.time})"


class Watched:
    """One sink, its triggers, and what came into it."""

    def __init__(self, pipeline, look, folder):
        self.pipeline = pipeline
        self.look = look
        self.folder = folder
        self.sink = pipeline.get_by_name(look.name)
        self.recorder = truth.Recorder(self.sink.get_static_pad("sink"))
        self.recorder.before_unit = self.push_events
        self.triggers = []
        self.due_here = []  # triggers whose event goes ahead of the next unit
        self.problems = []
        self.exact = 0  # clips that were held against the one right answer

    def newest(self, but=0):
        """The newest time that a clip can show, or could before the last `but` units. Of decoded
        video that is a sample, and the last picture waits for the next one's time."""
        times = [unit.time for unit in self.recorder.units if unit.time is not None]
        times = times[:max(1, len(times) - but)]
        if not self.recorder.is_raw():
            return max(times)
        last_tick = times[-1] - 1
        if self.look.interval:
            last_tick -= (last_tick - times[0]) % self.look.interval
        return max([times[0], *(time for time in times if time <= last_tick)])

    def now(self, but=0):
        if not self.look.sync:
            return self.newest(but)
        elapsed = self.pipeline.get_clock().get_time() - self.sink.get_base_time()
        return max(0, elapsed - GstBase.BaseSink.get_latency(self.sink))

    def trigger(self, kind, later=0):
        path = f"{self.folder}/{self.look.name}-{len(self.triggers):02}.{self.look.format}"
        new = Trigger(kind, path, earliest=self.now(but=1))  # one may still be on its way
        self.triggers.append(new)
        if kind == "here":
            self.due_here.append(new)
            return
        when = self.newest() + later if kind == "at" else Gst.CLOCK_TIME_NONE
        if kind == "upstream":
            self.sink.send_event(capture_event(Gst.EventType.CUSTOM_UPSTREAM, path))
        else:
            new.id = self.sink.emit("capture", path, when)
        new.latest = self.now()
        if kind == "at":
            new.earliest = new.latest = when

    def push_events(self):
        """In the streaming thread, ahead of a unit: "here" is the newest frame until now."""
        while self.due_here and self.recorder.newest is not None:
            due = self.due_here.pop(0)
            due.earliest = due.latest = self.newest()
            event = capture_event(Gst.EventType.CUSTOM_DOWNSTREAM, due.path)
            self.sink.get_static_pad("sink").send_event(event)

    def on_message(self, message):
        structure = message.get_structure()
        said = fields(structure)
        name = structure.get_name()
        if name == "animclip-started":
            match = [t for t in self.triggers if t.path == said["location"]]
            if len(match) != 1 or match[0].id not in (None, said["id"]):
                self.problems.append(f"a strange {structure.to_string()}")
                return
            match[0].id, match[0].time = said["id"], said["running-time"]
        elif name in ("animclip-done", "animclip-failed"):
            for trigger in self.triggers:
                if trigger.id == said["id"]:
                    if trigger.outcome:
                        self.problems.append(f"{trigger} ended twice")
                    trigger.outcome = said

    def is_idle(self):
        return not self.due_here and all(trigger.outcome for trigger in self.triggers)

    def check(self):
        """Problems as sentences, none if every clip is right."""
        shown = truth.decode(self.recorder.units)
        truth.check_whole(shown)
        if self.recorder.is_raw() and self.look.interval:
            shown = truth.kept(shown, self.look.interval)
        problems = list(self.problems)
        for trigger in self.triggers:
            problems += [f"{trigger}: {problem}" for problem in self.check_clip(trigger, shown)]
        if self.exact < len(self.triggers) // 4:
            problems.append(f"{self.look.name}: of {len(self.triggers)} clips {self.exact} told")
        return problems

    def check_clip(self, trigger, shown):
        look = self.look
        if not trigger.outcome:
            return ["was never ended"]
        end = trigger.time + look.post_roll
        if not trigger.earliest <= trigger.time <= trigger.latest:
            return [f"not within {trigger.earliest} and {trigger.latest}"]
        if "error" in trigger.outcome:
            is_right = end < shown[0].time and "nothing of" in trigger.outcome["error"]
            return [] if is_right else [trigger.outcome["error"]]
        begin = trigger.time - look.pre_roll
        wanted = truth.clip(shown, begin, end, look.interval)
        if not wanted:
            return [f"there should be nothing to show, but there is {trigger.outcome}"]
        frames = numbered.read_animation(trigger.outcome["location"])
        numbers = truth.merged([number for number, _ in frames])
        expected = truth.merged([frame.number for frame in wanted])
        if trigger.outcome["truncated"] and trigger is not self.triggers[-1]:
            is_right = numbers == expected[:len(numbers)]  # the machine stood still
            return [] if is_right else [f"begins {in_short(numbers)}, not {in_short(expected)}"]
        self.exact += 1
        problems = self.check_report(trigger, wanted, shown)
        if numbers != expected:
            problems.append(f"shows {in_short(numbers)} instead of {in_short(expected)}")
        duration, right = sum(ms for _, ms in frames), len(wanted) * 1000 / look.frame_rate
        if look.interval and abs(duration - right) > 10:
            problems.append(f"lasts {duration} ms instead of {right}")
        return problems

    def check_report(self, trigger, wanted, shown):
        """What animclip-done says of the clip."""
        said, problems = trigger.outcome, []
        for name, frame in (("first-stream-time", wanted[0]), ("last-stream-time", wanted[-1])):
            right = {other.stream_time for other in shown if other.time == frame.time}
            if None not in right and said[name] not in right:
                problems.append(f"says {name} {said[name]} instead of {right}")
        size = os.path.getsize(said["location"])
        if (said["location"], said["bytes"]) != (trigger.path, size):
            problems.append(f"says {said['bytes']} bytes in {said['location']} instead of {size}")
        if self.look.interval and said["frames"] != len(wanted):
            problems.append(f"says {said['frames']} frames instead of {len(wanted)}")
        return problems


def capture_event(kind, path):
    structure = Gst.Structure.new_empty("animclip-capture")
    structure.set_value("location", path)
    return Gst.Event.new_custom(kind, structure)


class Watch:
    """Runs `source` (the beginning of a gst-launch line) into a sink for each look."""

    def __init__(self, source, looks, folder):
        branches = " ".join(f"t. ! queue max-size-bytes=0 max-size-buffers=0 max-size-time=0 ! "
                            f"{look.launch(folder)}" for look in looks)
        self.pipeline = Gst.parse_launch(f"{source} ! tee name=t {branches}")
        self.bus = self.pipeline.get_bus()
        self.watched = [Watched(self.pipeline, look, folder) for look in looks]
        self.has_ended = False

    def handle_messages(self, seconds):
        """Until the time is over or the stream has ended."""
        until = time.monotonic() + seconds
        kinds = Gst.MessageType.ELEMENT | Gst.MessageType.ERROR | Gst.MessageType.EOS
        while not self.has_ended and (left := until - time.monotonic()) > 0:
            message = self.bus.timed_pop_filtered(int(left * Gst.SECOND), kinds)
            if message is None:
                break
            if message.type == Gst.MessageType.ERROR:
                raise RuntimeError(": ".join(map(str, message.parse_error())))
            if message.type == Gst.MessageType.EOS:
                self.has_ended = True
            for watched in self.watched:
                if message.src == watched.sink and message.type == Gst.MessageType.ELEMENT:
                    watched.on_message(message)

    def wait(self, condition, what):
        deadline = time.monotonic() + LIMIT
        while not condition():
            if self.has_ended or time.monotonic() > deadline:
                raise RuntimeError(f"{'the stream ended' if self.has_ended else 'too late'}: {what}")
            self.handle_messages(0.05)

    def run(self, count, seed):
        """`count` triggers for each sink; some while the stream begins, and the last of each when
        it ends, still without its post-roll."""
        rng = random.Random(seed)
        early = count // 5
        times = [(0, 4)] * early + [(4, 11)] * (count - early - 1)
        plan = sorted((rng.uniform(*time), rng.choice(KINDS), index, rng.randrange(600) * MS)
                      for index in range(len(self.watched)) for time in times)
        self.pipeline.set_state(Gst.State.PLAYING)
        try:
            self.wait(lambda: all(w.recorder.newest is not None for w in self.watched), "no stream")
            began = time.monotonic()
            for when, kind, index, later in plan:
                self.handle_messages(max(0, began + when - time.monotonic()))
                self.watched[index].trigger(kind, later)
            self.wait(lambda: all(w.is_idle() for w in self.watched), "captures are still open")
            for watched in self.watched:
                watched.trigger("now")
            self.pipeline.send_event(Gst.Event.new_eos())
            self.handle_messages(LIMIT)
        finally:
            self.pipeline.set_state(Gst.State.NULL)

    def problems(self):
        return [problem for watched in self.watched for problem in watched.check()]
