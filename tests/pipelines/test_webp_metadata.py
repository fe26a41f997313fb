# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tags as EXIF and XMP in animated WebP, read by Pillow and webpmux."""
import os
import subprocess
import tempfile
import unittest

from PIL import ExifTags, Image

SOURCE = ('videotestsrc num-buffers=3 pattern=ball ! video/x-raw,width=64,height=48,framerate=10/1 '
          '! taginject')
TAGS = {'title': 'Tea & Käse', 'copyright': 'Ann', 'artist': 'Ann', 'description': 'A <cup>',
        'device-model': 'Camera 7', 'geo-location-latitude': 48.5, 'geo-location-longitude': -11.25,
        'image-orientation': 'rotate-90', 'comment': 'not for the public', 'bitrate': 5000}
BASE = {tag: number for number, tag in ExifTags.TAGS.items()}
GPS = {tag: number for number, tag in ExifTags.GPSTAGS.items()}


def tag_text(tags):
    """A tag list as gst-launch reads it."""
    return ','.join(f'{name}={value}' if isinstance(value, (int, float)) else f'{name}="{value}"'
                    for name, value in tags.items())


class Metadata(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, 'out.webp')

    def make(self, encoder, tags, source=SOURCE):
        # One argument for each word, as a shell gives them, the value of tags in quotes.
        quoted = tag_text(tags).replace('"', r'\"')
        words = [*source.split(), f'tags="{quoted}"', '!', *encoder.split(), '!', 'filesink',
                 f'location={self.path}']
        done = subprocess.run(['gst-launch-1.0', *words], check=True, capture_output=True,
                              text=True, timeout=60)
        image = Image.open(self.path)
        self.addCleanup(image.close)
        return image, done.stdout + done.stderr

    def chunks(self):
        info = subprocess.run(['webpmux', '-info', self.path], check=True, capture_output=True,
                              text=True)
        return info.stdout

    def test_tags_are_read_by_others(self):
        image, _ = self.make('animwebpenc metadata=true', TAGS)
        exif = image.getexif()
        self.assertEqual(exif[BASE['Artist']], 'Ann')
        self.assertEqual(exif[BASE['Copyright']], 'Ann')
        self.assertEqual(exif[BASE['Model']], 'Camera 7')
        place = exif.get_ifd(BASE['GPSInfo'])
        self.assertEqual([float(x) for x in place[GPS['GPSLatitude']]], [48, 30, 0])
        self.assertEqual(place[GPS['GPSLongitudeRef']], 'W')
        xmp = image.info['xmp'].decode()
        self.assertIn('Tea &amp; Käse', xmp)
        self.assertIn('A &lt;cup&gt;', xmp)
        self.assertEqual(image.n_frames, 3)
        for line in ('EXIF metadata', 'XMP metadata'):
            self.assertIn(line, self.chunks())

    def test_pictures_are_upright_and_other_tags_stay_out(self):
        image, _ = self.make('animwebpenc metadata=true', TAGS)
        self.assertNotIn(BASE['Orientation'], image.getexif())
        xmp = image.info['xmp'].decode()
        self.assertNotIn('Orientation', xmp)
        self.assertNotIn('not for the public', xmp)

    def test_without_the_property_nothing_is_told(self):
        image, _ = self.make('animwebpenc', TAGS)
        self.assertNotIn('xmp', image.info)
        self.assertFalse(dict(image.getexif()))
        self.assertNotIn('metadata', self.chunks())

    def test_tags_that_describe_no_picture_make_no_chunk(self):
        image, _ = self.make('animwebpenc metadata=true', {'bitrate': 5000})
        self.assertNotIn('xmp', image.info)
        self.assertNotIn('metadata', self.chunks())

    def test_endless_tags_are_left_out_with_a_warning(self):
        image, said = self.make('animwebpenc metadata=true', {'title': 'x' * 80000})
        self.assertNotIn('xmp', image.info)
        self.assertIn('more than 65535 bytes', said)

    def test_a_wanted_size_counts_them(self):
        self.make('animwebpenc metadata=true target-size=12000', {**TAGS, 'title': 'x' * 4000},
                  SOURCE.replace('ball', 'snow'))
        size = os.path.getsize(self.path)
        self.assertLessEqual(size, 12000)
        self.assertGreaterEqual(size, 10800)
        self.assertIn('XMP metadata', self.chunks())


if __name__ == '__main__':
    unittest.main(verbosity=2)
