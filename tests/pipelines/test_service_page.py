#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The service's page in a browser: from a click to the animation, and by the keyboard alone."""
import json
import os
import sys
import unittest
from pathlib import Path
from unittest import mock

from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
from animate_server import ID, SECRET  # noqa: E402
from chromium import Chromium  # noqa: E402
from service_case import KEY, ServiceCase  # noqa: E402
from store_server import StoreServer  # noqa: E402

DONE = "document.getElementById('state').textContent === 'Done' && " \
       "!document.getElementById('result').hidden"


class PageTest(ServiceCase):
    def browse(self, server, **look):
        browser = Chromium(**look)
        self.addCleanup(browser.close)
        browser.open(f"http://127.0.0.1:{server.port}/")
        return browser

    def text(self, browser, name):
        return browser.value(f"document.getElementById('{name}').textContent")

    def sign_in(self, browser, secret=SECRET):
        browser.click("#key-id")
        browser.type(ID)
        browser.click("#secret")
        browser.type(secret)
        browser.click("#access button")

    def fill(self, browser, name, text):
        browser.click("#" + name)
        browser.value(f"document.getElementById('{name}').select()")
        browser.type(text)

    def test_from_a_file_to_the_animation(self):
        server, _ = self.serve()
        browser = self.browse(server)
        self.sign_in(browser)
        browser.wait("!document.getElementById('work').hidden")
        browser.give_file("#file", self.clip)
        browser.wait("document.getElementById('frames').textContent === '40'")
        self.assertEqual((self.root / "test-bucket/uploads/clip.mov").read_bytes(),
                         self.clip.read_bytes())
        self.assertEqual(self.text(browser, "size"), "320 × 180")
        self.assertEqual(self.text(browser, "length"), "2.67 s")
        self.fill(browser, "interval", "2")
        browser.wait("document.getElementById('frames').textContent === '20'")
        browser.wait("document.getElementById('video').duration > 39")
        browser.click("#start-task")
        browser.wait(DONE)
        with Image.open(self.root / "test-bucket/clip.webp") as image:
            self.assertEqual((image.size, image.n_frames), ((320, 180), 20))
        self.assertEqual(browser.value("document.getElementById('animation').naturalWidth"), 320)
        self.assertEqual(self.text(browser, "error"), "")
        if "ANIM_PAGE_PICTURE" in os.environ:
            browser.picture(Path(os.environ["ANIM_PAGE_PICTURE"]))
        # What is there already stays.
        browser.give_file("#file", self.clip)
        browser.wait("document.getElementById('key').value === 'uploads/clip-2.mov'")
        browser.click("#sign-out")
        browser.wait("document.getElementById('work')?.hidden && "
                     "document.getElementById('sign-out')?.hidden")
        self.assertEqual(browser.value("sessionStorage.length"), 0)
        self.assertEqual(browser.value("document.getElementById('secret').value"), "")

    def test_a_task_is_watched_and_succeeds_whatever_the_plan_and_the_line_do(self):
        server, _ = self.serve()
        browser = self.browse(server)
        self.sign_in(browser)
        browser.wait("!document.getElementById('work').hidden")
        browser.value("window.failed = 0; const real = window.fetch; window.fetch = (to, o) => {"
                      " const action = o.headers['x-acs-action'];"
                      " if (action === 'PlanMediaConvertTask') return Promise.reject(new Error('no'));"
                      " if (action === 'GetTask' && window.failed++ < 2)"
                      " return Promise.reject(new TypeError('the line broke'));"
                      " return real(to, o); }; 1")
        self.fill(browser, "key", KEY)
        self.fill(browser, "target", "{barename}-{t_year}.{autoext}")
        browser.click("#start-task")
        browser.wait(DONE)
        self.assertGreater(browser.value("window.failed"), 2)
        self.assertTrue(browser.value("document.getElementById('animation').hidden"))
        self.assertIn("cannot be shown here", self.text(browser, "facts"))
        self.assertEqual(len(list((self.root / "test-bucket").glob("brewing-2*.webp"))), 1)

    def test_a_video_that_is_dropped_and_a_request_that_is_copied(self):
        server, client = self.serve()
        browser = self.browse(server)
        self.sign_in(browser)
        browser.wait("!document.getElementById('work').hidden")
        place = f"http://127.0.0.1:{server.port}"
        browser.ask("Browser.grantPermissions", origin=place,
                    permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        browser.value("const all = new DataTransfer(); all.items.add(new File(['not a video'], 'd.mov'));"
                      "document.getElementById('drop').dispatchEvent("
                      "new DragEvent('drop', { dataTransfer: all, cancelable: true })); 1")
        browser.wait("document.getElementById('key').value === 'uploads/d.mov'")
        self.assertEqual((self.root / "test-bucket/uploads/d.mov").read_bytes(), b"not a video")
        fields = {"key": KEY, "interval": "0.5", "frame-rate": "29.97", "start": "1", "duration": "8",
                  "width": "0.5", "height": "64"}
        for name, text in fields.items():
            self.fill(browser, name, text)
        browser.value("document.getElementById('scale-type').value = 'fill'")
        browser.click("#copy")
        browser.wait("document.getElementById('state').textContent.includes('clipboard')")
        request = json.loads(browser.value("navigator.clipboard.readText()"))
        self.assertEqual(request["Sources"],
                         [{"URI": f"oss://test-bucket/{KEY}", "StartTime": 1, "Duration": 8}])
        (look,) = request["Targets"][0]["Image"]["Animations"]
        self.assertEqual({name: look[name] for name in look if name != "URI"},
                         {"Format": "webp", "Interval": 0.5, "FrameRate": 29.97, "Width": 0.5,
                          "Height": 64, "ScaleType": "fill"})
        made = client.call("CreateMediaConvertTask", **request)
        self.assertEqual(client.wait(made["TaskId"])["Status"], "Succeeded")
        with Image.open(self.root / "test-bucket/brewing.webp") as image:
            self.assertEqual((image.size, image.n_frames), ((160, 64), 16))

    def test_by_the_keyboard_alone(self):
        server, _ = self.serve()
        browser = self.browse(server)

        def tab_to(name):
            for _ in range(40):
                if browser.value("document.activeElement.id") == name:
                    return
                browser.press("Tab")
            self.fail(f"Tab does not come to {name}")

        tab_to("key-id")
        browser.type(ID)
        tab_to("secret")
        browser.type(SECRET)
        browser.press("Enter")
        browser.wait("!document.getElementById('work').hidden")
        self.assertEqual(browser.value("document.activeElement.id"), "file")
        tab_to("key")
        browser.type(KEY)
        browser.press("Tab")
        browser.wait("document.getElementById('frames').textContent === '40'")
        for _ in range(40):
            if browser.value("document.activeElement.name") == "format":
                break
            browser.press("Tab")
        browser.press("ArrowRight")
        self.assertEqual(browser.value("document.querySelector('[name=format]:checked').value"),
                         "gif")
        tab_to("start-task")
        browser.press("Enter")
        browser.wait(DONE)
        with Image.open(self.root / "test-bucket/brewing.gif") as image:
            self.assertEqual((image.format, image.n_frames), ("GIF", 40))

    def test_with_an_object_store(self):
        with StoreServer("far") as store:
            store.put("far", "v/a.mov", self.clip)
            with mock.patch.dict(os.environ, store.settings()):
                server, _ = self.serve()
            browser = self.browse(server)
            self.sign_in(browser)
            browser.wait("!document.getElementById('work').hidden")
            self.assertIn("every bucket is in an object store", self.text(browser, "elsewhere"))
            self.assertTrue(browser.value("document.getElementById('drop').hidden"))
            self.assertEqual(browser.value("document.activeElement.id"), "bucket")
            self.fill(browser, "bucket", "far")
            self.fill(browser, "key", "v/a.mov")
            browser.press("Tab")
            browser.wait("document.getElementById('frames').textContent === '40'")
            self.assertEqual(self.text(browser, "error"), "")
            browser.click("#start-task")
            browser.wait(DONE)
            self.assertEqual(self.text(browser, "facts"), "oss://far/a.webp")
            self.assertEqual(self.text(browser, "error"), "")
            with Image.open(store.file("far", "a.webp")) as image:
                self.assertEqual(image.n_frames, 40)

    def test_a_new_plan_ends_the_one_before_it(self):
        server, _ = self.serve()
        browser = self.browse(server)
        self.sign_in(browser)
        browser.wait("!document.getElementById('work').hidden")
        # A plan that hears nothing until it is ended.
        browser.value("window.ends = 0; window.asked = 0; const real = window.fetch;"
                      "window.fetch = (to, o) => o.headers['x-acs-action'] !== 'PlanMediaConvertTask'"
                      " ? real(to, o) : new Promise((_, refuse) => { ++window.asked;"
                      " o.signal.addEventListener('abort', () => { ++window.ends;"
                      " refuse(o.signal.reason); }); }); 1")
        self.fill(browser, "key", KEY)
        browser.press("Tab")
        browser.wait("window.asked === 1")
        self.fill(browser, "interval", "2")
        browser.wait("window.asked === 2")
        self.assertEqual(browser.value("window.ends"), 1)
        self.assertEqual(self.text(browser, "error"), "")

    def test_every_field_has_a_name(self):
        server, _ = self.serve()
        browser = self.browse(server)
        self.sign_in(browser)
        browser.wait("!document.getElementById('work').hidden")
        browser.ask("Accessibility.enable")
        nodes = browser.ask("Accessibility.getFullAXTree")["nodes"]
        roles = {"textbox", "combobox", "button", "radio", "progressbar", "link", "image"}
        fields = [node for node in nodes
                  if node.get("role", {}).get("value") in roles and not node["ignored"]]
        self.assertGreater(len(fields), 10)
        for node in fields:
            self.assertTrue(node.get("name", {}).get("value"), node)

    def test_errors_are_shown_as_they_are(self):
        server, _ = self.serve()
        browser = self.browse(server, dark=True)
        self.sign_in(browser, "wrong")
        browser.wait("document.getElementById('error').textContent.startsWith("
                     "'SignatureDoesNotMatch: ')")
        self.assertTrue(browser.value("document.getElementById('work').hidden"))
        self.fill(browser, "secret", SECRET)
        browser.click("#access button")
        browser.wait("!document.getElementById('work').hidden")
        self.assertEqual(self.text(browser, "error"), "")
        self.fill(browser, "key", "no/such.mov")
        browser.press("Tab")
        browser.wait("document.getElementById('error').textContent.includes('does not exist')")
        self.fill(browser, "interval", "soon")
        browser.wait("document.getElementById('error').textContent.includes('/Interval')")

    def test_the_page_asks_nobody_else(self):
        server, _ = self.serve()
        for path in ("/", "/page.js", "/page.css", "/client.js"):
            status, body = server.request("GET", path)
            self.assertEqual(status, 200, path)
            self.assertNotRegex(body, rb"(https?:)?//[a-z0-9]+\.[a-z]")
        browser = self.browse(server)
        blocked = browser.value(
            "new Promise(done => { addEventListener('securitypolicyviolation',"
            " event => done(event.blockedURI)); fetch('http://127.0.0.1:1/x').catch(() => {}); })")
        self.assertEqual(blocked, "http://127.0.0.1:1/x")
        self.assertIsNone(browser.value(
            "(() => { const b = document.createElement('button'); document.body.append(b);"
            " b.setAttribute('onclick', 'window.wasRun = 1'); b.click(); return window.wasRun })()"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
