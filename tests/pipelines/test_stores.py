#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Object stores, topics and webhooks, against a store on loopback that checks every signature with
the official clients' own code.
"""
import hashlib
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))
import animtask  # noqa: E402
from animtask import Gst  # noqa: E402
from store_server import MODULES, NAMES, SCRIPTS, StoreServer, environment  # noqa: E402

TOOL = os.environ["ANIM_STORE_TOOL"]
MEBIBYTE = 1024 * 1024
KEYS = [
    "plain.mp4", "a/b/c.mp4", "a b.mp4", "a+b.mp4", "100%.mp4", "%20.mp4", "%2Fa%2f.mp4",
    "视频/演示 1.mp4", "été.mp4", "a&b=c?d#e.mp4", "tilde~under_score-dash.mp4", "(round)[square]{curly}",
    "it's!*.mp4", "semi;colon:at@comma,dollar$", "quote\"back\\slash", "<less>^`|.mp4", "🎬.webm",
    "..a/b..", "trailing.dot.", "1234+-/123/1.txt", "a//b", "ü" * 100,
]


def use(settings):
    """Settings of stores for tasks of this process."""
    for name in NAMES:
        os.environ.pop(name, None)
    os.environ.update(settings)


def dead_port():
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return server.server_port


class StoreTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.clip = os.path.join(cls.folder.name, "clip.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=160x90:r=25:d=4",
                        "-pix_fmt", "yuv420p", "-c:v", "libx264", cls.clip], check=True)
        cls.server = StoreServer("source-bucket", "target-bucket")
        cls.server.put("source-bucket", "video demo/片段+1.mp4", cls.clip)
        cls.spool = os.path.join(cls.folder.name, "spool")
        os.mkdir(cls.spool)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    def setUp(self):
        use(self.server.settings())

    def tearDown(self):
        self.server.inject()
        self.assertEqual(os.listdir(self.spool), [], "temporaries are left")
        use({})

    source = "oss://source-bucket/video demo/片段+1.mp4"

    def run_task(self, task, limit=60):
        return animtask.run(task, self.folder.name, limit, **{"spool-dir": self.spool})

    def new_log(self):
        log = self.server.log()
        begin, StoreTest.seen = getattr(StoreTest, "seen", 0), len(log)
        return log[begin:]


class Signatures(unittest.TestCase):
    def compare(self, kind, endpoint, settings, token):
        arguments = [MODULES, kind, endpoint, "cn-hangzhou", "test-bucket", "AKID", "s/e+c=r", token]
        theirs = subprocess.run(["node", SCRIPTS / "presign.js", *arguments], check=True, text=True,
                                input=json.dumps(KEYS), capture_output=True).stdout.splitlines()
        for key, line in zip(KEYS, theirs, strict=True):
            with self.subTest(kind=kind, key=key):
                url = urllib.parse.urlsplit(line)
                query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
                stamp = query.get("x-oss-date") or query["X-Amz-Date"]
                ours = subprocess.run([TOOL, "presign", kind, stamp, "600", "test-bucket"],
                                      check=True, text=True, input=key + "\n", capture_output=True,
                                      env=environment(settings)).stdout.strip()
                mine = urllib.parse.urlsplit(ours)
                self.assertEqual(mine.netloc, url.netloc)
                self.assertEqual(urllib.parse.unquote(mine.path), "/" + key)
                self.assertEqual(
                    dict(urllib.parse.parse_qsl(mine.query, keep_blank_values=True)), query)

    def test_urls_of_awkward_keys_are_those_of_the_official_clients(self):
        for token in ("", "CAIS+token/=="):
            self.compare("oss", "oss-cn-hangzhou.aliyuncs.com", {
                "OSS_ENDPOINT": "oss-cn-hangzhou.aliyuncs.com", "OSS_ACCESS_KEY_ID": "AKID",
                "OSS_ACCESS_KEY_SECRET": "s/e+c=r", "OSS_SESSION_TOKEN": token}, token)
            self.compare("s3", "s3.cn-hangzhou.amazonaws.com", {
                "AWS_REGION": "cn-hangzhou", "AWS_ACCESS_KEY_ID": "AKID",
                "AWS_SECRET_ACCESS_KEY": "s/e+c=r", "AWS_SESSION_TOKEN": token}, token)


class ReadingAndWriting(StoreTest):
    def check_round(self, scheme):
        task = animtask.one_animation(self.source.replace("oss", scheme),
                                      f"{scheme}://target-bucket/out/{{barename}} {{index}}.webp")
        task["Targets"][0]["Image"]["Animations"].append(
            {"URI": f"{scheme}://target-bucket/{scheme}.gif", "Format": "gif", "Interval": 1})
        outcome = self.run_task(task)
        self.assertEqual(outcome.end, "EOS")
        keys = ["out/片段+1 1.webp", f"{scheme}.gif"]
        for key, output in zip(keys, outcome.result["Outputs"], strict=True):
            data = self.server.file("target-bucket", key).read_bytes()
            self.assertEqual(output["URI"], f"{scheme}://target-bucket/{key}")
            self.assertEqual(hashlib.md5(data).hexdigest(), output["MD5"])
            self.assertEqual(output["FrameCount"], 4)
        self.assertGreater(outcome.result["BytesRead"], 0)
        log = self.new_log()
        self.assertEqual({entry["dialect"] for entry in log}, {scheme})
        self.assertEqual([entry["type"] for entry in log if entry["method"] == "PUT"],
                         ["image/webp", "image/gif"])

    def test_oss_and_s3_are_read_and_written(self):
        for scheme in ("oss", "s3"):
            for host in ("127.0.0.1", "store.localhost"):  # the bucket in the path, before the host
                with self.subTest(scheme=scheme, host=host):
                    use(self.server.settings(host))
                    self.check_round(scheme)

    def test_a_session_token_is_sent(self):
        with StoreServer("source-bucket", "target-bucket", token="a+session/token=") as server:
            server.put("source-bucket", "a.mp4", self.clip)
            use(server.settings())
            for scheme in ("oss", "s3"):
                outcome = self.run_task(animtask.one_animation(
                    f"{scheme}://source-bucket/a.mp4", f"{scheme}://target-bucket/b.webp"))
                self.assertEqual(outcome.end, "EOS")

    def test_time_of_the_object_and_settings_of_the_bin(self):
        settings = self.server.settings()
        use({})
        os.utime(self.server.file("source-bucket", "video demo/片段+1.mp4"), (86400, 86400))
        structure = Gst.Structure.new_empty("stores")
        for name, value in settings.items():
            structure.set_value(name, value)
        task = animtask.one_animation(self.source, "oss://target-bucket/{year}{mon}{day}.gif")
        outcome = animtask.run(task, self.folder.name, **{
            "spool-dir": self.spool, "store-config": structure})
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.output["URI"], "oss://target-bucket/19700102.gif")

    def test_a_late_start_does_not_transfer_what_lies_before(self):
        """300 MB of video, of which the last second is wanted."""
        short = os.path.join(self.folder.name, "short.mov")
        large = os.path.join(self.folder.name, "large.mov")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                        "nullsrc=s=640x360:r=25:d=2,geq=random(1)*255:128:128", "-c:v", "mjpeg",
                        "-q:v", "1", "-pix_fmt", "yuvj420p", short], check=True)
        loops = 1 + 300 * MEBIBYTE // os.path.getsize(short)
        subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", str(loops), "-i", short,
                        "-c", "copy", large], check=True)
        self.assertGreater(os.path.getsize(large), 300 * MEBIBYTE)
        self.server.put("source-bucket", "large.mov", large)
        start = 2 * (loops + 1) - 2
        for scheme in ("oss", "s3"):
            self.new_log()
            task = animtask.one_animation(f"{scheme}://source-bucket/large.mov",
                                          f"{scheme}://target-bucket/late.gif", StartTime=start,
                                          Width=80, Height=45)
            outcome = self.run_task(task)
            self.assertEqual(outcome.end, "EOS")
            self.assertEqual(outcome.output["FrameCount"], 2)
            sent = sum(entry["sent"] for entry in self.new_log())
            print(f"{scheme}: {sent / os.path.getsize(large):.3f} of the object was sent")
            self.assertLess(sent, os.path.getsize(large) / 10)
            self.assertLess(outcome.result["BytesRead"], os.path.getsize(large) / 10)


class Refusals(StoreTest):
    def check(self, task, code, sentence):
        outcome = self.run_task(task)
        self.assertEqual(outcome.result["Code"], code)
        self.assertRegex(outcome.result["Message"], sentence)
        self.assertEqual(outcome.end, outcome.result["Message"])
        self.assertNotIn("ignature=", json.dumps(outcome.result))
        return outcome

    def test_half_a_configuration_names_what_is_missing(self):
        task = animtask.one_animation(self.source, "oss://target-bucket/x.webp")
        use({"OSS_ENDPOINT": self.server.url()})
        self.check(task, "InvalidArgument",
                   "OSS_ENDPOINT is set, but these are not set: OSS_REGION, OSS_ACCESS_KEY_ID, "
                   "OSS_ACCESS_KEY_SECRET")
        use({})
        self.check(animtask.one_animation(self.clip, "s3://target-bucket/x.webp"), "InvalidArgument",
                   '"s3://target-bucket/x.webp": s3:// needs a store, but these are not set: '
                   "AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY")
        use({"OSS_ACCESS_KEY_ID": "x"})  # without an endpoint, buckets are folders
        self.check(task, "ResourceNotFound", "there is no .*source-bucket/video demo")

    def test_names_that_no_store_allows(self):
        for bucket in ("evil.com#", "user@host", "UPPER", "x"):
            self.check(animtask.one_animation(f"oss://{bucket}/a.mp4", "oss://target-bucket/x.gif"),
                       "InvalidArgument", "has a bucket that no store allows")

    def test_missing_and_forbidden_objects(self):
        self.check(animtask.one_animation("oss://source-bucket/none.mp4", "oss://target-bucket/x.gif"),
                   "ResourceNotFound", '"oss://source-bucket/none.mp4" does not exist in its store')
        for settings in ({"OSS_ACCESS_KEY_SECRET": "wrong"}, {"OSS_REGION": "cn-beijing"}):
            use(self.server.settings() | settings)
            self.check(animtask.one_animation(self.source, "oss://target-bucket/x.gif"),
                       "SourceUnreadable", "the store answers 403; check the access key, what it "
                                           "may do, the region and the clock")
            self.check(animtask.one_animation(self.clip, "oss://target-bucket/x.gif"),
                       "OutputFailed", "the store answers 403 SignatureDoesNotMatch; check the "
                                       "secret key and the region")

    def test_the_reader_too_may_be_refused(self):
        """After the store was asked for the object: the sentence is the reader's."""
        for status in (403, 404, 501):
            self.server.inject({"method": "GET", "status": status})
            outcome = self.run_task(animtask.one_animation(self.source, "oss://target-bucket/x.gif"))
            self.assertEqual(outcome.result["Code"],
                             "ResourceNotFound" if status == 404 else "SourceUnreadable")
            self.assertIn(f'cannot read "{self.source}": ', outcome.end)

    def test_a_dead_store(self):
        use(self.server.settings() | {"OSS_ENDPOINT": f"http://127.0.0.1:{dead_port()}"})
        self.check(animtask.one_animation(self.source, "oss://target-bucket/x.gif"),
                   "SourceUnreadable", "the store cannot be reached or broke off: ")
        self.check(animtask.one_animation(self.clip, "oss://target-bucket/x.gif"),
                   "OutputFailed", "the store cannot be reached or broke off: ")

    def test_a_playlist_in_a_store_names_no_file_of_this_machine(self):
        beside = os.path.join(self.folder.name, "beside.ts")
        subprocess.run(["ffmpeg", "-v", "error", "-i", self.clip, "-c", "copy", beside], check=True)
        playlist = os.path.join(self.folder.name, "x.m3u8")
        with open(playlist, "w", encoding="utf-8") as file:
            file.write("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n"
                       f"file://{beside}\n#EXT-X-ENDLIST\n")
        self.server.put("source-bucket", "x.m3u8", playlist)
        self.check(animtask.one_animation("oss://source-bucket/x.m3u8", "oss://target-bucket/x.gif"),
                   "InvalidArgument", "is refused: it leads to \"file://.*no files here")

    def test_redirects_to_files_are_not_followed(self):
        self.check(animtask.one_animation(self.server.url("/redirect"), self.folder.name + "/x.gif"),
                   "SourceUnreadable", 'says "Found", a redirect that is not followed$')
        self.server.inject({"method": "GET", "status": 302})
        self.check(animtask.one_animation(self.source, "oss://target-bucket/x.gif"),
                   "SourceUnreadable", 'says "Found", a redirect that is not followed$')
        self.server.inject({"method": "HEAD", "status": 307})
        self.check(animtask.one_animation(self.source, "oss://target-bucket/x.gif"),
                   "SourceUnreadable", "answers 307, a redirect; check the endpoint and the region$")


class Faults(StoreTest):
    def convert(self, key="x.gif", limit=60):
        self.new_log()
        return self.run_task(animtask.one_animation(self.source, f"oss://target-bucket/{key}"), limit)

    def statuses(self, method):
        return [entry.get("status") for entry in self.new_log() if entry["method"] == method]

    def test_a_store_that_recovers_is_asked_again(self):
        for status in (500, 503, 429):
            self.server.inject({"method": "HEAD", "status": status},
                               {"method": "GET", "status": status},
                               {"method": "GET", "status": status},
                               {"method": "PUT", "status": status},
                               {"method": "PUT", "status": status})
            self.assertEqual(self.convert().end, "EOS")
            self.assertEqual(self.statuses("PUT"), [status, status, 200])

    def test_resets_and_wrong_checksums(self):
        self.server.inject({"method": "PUT", "reset": 1000}, {"method": "PUT", "etag": '"0ff"'})
        outcome = self.convert("reset.gif")
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(len(self.statuses("PUT")), 3)
        data = self.server.file("target-bucket", "reset.gif").read_bytes()
        self.assertEqual(hashlib.md5(data).hexdigest(), outcome.output["MD5"])

    def test_a_store_that_stays_broken_fails_the_task(self):
        self.server.inject(*[{"method": "PUT", "status": 500}] * 5)
        outcome = self.convert("broken.gif")
        self.assertEqual(outcome.result["Code"], "OutputFailed")
        self.assertEqual(outcome.end, 'cannot write "oss://target-bucket/broken.gif": the store '
                                      "answers 500 InternalError")
        self.assertFalse(self.server.file("target-bucket", "broken.gif").exists())

    def test_what_was_published_before_the_failure_is_listed(self):
        self.server.inject({"method": "PUT", "path": "second", "status": 403, "code": "AccessDenied"})
        task = animtask.one_animation(self.source, "oss://target-bucket/first.gif")
        task["Targets"][0]["Image"]["Animations"] += [
            {"URI": f"oss://target-bucket/{name}.gif", "Format": "gif"} for name in ("second", "third")]
        task["Targets"][0]["Image"]["Animations"].append(
            {"URI": self.folder.name + "/local.gif", "Format": "gif"})
        outcome = self.run_task(task)
        self.assertEqual(outcome.end, 'cannot write "oss://target-bucket/second.gif": the store '
                                      "answers 403 AccessDenied; check what the access key may do")
        self.assertEqual(outcome.result["Published"], ["oss://target-bucket/first.gif"])
        self.assertFalse(os.path.exists(self.folder.name + "/local.gif"))

    def stop_during(self, method, task):
        """Stops the task while the store keeps a request of that method waiting."""
        self.server.inject({"method": method, "hang": True})
        self.new_log()
        element = Gst.ElementFactory.make("animtaskbin")
        for name, value in {"task": json.dumps(task), "spool-dir": self.spool,
                            "storage-root": self.folder.name}.items():
            element.set_property(name, value)
        pipeline = Gst.Pipeline()
        pipeline.add(element)
        pipeline.set_state(Gst.State.PLAYING)
        for _ in range(200):
            if any(entry["method"] == method for entry in self.server.log()[StoreTest.seen:]):
                break
            time.sleep(0.05)
        began = time.monotonic()
        pipeline.set_state(Gst.State.NULL)
        self.assertLess(time.monotonic() - began, 5)
        return element.get_property("result")

    def test_stopping_interrupts_an_upload(self):
        task = animtask.one_animation(self.source, "oss://target-bucket/stopped.gif")
        task["Notification"] = {"MNS": {"TopicName": "stopped"}}
        result = json.loads(self.stop_during("PUT", task))
        self.assertEqual((result["Code"], result["Published"]), ("Cancelled", []))
        self.assertEqual([d["Status"] for d in result["Deliveries"]], ["Delivered"])
        self.assertFalse(self.server.file("target-bucket", "stopped.gif").exists())

    def test_stopping_interrupts_the_opening(self):
        task = animtask.one_animation(self.source, "oss://target-bucket/stopped.gif")
        self.assertIsNone(self.stop_during("HEAD", task))


class Multipart(StoreTest):
    def upload(self, key, size=20 * MEBIBYTE, part=8 * MEBIBYTE, scheme="oss"):
        self.new_log()
        path = Path(self.folder.name) / "upload"
        path.write_bytes(os.urandom(size))
        done = subprocess.run([TOOL, "upload", f"{scheme}://target-bucket/{key}", path,
                               str(16 * MEBIBYTE), str(part)], check=False, capture_output=True,
                              text=True, env=environment(self.server.settings()))
        return path.read_bytes(), done

    def test_large_objects_go_in_parts(self):
        for scheme in ("oss", "s3"):
            data, done = self.upload("large.webp", scheme=scheme)
            self.assertEqual((done.stderr, done.returncode), ("", 0))
            self.assertEqual(self.server.file("target-bucket", "large.webp").read_bytes(), data)
            self.assertEqual([e["method"] for e in self.new_log()], ["POST", "PUT", "PUT", "PUT", "POST"])

    def test_a_part_is_sent_again(self):
        self.server.inject({"method": "PUT", "path": "partNumber=2", "status": 500},
                           {"method": "PUT", "path": "partNumber=2", "reset": MEBIBYTE},
                           {"method": "POST", "path": "uploadId", "status": 503})
        data, done = self.upload("again.webp")
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        self.assertEqual(self.server.file("target-bucket", "again.webp").read_bytes(), data)
        self.assertEqual(len(self.new_log()), 8)

    def test_lost_answers_are_no_failures(self):
        self.server.inject({"method": "POST", "path": "uploads", "lost": True},
                           {"method": "PUT", "path": "partNumber=3", "lost": True},
                           {"method": "POST", "path": "uploadId", "lost": True})
        data, done = self.upload("lost.webp")
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        self.assertEqual(self.server.file("target-bucket", "lost.webp").read_bytes(), data)
        self.assertEqual([e["method"] for e in self.new_log()],
                         ["POST"] * 2 + ["PUT"] * 4 + ["POST"] * 2 + ["HEAD"])

    def test_a_failed_upload_is_taken_back(self):
        self.server.inject({"method": "PUT", "path": "partNumber=2", "status": 403})
        _, done = self.upload("never.webp")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "^cannot write .*never.webp.*the store answers 403")
        self.assertEqual([e["method"] for e in self.new_log()], ["POST", "PUT", "PUT", "DELETE"])
        self.assertFalse(self.server.file("target-bucket", "never.webp").exists())


class Notifications(StoreTest):
    def task(self, **notification):
        return {**animtask.one_animation(self.source, "oss://target-bucket/told.gif"),
                "Notification": notification}

    def test_a_topic_and_a_webhook_are_told(self):
        use(self.server.settings(mns=True))
        self.server.inject({"method": "POST", "path": "/topics/", "status": 500},
                           {"method": "POST", "path": "/hook", "status": 502})
        self.new_log()
        url = self.server.url("/hook")
        outcome = self.run_task(self.task(
            MNS={"TopicName": "test-topic"}, Webhook={"URL": url + "?token=confidential"}))
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.result["Deliveries"], [
            {"Channel": "MNS", "Target": "test-topic", "Status": "Delivered", "Attempts": 2,
             "Message": ""},
            {"Channel": "Webhook", "Target": url, "Status": "Delivered", "Attempts": 2,
             "Message": ""}])
        told = [e for e in self.new_log() if e["method"] == "POST" and e.get("status") != 500
                and "body" in e]
        xml = re.search("<MessageBody>(.*)</MessageBody>", told[0]["body"], re.S).group(1)
        message = json.loads(html.unescape(xml))
        self.assertEqual(message, json.loads(told[1]["body"]))
        content = json.loads(message["content"])
        self.assertEqual(content["Status"], "Succeeded")
        self.assertEqual(content["Targets"][0]["Image"]["Animations"],
                         [{"URI": "oss://target-bucket/told.gif"}])
        self.assertEqual(told[1]["type"], "application/json")

    def test_failed_tasks_are_told_of_too(self):
        use(self.server.settings(mns=True))
        task = self.task(MNS={"TopicName": "failures"})
        task["Sources"][0]["URI"] = "oss://source-bucket/none.mp4"
        self.new_log()
        outcome = self.run_task(task)
        self.assertEqual(outcome.result["Code"], "ResourceNotFound")
        self.assertEqual(outcome.result["Deliveries"][0]["Status"], "Delivered")
        body = next(e["body"] for e in self.new_log() if "/topics/" in e["path"])
        self.assertIn("ResourceNotFound", body)

    def test_a_message_that_does_not_arrive_fails_no_task(self):
        use(self.server.settings() | {"MNS_ENDPOINT": f"http://127.0.0.1:{dead_port()}"})
        self.server.inject({"method": "POST", "path": "/hook", "status": 403})
        outcome = self.run_task(self.task(MNS={"TopicName": "lost"},
                                          Webhook={"URL": self.server.url("/hook")}))
        self.assertEqual((outcome.end, outcome.result["Status"]), ("EOS", "Succeeded"))
        topic, hook = outcome.result["Deliveries"]
        self.assertEqual((topic["Status"], topic["Attempts"]), ("Failed", 3))
        self.assertEqual((hook["Status"], hook["Attempts"], hook["Message"]),
                         ("Failed", 1, "the server answers 403"))
        self.assertEqual(len(outcome.result["Warnings"]), 2)

    def test_a_topic_without_service_is_a_folder(self):
        outcome = self.run_task(self.task(MNS={"TopicName": "local"}))
        self.assertEqual(outcome.result["Deliveries"], [
            {"Channel": "Folder", "Target": "local", "Status": "Delivered", "Attempts": 1,
             "Message": ""}])
        self.assertEqual(len(os.listdir(self.folder.name + "/.topics/local")), 1)


class Secrets(StoreTest):
    def test_nothing_shows_secrets_or_signatures(self):
        """Logs of our elements, messages, results, dumps of the pipeline, gst-inspect."""
        settings = self.server.settings(mns=True)
        dots = os.path.join(self.folder.name, "dots")
        os.mkdir(dots)
        location = os.path.join(self.folder.name, "task.json")
        bad = self.server.settings() | {"OSS_ACCESS_KEY_SECRET": "another/SecretOfATest"}
        ours = ",".join(f"{name}*:9" for name in (
            "animtask", "samplegate", "intervalsampler", "fitscale", "animwebp", "animgif", "GST_BIN",
            "GST_ELEMENT", "GST_STATES", "GST_BUS", "GST_MESSAGE"))
        said = ""
        for env, fault in ((settings, None), (settings, {"method": "GET", "status": 403}), (bad, None)):
            if fault:
                self.server.inject(fault)
            for scheme in ("oss", "s3"):
                Path(location).write_text(json.dumps(animtask.one_animation(
                    self.source.replace("oss", scheme), f"{scheme}://target-bucket/s.gif") | {
                        "Notification": {"MNS": {"TopicName": "t"}}}))
                done = subprocess.run(
                    ["gst-launch-1.0", "-v", "-m", "animtaskbin", f"location={location}",
                     f"spool-dir={self.spool}", f"storage-root={self.folder.name}"],
                    check=False, capture_output=True, text=True,
                    env=environment(env) | {"GST_DEBUG": ours, "GST_DEBUG_NO_COLOR": "1",
                                            "GST_DEBUG_DUMP_DOT_DIR": dots})
                said += done.stdout + done.stderr
        said += "".join(path.read_text() for path in Path(dots).iterdir())
        self.assertIn("souphttpsrc".upper(), said.upper())
        self.assertIn("animtask-result", said)
        said += subprocess.run(["gst-inspect-1.0", "animtaskbin"], check=True, capture_output=True,
                               text=True, env=environment(settings)).stdout
        for secret in (StoreServer.SECRET, "another/SecretOfATest", "ignature=", "ignature%3D"):
            at = said.find(secret)
            self.assertEqual(at, -1, said[max(0, at - 300):at + 100])

    def test_a_full_dump_names_the_place(self):
        """With all values in full length, as applications may make it at any time."""
        element = Gst.ElementFactory.make("animtaskbin")
        for scheme in ("oss", "s3"):
            source = self.source.replace("oss", scheme)
            element.set_property("task", json.dumps(
                animtask.one_animation(source, f"{scheme}://target-bucket/s.gif")))
            pipeline = Gst.Pipeline()
            pipeline.add(element)
            pipeline.set_state(Gst.State.PAUSED)
            self.assertEqual(pipeline.get_state(20 * Gst.SECOND)[0], Gst.StateChangeReturn.SUCCESS)
            dump = Gst.debug_bin_to_dot_data(pipeline, Gst.DebugGraphDetails.VERBOSE)
            pipeline.set_state(Gst.State.NULL)
            pipeline.remove(element)
            self.assertRegex(dump, f"location=.*{scheme}://source-bucket/")
            self.assertNotRegex(dump, "(?i)signature")
            self.assertNotIn(StoreServer.ID, dump)


if __name__ == "__main__":
    unittest.main(verbosity=2)
