#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""gst-animate-server, called by the service's official client."""
import base64
import datetime
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
from animate_server import ID, MODULES, SECRET, Client  # noqa: E402
from service_case import KEY, ServiceCase, request_of  # noqa: E402

ROOT = Path(os.environ["ANIM_SOURCE"])


def example(name):
    return json.loads((ROOT / "examples" / "tasks" / name).read_text())


class ServiceTest(ServiceCase):
    def test_requests_of_the_page(self):
        server, client = self.serve()
        made = []
        for name, frames in (("seed-whole.json", 40), ("seed-5-to-30.json", 25)):
            request = example(name)
            created = client.call("CreateMediaConvertTask", **request)
            self.assertEqual(set(created), {"RequestId", "EventId", "TaskId"})
            task = client.wait(created["TaskId"])
            self.assertEqual(task["Status"], "Succeeded", task)
            self.assertEqual((task["Code"], task["Message"], task["Progress"]), ("", "", 100))
            self.assertEqual(task["EventId"], created["EventId"])
            self.assertLess(task["StartTime"], task["EndTime"])
            self.assertNotIn("TaskRequestDefinition", task)
            with Image.open(self.root / "test-bucket/video-demo/animation.webp") as image:
                self.assertEqual((image.format, image.size, image.n_frames),
                                 ("WEBP", (160, 90), frames))
            made.append((created["TaskId"], created["RequestId"]))
            definition = client.task(created["TaskId"], RequestDefinition=True)
            self.assertEqual(json.loads(definition["TaskRequestDefinition"]), request)

        listed = client.call("ListTasks", ProjectName="test-project",
                             TaskTypes=["MediaConvert"], Sort="StartTime")
        self.assertEqual([task["TaskId"] for task in listed["Tasks"]],
                         [task_id for task_id, _ in made])
        self.assertNotIn("NextToken", listed)
        for message, (task_id, request_id) in zip(self.messages(count=2), made):
            content = json.loads(message["content"])
            self.assertEqual(content["TaskId"], task_id)
            self.assertEqual(content["RequestId"], request_id)
            self.assertEqual(content["Status"], "Succeeded")
            self.assertEqual(content["Targets"][0]["Image"]["Animations"],
                             [{"URI": "oss://test-bucket/video-demo/animation.webp"}])
            self.assertEqual(message["id"], client.task(task_id)["EventId"])
        self.assertEqual(server.stop(), 0)
        self.assertNotIn("s3cret", server.log_text())
        self.assertNotIn("Signature=", server.log_text())

    def test_the_docs_example(self):
        server, client = self.serve()
        page = (ROOT / "docs" / "service.md").read_text()
        example = re.search(r"(?:    .*\n)*    .*openapi-client.*\n(?:    .*\n)*", page)[0]
        script = (f"const [accessKeyId, accessKeySecret] = {json.dumps([ID, SECRET])};\n"
                  "(async () => {\n" +
                  example.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}") +
                  "console.log(body.TaskId); })();")
        made = subprocess.run(["node", "-"], input=script, env=os.environ | {"NODE_PATH": MODULES},
                              capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(client.wait(made.stdout.strip())["Status"], "Succeeded")
        self.assertTrue((self.root / "test-bucket" / "a.webp").exists())

    def test_who_may_call(self):
        server, client = self.serve()
        signed = client.sign("ListTasks", ProjectName="test-project")
        status, body = server.send(signed)
        self.assertEqual((status, body["ProjectName"]), (200, "test-project"))

        def refused(signed, code, status=400, **changes):
            got, body = server.send(signed, **changes)
            self.assertEqual((got, body.get("Code")), (status, code), body)
            self.assertEqual(set(body), {"RequestId", "HostId", "Code", "Message", "Recommend"})

        refused(signed, "SignatureNonceUsed")
        fresh = client.sign("ListTasks", ProjectName="test-project")
        wrong = fresh["headers"]["Authorization"]
        wrong = wrong[:-1] + ("0" if wrong[-1] != "0" else "1")
        refused(fresh, "SignatureDoesNotMatch", headers={"Authorization": wrong})
        refused(fresh, "SignatureDoesNotMatch", target=fresh["target"] + "&MaxResults=1")
        refused(fresh, "SignatureDoesNotMatch", body=b"MaxResults=1")
        for minutes in (-16, 16):
            date = datetime.datetime.now(datetime.timezone.utc)
            date += datetime.timedelta(minutes=minutes)
            stale = client.sign("ListTasks", {"x-acs-date": date.strftime("%Y-%m-%dT%H:%M:%SZ")},
                                ProjectName="test-project")
            refused(stale, "InvalidTimeStamp.Expired")
        refused({"method": "POST", "target": "/", "headers": {"host": "x"}}, "IncompleteSignature")
        stranger = Client(server.port, "LTAIstranger")
        self.addCleanup(stranger.close)
        self.assertEqual(stranger.refusal("ListProjects")["error"], "InvalidAccessKeyId.NotFound")
        liar = Client(server.port, secret="another")
        self.addCleanup(liar.close)
        self.assertEqual(liar.refusal("ListProjects")["error"], "SignatureDoesNotMatch")

    def test_refusals(self):
        _, client = self.serve()

        def refused(action, code, part, **request):
            answer = client.refusal(action, **request)
            self.assertEqual(answer.get("error"), code, answer)
            self.assertIn(part, answer["message"])

        good = request_of(KEY, "a.webp")
        refused("CreateMediaConvertTask", "InvalidArgument", "/Targets/0/Image/Animations/0/Width",
                **request_of(KEY, "a.webp", Width=-7))
        refused("CreateMediaConvertTask", "InvalidArgument", "Targets", **good | {"Targets": []})
        refused("CreateMediaConvertTask", "ResourceNotFound", "project",
                **good | {"ProjectName": "nobodys"})
        refused("CreateMediaConvertTask", "InvalidArgument", "/Sources/0/URI",
                **good | {"Sources": [{"URI": "/etc/passwd"}]})
        refused("CreateMediaConvertTask", "InvalidArgument", "/Notification/Webhook/URL",
                **good | {"Notification": {"Webhook": {"URL": "http://127.0.0.1:1/"}}})
        refused("GetTask", "ResourceNotFound", "task", ProjectName="test-project",
                TaskType="MediaConvert", TaskId="MediaConvert-0")
        refused("GetTask", "InvalidArgument", "TaskType is required", ProjectName="test-project",
                TaskId="x")
        refused("DeleteProject", "InvalidAction.NotFound", "action", ProjectName="test-project")
        project = client.call("CreateProject", ProjectName="second", Description="of a test")
        self.assertEqual(project["Project"]["Description"], "of a test")
        refused("CreateProject", "ResourceAlreadyExists", "exists", ProjectName="second")
        refused("CreateProject", "InvalidArgument", "letters", ProjectName="../x")
        self.assertEqual(client.call("GetProject", ProjectName="second")["Project"]["ProjectName"],
                         "second")
        names = [p["ProjectName"] for p in client.call("ListProjects")["Projects"]]
        self.assertEqual(names, ["second", "test-project"])

    def test_the_queue_has_a_bound_and_lists_have_pages(self):
        server, client = self.serve("--workers", "1", "--queue", "3")
        ids = []
        code = None
        while code is None and len(ids) < 20:
            answer = client.refusal("CreateMediaConvertTask", Tags={"n": str(len(ids))},
                                    **request_of(KEY, f"{len(ids)}.webp", Interval=1))
            code = answer.get("error")
            if code is None:
                ids.append(answer["body"]["TaskId"])
        self.assertEqual(code, "Throttling")
        self.assertGreaterEqual(len(ids), 3)
        for task_id in ids:
            self.assertEqual(client.wait(task_id)["Status"], "Succeeded")
        seen, token = [], ""
        while True:
            page = client.call("ListTasks", ProjectName="test-project", MaxResults=2,
                               Order="desc", Sort="EndTime", NextToken=token)
            seen += [task["TaskId"] for task in page["Tasks"]]
            token = page.get("NextToken", "")
            if not token:
                break
            self.assertEqual(len(page["Tasks"]), 2)
        self.assertEqual(sorted(seen), sorted(ids))
        tagged = client.call("ListTasks", ProjectName="test-project", TagSelector="n=1")
        self.assertEqual([task["TaskId"] for task in tagged["Tasks"]], [ids[1]])

        status, text = server.request("GET", "/metrics")
        lines = dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if line[0] != "#")
        self.assertEqual(status, 200)
        self.assertEqual(lines["anim_tasks_queued"], "0")
        self.assertEqual(int(lines['anim_tasks_ended_total{code=""}']), len(ids))
        self.assertEqual(int(lines["anim_frames_total"]), 40 * len(ids))
        self.assertGreater(float(lines["anim_worker_cpu_seconds_total"]), 0)
        self.assertEqual(server.request("GET", "/health"), (200, b'{"status":"ok"}'))

    def test_topic_and_webhook_get_the_same_message(self):
        bodies = []

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self):
                bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(503 if len(bodies) == 1 else 204)
                self.end_headers()

            def log_message(self, *_):
                pass

        hook = HTTPServer(("127.0.0.1", 0), Hook)
        self.addCleanup(hook.server_close)
        self.addCleanup(hook.shutdown)
        threading.Thread(target=hook.serve_forever).start()
        server, client = self.serve("--allowed-schemes", "oss,http")
        request = request_of(KEY, "a.webp", Number=1)
        url = f"http://127.0.0.1:{hook.server_port}/hook?token=hidden"
        request["Notification"] = {"MNS": {"TopicName": "t"}, "Webhook": {"URL": url}}
        client.wait(client.call("CreateMediaConvertTask", **request)["TaskId"])
        told = self.messages("t")[0]
        end = time.monotonic() + 10
        while len(bodies) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual([json.loads(body) for body in bodies], [told, told])
        self.assertNotIn("hidden", server.log_text())

    def test_asked_for_at_a_bucket(self):
        _, client = self.serve()
        self.put("video demo/片段+1.mov")

        def encoded(text):
            return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

        target = encoded("out/{barename}-{index}.{autoext}")
        process = (f"video/animation,f_gif,w_100,h_64,inter_1000,ss_500,num_3|sys/saveas,"
                   f"b_{encoded('test-bucket')},o_{target}/notify,topic_{encoded('t')}")
        answer = client.ask(process=process, bucket="test-bucket", key="video demo/片段+1.mov")
        self.assertEqual(set(answer.get("body", answer)), {"EventId", "RequestId", "TaskId"})
        task = client.wait(answer["body"]["TaskId"])
        self.assertEqual(task["Status"], "Succeeded", task)
        with Image.open(self.root / "test-bucket/out/片段+1-1.gif") as image:
            self.assertEqual((image.format, image.size, image.n_frames), ("GIF", (100, 64), 3))
        content = json.loads(self.messages("t")[0]["content"])
        self.assertEqual(content["TaskId"], task["TaskId"])
        self.assertEqual(content["RequestId"], answer["body"]["RequestId"])
        for process, code in (("video/animation,f_gif", "InvalidArgument"),
                              ("image/resize,w_100|sys/saveas,o_YQ", "InvalidArgument")):
            answer = client.ask(process=process, bucket="test-bucket", key=KEY)
            self.assertEqual(answer.get("error"), code, answer)
        client.call("ListTasks", ProjectName="test-project", MaxResults=1)

    def raw(self, port, data, wait=True):
        """Says `data`, and what comes back until the line is closed, which must not take long."""
        answer = b""
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            try:
                line.sendall(data)
                while wait and (part := line.recv(65536)):
                    answer += part
            except ConnectionError:
                pass  # it was closed while we spoke
        return answer

    def test_requests_that_mean_harm(self):
        server, client = self.serve("--idle-time", "2")
        end = b"Host: h\r\nConnection: close\r\n\r\n"
        harmful = [
            b"\0" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n" + end,
            b"POST / HTTP/1.1\r\nContent-Length: -1\r\n" + end,
            b"POST / HTTP/1.1\r\nContent-Length: 104857600\r\n" + end + b"x" * 104857600,
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + end + b"6400000\r\n" +
            b"x" * 104857600 + b"\r\n0\r\n\r\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + end + b"fffffffff\r\nx",
            b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n" + end +
            b"0\r\n\r\n",
            b"POST /?Sources=%5B%5B" + b"%5B" * 20000 + b" HTTP/1.1\r\n" + end,
            b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + end,
            b"GET /../../etc/passwd HTTP/1.1\r\n" + end,
            b"GET /.animate-server/tasks.db HTTP/1.1\r\n" + end,
            b"GET /keys HTTP/1.1\r\n" + end,
            b"POST /test-bucket/../keys?x-oss-async-process HTTP/1.1\r\n" + end,
            b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20000 + end,
            b"GET / HTTP/1.1\r\nA: " + b"b" * 300000 + b"\r\n" + end,
            b"GET / HTTP/1.1\r\nAuthorization: ACS3-HMAC-SHA256 Credential=" +
            b"," * 1000 + b"\r\n" + end,
            b"POST / HTTP/1.1\r\nx-acs-action: a\r\n b\r\n" + end,
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
            b"GET http://169.254.169.254/ HTTP/1.1\r\n" + end,
        ]
        for data in harmful:
            answer = self.raw(server.port, data)
            self.assertNotRegex(answer[:20], rb"HTTP/1.. 200", data[:80])
            self.assertNotIn(b"root:", answer)
            self.assertEqual(server.request("GET", "/health")[0], 200, data[:80])
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        most = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
        self.assertLess(most, 80)  # MiB: no long body was kept
        for name, value in (("Sources", "[["), ("Sources", "{" * 1000), ("Targets", "null"),
                            ("Tags", "[]x"), ("Notification", '{"MNS":{"TopicName":"../x"}}')):
            request = request_of(KEY, "a.webp") | {name: value}
            self.assertEqual(client.refusal("CreateMediaConvertTask", **request)["error"],
                             "InvalidArgument")
        self.assertEqual(client.call("ListTasks", ProjectName="test-project")["Tasks"], [])

        lines = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
        try:
            for line in lines[::2]:
                line.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx")
            begin = time.monotonic()
            self.assertEqual(server.request("GET", "/health")[0], 200)
            self.assertEqual(client.call("ListTasks", ProjectName="test-project")["Tasks"], [])
            self.assertLess(time.monotonic() - begin, 5)
        finally:
            for line in lines:
                line.close()


if __name__ == "__main__":
    unittest.main()
