#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `meson install` puts into a folder works from there, without the build and the sources."""
import json
import os
import subprocess
import sys
import unittest
from unittest import mock

from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
import animate_server  # noqa: E402
from service_case import KEY, ServiceCase, request_of  # noqa: E402


class Installed(ServiceCase):
    def setUp(self):
        super().setUp()
        self.place = self.root / "installed"
        subprocess.run(["meson", "install", "-C", animate_server.BUILD, "--no-rebuild", "--quiet",
                        "--destdir", self.place], check=True, stdout=subprocess.DEVNULL)
        env = {name: value for name, value in os.environ.items() if not name.startswith("GST_")}
        env["GST_REGISTRY_1_0"] = str(self.root / "registry.bin")
        # A prefix of its own is no place where GStreamer looks.
        env["GST_PLUGIN_PATH_1_0"] = str(self.only("libgstanimtask.so").parent)
        scanner = "GST_PLUGIN_SCANNER_1_0"  # of a sanitizer's build
        if scanner in os.environ:
            env[scanner] = os.environ[scanner]
        patched = mock.patch.dict(os.environ, env, clear=True)
        patched.start()
        self.addCleanup(patched.stop)

    def only(self, name):
        found, = self.place.rglob(name)
        return found

    def frames(self, name):
        with Image.open(self.root / "test-bucket" / name) as image:
            return image.n_frames

    def test_the_command_line(self):
        task = self.root / "task.json"
        task.write_text(json.dumps(request_of(KEY, "a.webp", Interval=10)))
        subprocess.run([self.only("gst-animate-1.0"), "--quiet", "--storage-root", self.root, task],
                       check=True)
        self.assertEqual(self.frames("a.webp"), 4)

    def test_the_service_with_its_page_and_the_worker_beside_it(self):
        with mock.patch.multiple(animate_server, PROGRAM=self.only("gst-animate-server"),
                                 WORKER=None):
            server, client = self.serve()
            for path in ("/", "/page.js", "/client.js", "/page.css"):
                status, body = server.request("GET", path)
                self.assertEqual(status, 200, path)
                self.assertGreater(len(body), 500, path)
            made = client.call("CreateMediaConvertTask", **request_of(KEY, "b.gif", Interval=10,
                                                                      Format="gif"))
            self.assertEqual(client.wait(made["TaskId"])["Status"], "Succeeded")
        self.assertEqual(self.frames("b.gif"), 4)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
