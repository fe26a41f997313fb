#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong in live streams, pushed unit by unit into animclipsink: the clip is still of the
right frames, and nothing grows.
"""
import dataclasses
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "live"))
import numbered  # noqa: E402
import truth  # noqa: E402
from feed import Feed, Gst, in_short, pieces, resident_bytes  # noqa: E402

SECOND = Gst.SECOND
FRAME = SECOND // 30
X264 = "-c:v libx264 -preset ultrafast -x264-params keyint=30:bframes=3:b-adapt=0"
# name: codec, file, coding, frames, size, first number
FILES = {
    "h264": ("h264", "closed.mp4", X264, 300, (320, 180), 0),
    "open": ("h264", "open.mp4", X264 + ":open-gop=1", 300, (320, 180), 0),
    "large": ("h264", "large.mp4", X264, 150, (640, 360), 300),
    "vp8": ("vp8", "vp8.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -g 30 -b:v 2M", 150,
            (320, 180), 300),
    "mpeg2": ("mpeg2", "mpeg2.mkv", "-c:v mpeg2video -bf 2 -g 30 -q:v 4", 150, (320, 180), 300),
    "raw": ("raw", "raw.mkv", "-c:v ffv1", 150, (320, 180), 300),
}


def numbers_of(units):
    return sorted(unit.number for unit in units)


def last_numbers(units, length=2 * SECOND):
    """What a clip shows that ends with the newest of `units`, in order of time."""
    shown = sorted(truth.Shown(unit.time, unit.number, unit.time) for unit in units)
    return [frame.number
            for frame in truth.clip(shown, shown[-1].time - length, shown[-1].time, None)]


class LiveFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.files = {}
        for name, (codec, file, coding, frames, size, first) in FILES.items():
            path = Path(cls.folder.name) / file
            numbered.encode(path, coding, frames, size=size, first=first)
            cls.files[name] = pieces(path, codec)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def feed(self, **properties):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        return self.enterContext(Feed(folder, **properties))

    def assert_frames(self, outcome, expected):
        self.assertEqual(outcome.get("error"), None)
        self.assert_numbers(outcome["numbers"], expected)

    def assert_numbers(self, numbers, expected):
        expected = list(expected)
        self.assertTrue(numbers == expected,
                        f"shows {in_short(numbers)} instead of {in_short(expected)}")

    # ---- Beginnings ----

    def test_a_stream_without_a_key_frame_at_its_beginning_is_clipped_from_the_first_one(self):
        feed, units = self.feed(), self.files["h264"]
        feed.push(*units[17:80])
        clip = feed.capture()
        self.assert_frames(feed.end(clip)[0], numbers_of(units[30:80]))

    def test_the_pictures_after_a_damaged_one_of_an_open_group_are_shown(self):
        feed, units = self.feed(), self.files["open"]
        third = [i for i, unit in enumerate(units) if unit.is_key][2]
        smallest = min(range(third + 4, third + 12), key=lambda i: len(units[i].data))
        damaged = dataclasses.replace(units[smallest], data=b"\xff" * 40)
        feed.push(*units[:smallest], damaged, *units[smallest + 1:third + 25])
        clip = feed.capture()
        self.assertEqual(feed.end(clip)[0]["numbers"][-1], max(numbers_of(units[:third + 25])))

    def test_an_open_group_at_the_beginning_is_shown_from_its_key_frame(self):
        feed, units = self.feed(), self.files["open"]
        second = [i for i, unit in enumerate(units) if unit.is_key][1]
        self.assertTrue(any(unit.time < units[second].time for unit in units[second:]))
        feed.push(*units[second - 5:second + 40])
        clip = feed.capture()
        number = units[second].number
        shown = [n for n in numbers_of(units[second:second + 40]) if n >= number]
        self.assert_frames(feed.end(clip)[0], shown)

    def test_before_the_first_key_frame_nothing_can_be_shown(self):
        feed, units = self.feed(), self.files["h264"]
        feed.push(*units[17:25])
        clip = feed.capture()
        if clip:
            self.assertIn("nothing", feed.end(clip)[0]["error"])
            self.assertEqual(os.listdir(feed.folder), [])

    # ---- Times ----

    def test_times_that_go_back_go_on(self):
        self.check_jump(-3 * SECOND)

    def test_times_that_go_back_without_decoding_times_go_on(self):
        self.check_jump(-6 * SECOND, [unit.later(10 * SECOND).without_decode_time()
                                      for unit in self.files["h264"]])

    def test_times_that_begin_anew_go_on(self):
        units = [unit.later(100 * SECOND) for unit in self.files["h264"]]
        self.check_jump(-105 * SECOND, units=units)

    def test_a_day_back(self):
        day = 24 * 3600 * SECOND
        units = [unit.later(day) for unit in self.files["h264"]]
        self.check_jump(-day, units=units)

    def test_times_that_begin_anew_inside_a_group_go_on(self):
        for name in ("vp8", "mpeg2"):
            with self.subTest(codec=name):
                units = [unit.later(100 * SECOND) for unit in self.files[name]]
                before = next(i for i in range(45, 150) if not units[i].is_key and
                              max(numbers_of(units[:i])) < min(numbers_of(units[i:])))
                self.check_jump(-100 * SECOND, units=units, before=before)

    def check_jump(self, change, units=None, before=150):
        """The frames after a jump follow those before it: a clip has all of both, none twice, and
        begins pre-roll before its end, give or take the pause at the jump."""
        feed, units = self.feed(), units or self.files["h264"]
        before, after = units[:before], units[before:before + 150]
        feed.push(*before, *[unit.later(change) for unit in after[:30]])
        first = feed.capture()
        feed.push(*[unit.later(change) for unit in after[30:]])
        second = feed.capture()
        crossing, clear = feed.end(first, second)
        self.assertEqual(crossing.get("error"), None)
        last = max(numbers_of(after[:30]))
        begin = crossing["numbers"][0]
        self.assert_numbers(crossing["numbers"],
                            [n for n in numbers_of(before + after[:30]) if n >= begin])
        self.assertLessEqual(last - 60, begin)
        self.assertLessEqual(begin, last - 30)
        end = max(numbers_of(after))
        self.assert_frames(clear, range(end - 60, end + 1))

    def test_a_pause_shows_the_frame_before_it(self):
        feed, units = self.feed(), self.files["h264"]
        feed.push(*units[:90], *[unit.later(10 * SECOND) for unit in units[90:120]])
        clip = feed.capture()
        # 2 s before the end of the units that came, only 30 frames after the pause.
        self.assert_frames(feed.end(clip)[0], [89, *range(90, 120)])

    # ---- Losses ----

    def test_lost_units_between_which_nothing_depends_leave_the_others(self):
        feed, units = self.feed(), self.files["h264"]
        shown_later = [unit for i, unit in enumerate(units[:-1]) if units[i + 1].time < unit.time]
        disposable = [u for u in units if u not in shown_later and not u.is_key][10:40:7]
        left = [unit for unit in units[:100] if unit not in disposable]
        feed.push(*left)
        clip = feed.capture()
        self.assert_frames(feed.end(clip)[0], last_numbers(left))

    def test_a_lost_reference_damages_its_group_alone(self):
        feed, units = self.feed(pre_roll=3 * SECOND), self.files["h264"]
        feed.push(*units[:64])
        feed.push(*units[72:120], is_discontinuous=True)
        clip = feed.capture()
        outcome = feed.end(clip)[0]
        self.assertEqual(outcome.get("error"), None)
        numbers = outcome["numbers"]
        self.assertEqual(numbers[:1] + numbers[-30:], [29, *range(90, 120)])
        self.assertEqual([n for n in numbers if n is not None and n < 60], list(range(29, 60)))

    def test_a_damaged_unit_ends_no_stream(self):
        feed, units = self.feed(), self.files["h264"]
        broken = dataclasses.replace(units[40], data=os.urandom(len(units[40].data)))
        feed.push(*units[:40], broken, *units[41:120])
        clip = feed.capture()
        numbers = feed.end(clip)[0]["numbers"]
        self.assertEqual(numbers[-60:], list(range(60, 120)))

    def test_what_cannot_be_decoded_shows_the_frame_before_it(self):
        """The key frame of what comes after a pause was lost, and the clip begins in the pause."""
        feed, units = self.feed(pre_roll=SECOND), self.files["h264"]
        entry = next(i for i, unit in enumerate(units[60:], 60) if unit.is_key)
        later = [unit.later(3 * SECOND) for unit in units[entry + 1:entry + 9]]
        feed.push(*units[:40], *later, is_discontinuous=True)
        clip = feed.capture(later[0].time - FRAME)
        last = max(numbers_of(units[:40]))
        self.assert_frames(feed.end(clip)[0], [last])

    # ---- Changes ----

    def test_another_resolution_in_mid_stream(self):
        feed, units = self.feed(), self.files["h264"]
        large = [unit.later(10 * SECOND) for unit in self.files["large"]]
        feed.push(*units, *large[:30])
        crossing = feed.capture()
        feed.push(*large[30:90])
        clear = feed.capture()
        crossing, clear = feed.end(crossing, clear)
        self.assert_frames(crossing, range(269, 330))
        self.assert_frames(clear, range(329, 390))

    def test_another_codec_in_mid_stream(self):
        for name in ("vp8", "raw"):
            with self.subTest(codec=name):
                feed, units = self.feed(), self.files["h264"]
                other = [unit.later(10 * SECOND) for unit in self.files[name]]
                feed.push(*units, *other[:30])
                crossing = feed.capture()
                feed.push(*other[30:90])
                clear = feed.capture()
                crossing, clear = feed.end(crossing, clear)
                held = int(name == "raw")  # a picture waits for the next one's time
                self.assert_frames(crossing, last_numbers(units + other[:30 - held]))
                self.assert_frames(clear, last_numbers(other[:90 - held]))

    def test_a_source_exchanged(self):
        """A new stream-start, the same caps, times from 0 in a segment that goes on."""
        feed, units = self.feed(), self.files["h264"]
        feed.push(*units[:150])
        feed.connect(base=150 * FRAME)
        feed.push(*[unit.later(-150 * FRAME) for unit in units[150:180]])
        clip = feed.capture()
        self.assert_frames(feed.end(clip)[0], range(119, 180))

    def test_after_a_flush_nothing_before_it_is_shown(self):
        feed, units = self.feed(post_roll=2 * SECOND), self.files["h264"]
        feed.push(*units[:60])
        before = feed.capture()
        feed.flush()
        feed.push(*[unit.later(-4 * SECOND) for unit in units[120:150]])
        after = feed.capture()
        before, after = feed.end(before, after)
        self.assert_frames(before, range(60))
        self.assert_frames(after, range(120, 150))

    # ---- Days ----

    def test_nothing_grows(self):
        """Half an hour of stream: jumps, losses, other caps, new sources and clips over and over."""
        feed = self.feed(animation='{"Format":"webp","Width":64,"Interval":0.5}')
        large = [unit.later(10 * SECOND) for unit in self.files["large"]]
        sizes, groups = [], []
        for minute in range(30):
            units = [unit.later(minute * 60 * SECOND) for unit in self.files["h264"] + large]
            if minute % 3 == 0:
                del units[200:207]
            if minute % 5 == 0:
                feed.connect()
            feed.push(*units[:-40])
            clip = feed.capture()
            feed.push(*units[-40:])
            path = feed.outcomes(clip)[0]["location"]
            os.unlink(path)
            sizes.append(resident_bytes())
            groups.append(feed.stats("ring-groups"))
        self.assertLessEqual(max(groups), 4)
        self.assertEqual(feed.stats("captures-done"), 30)
        self.assertLess(sizes[-1] - sizes[10], 4 << 20, sizes)


if __name__ == "__main__":
    unittest.main()
