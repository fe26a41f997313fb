# SPDX-License-Identifier: LGPL-2.1-or-later
"""Chromium without a window, driven as by a person: keys, files, what is on the page."""
import base64
import json
import os
import select
import subprocess
import tempfile
import time

# What Input.dispatchKeyEvent wants to know of keys that are no letters.
KEYS = {"Tab": ("\t", 9), "Enter": ("\r", 13), "ArrowDown": ("", 40), "ArrowRight": ("", 39),
        "Space": (" ", 32), "End": ("", 35)}


class Chromium:
    """One page of a browser of its own, over the DevTools protocol in a pipe."""

    def __init__(self, width=1280, height=860, dark=False):
        self.profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        their_in, self.out = os.pipe()
        self.inp, their_out = os.pipe()
        # The browser reads commands from 3 and answers to 4.
        def place():
            high = [os.dup(their_in), os.dup(their_out)]
            while min(high) < 5:
                high = [os.dup(each) for each in high]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", f"--window-size={width},{height}",
             f"--user-data-dir={self.profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=place,
            close_fds=False)
        os.close(their_in)
        os.close(their_out)
        self.number = 0
        self.buffer = b""
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.inp)
        self.profile.cleanup()

    def ask(self, method, **parameters):
        """The answer to one command; RuntimeError with the browser's words or after a minute."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.out, json.dumps(command).encode() + b"\0")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            message, cut, rest = self.buffer.partition(b"\0")
            if not cut:
                if select.select([self.inp], [], [], 1)[0]:
                    self.buffer += os.read(self.inp, 1 << 20)
                continue
            self.buffer = rest
            answer = json.loads(message)
            if answer.get("id") != self.number:
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            return answer["result"]
        raise RuntimeError(f"{method}: the browser does not answer")

    def open(self, url):
        self.ask("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def value(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True,
                          awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, script, seconds=60):
        """Until `script` is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.value(script):
                return
            time.sleep(0.05)
        raise RuntimeError(f"not within {seconds} s: {script}; the page says: " +
                           self.value("document.body.innerText"))

    def press(self, key):
        text, code = KEYS[key]
        name = " " if key == "Space" else key
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.ask("Input.dispatchKeyEvent", type=kind, key=name, code=key,
                     windowsVirtualKeyCode=code, **more)

    def type(self, text):
        self.ask("Input.insertText", text=text)

    def click(self, selector):
        """A click of the mouse in the middle of an element."""
        x, y = self.value(
            f"(e => {{ e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect();"
            f" return [r.x + r.width / 2, r.y + r.height / 2]; }})"
            f"(document.querySelector({json.dumps(selector)}))")
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def give_file(self, selector, path):
        """What choosing a file in its dialog does."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        node = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def picture(self, path):
        data = self.ask("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))
