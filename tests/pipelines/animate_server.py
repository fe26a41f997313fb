# SPDX-License-Identifier: LGPL-2.1-or-later
"""gst-animate-server on loopback, and the service's official client for it."""
import http.client
import json
import os
import signal
import subprocess
import time
from pathlib import Path

MODULES = os.environ["ANIM_NODE_MODULES"]
BUILD = Path(os.environ["ANIM_BUILD"])
PROGRAM = BUILD / "gst" / "tools" / "server" / "gst-animate-server"
WORKER = BUILD / "gst" / "tools" / "gst-animate-1.0"
CLIENT = Path(__file__).parent / "service" / "client.js"
ID, SECRET = "LTAI5tServiceTest", "s3cretOf+The/Test"


class AnimateServer:
    """A server over `root`; its log goes to `root`/server.log."""

    def __init__(self, root, *options):
        self.root = Path(root)
        self.options = options
        self.keys = self.root / "keys"
        self.keys.write_text(f"# the test's\n{ID} {SECRET}\n")
        self.process = None
        self.port = 0
        self.start()

    def start(self):
        self.log = open(self.root / "server.log", "ab")
        begin = self.log.tell()
        self.process = subprocess.Popen(
            [PROGRAM, "--listen", f"127.0.0.1:{self.port}", "--storage-root", self.root, "--keys",
             self.keys, "--project", "test-project", *(["--worker", WORKER] if WORKER else []),
             *self.options],
            stderr=self.log)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for line in self.lines(begin):
                if line["event"] == "listening":
                    self.port = line["port"]
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.kill()
        raise RuntimeError("the server did not start: " + self.log_text())

    def log_text(self):
        return (self.root / "server.log").read_text()

    def lines(self, begin=0):
        whole = (self.root / "server.log").read_bytes()[begin:].split(b"\n")[:-1]
        return [json.loads(line) for line in whole if line.startswith(b"{")]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        """Ends it as an administrator does; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        self.log.close()
        return status

    def request(self, method, target, headers=None, body=None):
        """One plain request: status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in (headers or {"host": f"127.0.0.1:{self.port}"}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("content-length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, signed, **changes):
        """A request that the client has signed, with some things changed: status and JSON."""
        headers = signed["headers"] | changes.get("headers", {})
        status, body = self.request(signed["method"], changes.get("target", signed["target"]),
                                    headers, changes.get("body"))
        return status, json.loads(body)


class Client:
    """The official client, speaking to the server at `port`."""

    def __init__(self, port, key_id=ID, secret=SECRET):
        if not os.path.isdir(os.path.join(MODULES, "@alicloud")):
            raise RuntimeError(f"{MODULES} is not there: tests/run installs it")
        self.process = subprocess.Popen(
            ["node", CLIENT, MODULES, f"127.0.0.1:{port}", key_id, secret],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def ask(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def call(self, action, **request):
        """The body of the answer; RuntimeError with the code when it is refused."""
        answer = self.ask(call=action, request=request)
        if "error" in answer:
            raise RuntimeError(answer["error"] + ": " + answer["message"])
        return answer["body"]

    def refusal(self, action, **request):
        """The answer to a call that is refused."""
        return self.ask(call=action, request=request)

    def sign(self, action, headers=None, **request):
        return self.ask(sign=action, request=request, headers=headers or {})

    def task(self, task_id, **more):
        return self.call("GetTask", ProjectName="test-project", TaskType="MediaConvert",
                         TaskId=task_id, **more)

    def wait(self, task_id, seconds=60):
        """The task when it has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            task = self.task(task_id)
            if task["Status"] != "Running":
                return task
            time.sleep(0.1)
        raise RuntimeError(f"{task_id} still runs after {seconds} s")
