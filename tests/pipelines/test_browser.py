# SPDX-License-Identifier: LGPL-2.1-or-later
"""A browser (Chromium without a window) shows what we write: frames, times, plays and pixels."""
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse

import numpy as np
from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
from animtask import clip, run  # noqa: E402

LIMIT = 60  # seconds for the browser to start and answer

# Decodes each file with the browser's own decoder and posts what it saw, and the pixels of all frames.
PAGE = """<!doctype html><script type="module">
async function look(name, type) {
  const decoder = new ImageDecoder({data: (await fetch(name)).body, type});
  await decoder.completed;
  const track = decoder.tracks.selectedTrack;
  const seen = {frames: track.frameCount, repeats: track.repetitionCount, durations: []};
  const pixels = [];
  for (let i = 0; i < track.frameCount; ++i) {
    const {image} = await decoder.decode({frameIndex: i});
    const [width, height] = [image.displayWidth, image.displayHeight];
    const canvas = new OffscreenCanvas(width, height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    pixels.push(canvas.getImageData(0, 0, width, height).data);
    seen.durations.push(image.duration / 1000);
    seen.size = [width, height];
    image.close();
  }
  await fetch("/pixels/" + name, {method: "POST", body: new Blob(pixels)});
  return seen;
}
const seen = {};
for (const [name, type] of FILES) {
  seen[name] = await look(name, type).catch(error => ({error: String(error)}));
}
await fetch("/seen", {method: "POST", body: JSON.stringify(seen)});
</script>"""


class Server(http.server.ThreadingHTTPServer):
    """A folder on loopback, and what the page posts."""

    def __init__(self, folder):
        self.seen = None
        self.pixels = {}
        self.has_seen = threading.Event()
        super().__init__(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if self.path.startswith("/pixels/"):
            name = urllib.parse.unquote(self.path.removeprefix("/pixels/"))
            self.server.pixels[name] = np.frombuffer(body, np.uint8)
        else:
            self.server.seen = json.loads(body)
        self.send_response(204)
        self.end_headers()
        if self.server.seen is not None:
            self.server.has_seen.set()

    def log_message(self, *_):
        pass


def look(folder, names):
    """What the browser saw of each file; `pixels` are (frames, height, width, RGBA)."""
    files = [[name, "image/" + name.rsplit(".", 1)[1]] for name in names]
    with open(os.path.join(folder, "index.html"), "w", encoding="utf-8") as page:
        page.write(PAGE.replace("FILES", json.dumps(files)))
    with Server(folder) as server:
        browser = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             f"--user-data-dir={folder}/profile", f"http://127.0.0.1:{server.server_port}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            server.has_seen.wait(LIMIT)
        finally:
            browser.terminate()
            try:
                browser.wait(10)
            except subprocess.TimeoutExpired:
                browser.kill()
                browser.wait()
            server.shutdown()
        for name, pixels in server.pixels.items():
            width, height = server.seen[name]["size"]
            server.seen[name]["pixels"] = pixels.reshape(-1, height, width, 4)
        return server.seen


def premultiplied(pixels):
    """As a canvas keeps them: what alpha hides does not count."""
    out = pixels.astype(float)
    out[..., :3] *= out[..., 3:] / 255
    return out


class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="browser-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.results = {}
        for source, stem in (("mp4/bbb_480p_5s_h264_b.mp4", "film"),
                             ("webm/alpha_vp9_circle_200.webm", "alpha")):
            animations = [
                {"URI": os.path.join(cls.folder, f"{stem}.webp"), "Format": "webp",
                 "Interval": 0.3, "FrameRate": 8, "Width": 0.3, "Height": 0.3, "LoopCount": 3},
                {"URI": os.path.join(cls.folder, f"{stem}-lossless.webp"), "Format": "webp",
                 "Interval": 1, "Width": 0.3, "Height": 0.3, "Lossless": True},
                {"URI": os.path.join(cls.folder, f"{stem}.gif"), "Format": "gif",
                 "Interval": 0.3, "FrameRate": 8, "Width": 0.3, "Height": 0.3, "LoopCount": 3},
            ]
            outcome = run({"ProjectName": "p", "Sources": [{"URI": clip(source)}],
                           "Targets": [{"Image": {"Animations": animations}}]}, cls.folder)
            assert outcome.end == "EOS", outcome.end
            for output in outcome.result["Outputs"]:
                cls.results[os.path.basename(output["URI"])] = output
        cls.seen = look(cls.folder, list(cls.results))
        assert cls.seen is not None, "the browser did not answer"

    def each(self, check):
        for name, output in self.results.items():
            with self.subTest(name):
                seen = self.seen[name]
                self.assertNotIn("error", seen)
                check(name, output, seen)

    def test_frames_and_times(self):
        def check(_, output, seen):
            self.assertEqual(seen["frames"], output["StoredFrames"])
            self.assertEqual(seen["size"], [output["Width"], output["Height"]])
            self.assertAlmostEqual(sum(seen["durations"]), output["Duration"] * 1000, delta=5)
        self.each(check)

    def test_plays(self):
        def check(_, output, seen):
            # The interface counts repetitions; an endless one is Infinity, which JSON lacks.
            plays = output["LoopCount"]
            self.assertEqual(seen["repeats"], plays - 1 if plays > 0 else None)
        self.each(check)

    def test_pixels_and_durations_are_pillows(self):
        def check(name, _, seen):
            with Image.open(os.path.join(self.folder, name)) as image:
                for i, pixels in enumerate(seen["pixels"]):
                    image.seek(i)
                    pillow = np.asarray(image.convert("RGBA"))
                    self.assertEqual(seen["durations"][i], image.info["duration"])
                    error = np.abs(premultiplied(pixels) - premultiplied(pillow))
                    self.assertLessEqual(error.max(), 2, f"frame {i}")
        self.each(check)


if __name__ == "__main__":
    unittest.main(verbosity=2)
