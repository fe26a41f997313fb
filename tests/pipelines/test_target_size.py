# SPDX-License-Identifier: LGPL-2.1-or-later
"""target-size of both encoders on drawn and real clips, through gst-launch and through a task."""
import os
import subprocess
import sys
import tempfile
import unittest

from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
from animtask import clip, run  # noqa: E402

DRAWN = 'videotestsrc num-buffers=15 pattern={} ! video/x-raw,width=192,height=128,framerate=10/1'
REAL = ('filesrc location={} ! decodebin ! videorate ! videoscale ! '
        'video/x-raw,width=128,height=96,framerate=4/1,pixel-aspect-ratio=1/1')
CLIPS = {
    'smpte': DRAWN.format('smpte'),
    'ball': DRAWN.format('ball'),
    'zone plate': DRAWN.format('chroma-zone-plate kx2=20 ky2=20 kt=1'),
    'film': REAL.format(clip('mp4/bbb_480p_5s_h264_b.mp4')),
    'terminal': REAL.format(clip('mp4/terminal_640x480_vfr.mp4')),
}
# Between frames with and without loss, which content=auto chooses by quality, there may be no size.
ENDS = {'animwebpenc content=photo': (0, 100), 'animgifenc': (1, 100)}


class TargetSize(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, 'out')

    def size(self, source, encoder):
        subprocess.run(['gst-launch-1.0', '-q', *f'{source} ! {encoder} ! filesink '
                        f'location={self.path}'.split()], check=True, timeout=100)
        with Image.open(self.path) as image:
            image.seek(image.n_frames - 1)
            image.load()
        return os.path.getsize(self.path)

    def test_sizes_between_those_of_the_ends_are_hit(self):
        tried = missed = 0
        for encoder, ends in ENDS.items():
            for name, source in CLIPS.items():
                low, high = (self.size(source, f'{encoder} quality={q}') for q in ends)
                if high < 1.2 * low:
                    continue  # a GIF of few colours has one size
                for share in (0.15, 0.5, 0.85):
                    target = int(low * (high / low) ** share)
                    size = self.size(source, f'{encoder} target-size={target}')
                    with self.subTest(encoder=encoder, clip=name, target=target):
                        self.assertLessEqual(size, target)
                    tried += 1
                    if size < 0.9 * target:
                        missed += 1
                        print(f'{encoder} {name}: {low}-{high}, asked {target}, got {size}')
        print(f'{tried - missed} of {tried} sizes hit')
        self.assertGreaterEqual(tried, 18)
        self.assertLessEqual(missed, tried // 10)

    def test_memory_does_not_grow_with_frames(self):
        def peak(frames):
            pipeline = (f'videotestsrc num-buffers={frames} pattern=snow ! video/x-raw,width=64,'
                        f'height=48 ! animwebpenc speed=0 target-size={700 * frames} ! '
                        f'filesink location={self.path}')
            process = subprocess.Popen(['gst-launch-1.0', '-q', *pipeline.split()])
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0)
            return usage.ru_maxrss << 10
        # The pictures alone have 4.4 MiB, the file nearly one.
        self.assertLessEqual(peak(1000), peak(50) * 1.2 + (2 << 20))

    def test_a_task_asks_for_a_size(self):
        animations = [{'URI': f'{self.path}.{kind}', 'Format': kind, 'TargetSize': size,
                       'Interval': 0.25, 'Width': 128, 'Height': -1}
                      for kind, size in (('webp', 20000), ('gif', 60000))]
        animations.append({**animations[0], 'URI': f'{self.path}-small.webp', 'TargetSize': 50})
        outcome = run({'ProjectName': 'p',
                       'Sources': [{'URI': clip('mp4/bbb_480p_5s_h264_b.mp4')}],
                       'Targets': [{'Image': {'Animations': animations}}]}, self.folder.name)
        self.assertEqual(outcome.end, 'EOS')
        for output, size in zip(outcome.result['Outputs'][:2], (20000, 60000)):
            self.assertLessEqual(output['Size'], size)
            self.assertGreaterEqual(output['Size'], 0.9 * size)
            self.assertEqual(output['FrameCount'], 20)
        warnings = [text for text in outcome.result['Warnings'] if 'lowest quality' in text]
        self.assertEqual(len(warnings), 1)


if __name__ == '__main__':
    unittest.main(verbosity=2)
