# SPDX-License-Identifier: LGPL-2.1-or-later
"""animgifenc in gst-launch, to files that Pillow and ffmpeg read; memory and time of long streams."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy
from PIL import Image, ImageSequence

MIB = 1024 * 1024


def launch(pipeline):
    """Runs a pipeline; its peak memory in bytes and its CPU seconds."""
    command = ['gst-launch-1.0', '-q'] + pipeline.split()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise AssertionError(f'{pipeline}: exit status {child.returncode}')
    return usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime


def raw_frames(path, size, pixel_format, *options):
    """Every frame as ffmpeg decodes it, as an array (frames, height, width, channels)."""
    out = subprocess.run(
        ['ffmpeg', '-v', 'error', '-i', str(path), *options, '-f', 'rawvideo', '-pix_fmt',
         pixel_format, '-'], check=True, stdout=subprocess.PIPE).stdout
    channels = len(pixel_format.replace('24', ''))
    return numpy.frombuffer(out, numpy.uint8).reshape(-1, size[1], size[0], channels)


def pillow_frames(path):
    """(RGBA array, delay in ms) of every frame as Pillow composes it."""
    with Image.open(path) as image:
        return [(numpy.asarray(frame.convert('RGBA')), frame.info['duration'])
                for frame in ImageSequence.Iterator(image)]


def psnr(one, other):
    error = numpy.mean((one.astype(float) - other.astype(float)) ** 2)
    return 99 if error == 0 else 10 * numpy.log10(255 ** 2 / error)


class GifReaders(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.gif = Path(self.folder.name) / 'out.gif'
        self.raw = Path(self.folder.name) / 'in.raw'

    def make(self, source, caps, properties=''):
        """Encodes and keeps the source's frames beside; returns them."""
        launch(f'{source} ! {caps} ! tee name=t  t. ! queue ! animgifenc {properties} ! '
               f'filesink location={self.gif}  t. ! queue ! filesink location={self.raw}')
        size = [int(part.split('=')[1]) for part in caps.split(',') if 'width' in part
                or 'height' in part]
        return numpy.fromfile(self.raw, numpy.uint8).reshape(-1, size[1], size[0], 4)

    def test_pillow_and_ffmpeg_see_the_frames_of_a_moving_ball(self):
        source = self.make('videotestsrc num-buffers=30 pattern=ball',
                           'video/x-raw,format=RGBA,width=160,height=120,framerate=10/1')
        frames = pillow_frames(self.gif)
        self.assertEqual(len(frames), 30)
        self.assertEqual([delay for _, delay in frames], [100] * 30)
        decoded = raw_frames(self.gif, (160, 120), 'rgb24')
        self.assertEqual(len(decoded), 30)
        for t in range(30):
            # the ball has fewer than 256 greys: exact
            self.assertTrue(numpy.array_equal(frames[t][0][..., :3], source[t][..., :3]), t)
            self.assertTrue(numpy.array_equal(decoded[t], source[t][..., :3]), t)

    def test_pictures_of_many_colours_come_close_and_still_parts_stand_still(self):
        source = self.make('videotestsrc num-buffers=20 pattern=smpte',
                           'video/x-raw,format=RGBA,width=320,height=240,framerate=10/1')
        decoded = raw_frames(self.gif, (320, 240), 'rgb24', '-vf', 'fps=10')
        for t in range(20):
            self.assertGreater(psnr(decoded[t], source[t][..., :3]), 30, t)
        still = numpy.all(source == source[0], axis=(0, 3))
        self.assertTrue(numpy.all(decoded[:, still] == decoded[0, still]))

    def test_loops(self):
        for loops, shown in ((0, 0), (1, None), (2, 1), (10, 9)):
            with self.subTest(loops=loops):
                launch(f'videotestsrc num-buffers=3 ! video/x-raw,width=16,height=16 ! animgifenc '
                       f'animation-loops={loops} ! filesink location={self.gif}')
                with Image.open(self.gif) as image:
                    self.assertEqual(image.info.get('loop'), shown)

    def test_total_time_of_odd_rates(self):
        for rate, count in (('30000/1001', 60), ('25/1', 50), ('60/1', 120), ('7/3', 7)):
            with self.subTest(rate=rate):
                launch(f'videotestsrc num-buffers={count} pattern=snow ! video/x-raw,width=16,'
                       f'height=16,framerate={rate} ! animgifenc ! filesink location={self.gif}')
                num, den = map(int, rate.split('/'))
                total = sum(delay for _, delay in pillow_frames(self.gif))
                self.assertLessEqual(abs(total - 1000 * count * den / num), 5)

    def test_alpha_of_a_real_clip_disappears_where_it_should(self):
        clip = Path(os.environ['ANIM_MEDIA']) / 'webm' / 'alpha_vp9_circle_200.webm'
        launch(f'filesrc location={clip} ! decodebin ! videorate ! '
               f'video/x-raw,format=A420,framerate=10/1 ! tee name=t  t. ! queue ! animgifenc ! '
               f'filesink location={self.gif}  t. ! queue ! videoconvert ! '
               f'video/x-raw,format=RGBA ! filesink location={self.raw}')
        source = numpy.fromfile(self.raw, numpy.uint8).reshape(-1, 200, 200, 4)
        shown = []
        for picture, delay in pillow_frames(self.gif):
            shown += [picture] * (delay // 100)
        decoded = raw_frames(self.gif, (200, 200), 'rgba', '-vf', 'fps=10')
        self.assertGreaterEqual(len(shown), 45)
        for t in range(min(len(shown), len(source))):
            wanted = source[t][..., 3] >= 128
            self.assertTrue(numpy.array_equal(shown[t][..., 3] > 0, wanted), f'Pillow, frame {t}')
            self.assertTrue(numpy.array_equal(decoded[t][..., 3] > 0, wanted), f'ffmpeg, frame {t}')

    def test_memory_and_time_of_a_long_stream(self):
        for pattern, limit in (('ball', 30), ('snow', 80)):
            with self.subTest(pattern=pattern):
                def run(count):
                    return launch(
                        f'videotestsrc num-buffers={count} pattern={pattern} ! video/x-raw,'
                        f'width=160,height=90,framerate=30/1 ! animgifenc ! '
                        'filesink location=/dev/null')
                short, _ = run(100)
                long, seconds = run(10000)
                print(f'{pattern}: {short / MIB:.1f} MiB for 100 frames, {long / MIB:.1f} MiB and '
                      f'{seconds:.1f} s of CPU for 10000', file=sys.stderr)
                self.assertLessEqual(long, 1.2 * short + 8 * MIB)
                self.assertLess(seconds, limit)


if __name__ == '__main__':
    unittest.main()
