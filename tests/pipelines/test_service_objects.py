#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects of the service's buckets, read, put and listed by the store's official client."""
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
import unittest
import urllib.parse
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))
from animate_server import ID, MODULES, SECRET  # noqa: E402
from service_case import KEY, ServiceCase, request_of  # noqa: E402

SCRIPT = """
const OSS = require('ali-oss');
const store = (secret = SECRET) => new OSS({ endpoint: `http://127.0.0.1:${PORT}`,
  region: 'oss-cn-hangzhou', bucket: 'test-bucket', accessKeyId: ID, accessKeySecret: secret,
  authorizationV4: true, sldEnable: true, secure: false, retryMax: 0 });
const code = promise => promise.then(() => '', error => error.code || error.name);
(async () => { console.log(JSON.stringify(await (async () => { BODY })())); })();
"""


def signed(path):
    """The target of a signed URL of an object, whose path goes out as it is."""
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    steps = [date[:8], "local", "oss", "aliyun_v4_request"]
    query = urllib.parse.urlencode({
        "x-oss-credential": "/".join([ID, *steps]), "x-oss-date": date, "x-oss-expires": "60",
        "x-oss-signature-version": "OSS4-HMAC-SHA256"})
    name = urllib.parse.quote(urllib.parse.unquote(path))
    canonical = "\n".join(["GET", name, query, "", "", "UNSIGNED-PAYLOAD"])
    text = "\n".join(["OSS4-HMAC-SHA256", date, "/".join(steps),
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"aliyun_v4{SECRET}".encode()
    for step in steps:
        key = hmac.digest(key, step.encode(), "sha256")
    return f"{path}?{query}&x-oss-signature={hmac.digest(key, text.encode(), 'sha256').hex()}"


class ObjectsTest(ServiceCase):
    def run_script(self, server, body):
        """What `body` of a script that has a `store` returns."""
        script = SCRIPT.replace("BODY", body).replace("PORT", str(server.port))
        for name, value in (("secret = SECRET", f"secret = {json.dumps(SECRET)}"),
                            ("accessKeyId: ID", f"accessKeyId: {json.dumps(ID)}")):
            script = script.replace(name, value)
        made = subprocess.run(["node", "-"], input=script, env=os.environ | {"NODE_PATH": MODULES},
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(made.returncode, 0, made.stderr)
        return json.loads(made.stdout)

    def test_what_is_put_is_read_and_listed(self):
        server, client = self.serve()
        seen = self.run_script(server, """
          const s = store(), data = Buffer.alloc(3000000, 'abc');
          await s.put('up load/片段+1.bin', data);
          await s.put('z.txt', Buffer.from('last'));
          const whole = await s.get('up load/片段+1.bin');
          const part = await s.get('up load/片段+1.bin', { headers: { Range: 'bytes=1-3' } });
          const head = await s.head('z.txt');
          const pages = [];
          for (let token; token !== null;) {
            const page = await s.listV2({ 'max-keys': 1, ...(token && { 'continuation-token': token }) });
            pages.push(...(page.objects || []).map(o => [o.name, o.size]));
            token = page.nextContinuationToken || null;
          }
          const folders = await s.listV2({ delimiter: '/' });
          const url = await s.signatureUrlV4('GET', 60, {}, 'z.txt');
          const signed = await fetch(url.replace('test-bucket.127.0.0.1', '127.0.0.1'));
          return { same: whole.content.equals(data), part: part.content.toString(),
            partStatus: part.res.status, size: head.res.headers['content-length'], pages,
            prefixes: folders.prefixes, signed: signed.status, url,
            buckets: (await s.listBuckets()).buckets.map(b => b.name) };
        """)
        self.assertTrue(seen["same"])
        self.assertEqual((seen["part"], seen["partStatus"], seen["size"]), ("bca", 206, "4"))
        self.assertEqual(seen["pages"], [["up load/片段+1.bin", 3000000],
                                         [KEY, os.path.getsize(self.clip)], ["z.txt", 4]])
        self.assertEqual(seen["prefixes"], ["up load/", "video-demo/"])
        self.assertEqual(seen["buckets"], ["test-bucket"])
        self.assertEqual(seen["signed"], 200, seen["url"])
        self.assertEqual(list((self.root / "test-bucket").rglob(".*")), [])
        # What was put is a source.
        self.run_script(server, f"await store().put('v.mov', {json.dumps(str(self.clip))}); return 1;")
        request = request_of("v.mov", "v.webp", Interval=10)
        plan = client.call("PlanMediaConvertTask", **request)["Plan"]
        self.assertEqual(plan["Outputs"][0]["FrameCount"], 4)
        task = client.wait(client.call("CreateMediaConvertTask", **request)["TaskId"])
        self.assertEqual(task["Status"], "Succeeded")

    def test_who_and_what_is_refused(self):
        server, client = self.serve("--upload-size", "64")
        (self.root / "secret.txt").write_text("outside")
        (self.root / "test-bucket" / "link").symlink_to(self.root / "secret.txt")
        (self.root / "test-bucket" / ".hidden").write_text("hidden")
        (self.root / "test-bucket" / "out").symlink_to(self.root.parent)
        (self.root / "test-bucket" / "state").symlink_to("../.animate-server")
        seen = self.run_script(server, """
          const s = store(), data = Buffer.from('x'), out = {};
          out.wrong = await code(store('no').get('z'));
          out.missing = await code(s.get('none.txt'));
          out.link = await code(s.get('link'));
          out.way = await code(s.get('out/anim-put'));
          out.putWay = await code(s.put('out/anim-put', data));
          out.hidden = await code(s.get('.hidden'));
          out.putHidden = await code(s.put('a/.b', data));
          out.folder = await code(s.put('video-demo', data));
          out.below = await code(s.put('video-demo/brewing.mov/x', data));
          out.long = await code(s.put('k'.repeat(256), data));
          out.state = await code(s.get('state/tasks.db'));
          out.putState = await code(s.put('state/evil', data));
          out.range = await code(s.get('video-demo/brewing.mov',
            { headers: { Range: 'bytes=999999999-' } }));
          out.big = await code(s.put('big', Buffer.alloc(65 * 1048576)));
          out.copy = await code(s.copy('b', 'video-demo/brewing.mov'));
          out.acl = await code(s.getACL('video-demo/brewing.mov'));
          s.useBucket('no-bucket');
          out.bucket = await code(s.put('a', data));
          out.list = await code(s.listV2({}));
          return out;
        """)
        expected = {"wrong": "SignatureDoesNotMatch", "missing": "NoSuchKey", "link": "NoSuchKey",
                    "way": "NoSuchKey", "hidden": "InvalidArgument", "putHidden": "InvalidArgument",
                    "range": "InvalidRange", "copy": "OperationNotSupported",
                    "acl": "OperationNotSupported",
                    "bucket": "NoSuchBucket", "list": "NoSuchBucket", "putWay": "InvalidArgument",
                    "folder": "InvalidArgument", "below": "InvalidArgument",
                    "long": "InvalidArgument", "state": "NoSuchKey", "putState": "InvalidArgument"}
        self.assertEqual({name: seen[name] for name in expected}, expected)
        # The client may still be sending when it is answered, and hear that the line is closed.
        self.assertIn(seen["big"], ("EntityTooLarge", "ResponseError"))
        self.assertFalse((self.root.parent / "anim-put").exists())
        self.assertFalse((self.root / "test-bucket/big").exists())
        self.assertFalse((self.root / ".animate-server/evil").exists())
        self.assertEqual(server.request("GET", signed(f"/test-bucket/{KEY}"))[0], 200)
        for path in ("/test-bucket/../secret.txt", "/test-bucket/%2e%2e/secret.txt",
                     "/.animate-server/tasks.db", "/test-bucket/link"):
            status, body = server.request("GET", signed(path))
            self.assertIn(status, (400, 404), path)
            self.assertNotIn(b"SignatureDoesNotMatch", body)
            self.assertNotIn(b"outside", body)
        self.assertNotIn("object-failed", server.log_text())
        self.assertEqual(client.refusal("PlanMediaConvertTask", **request_of("none.mov", "a.webp"))
                         ["error"], "InvalidArgument")

    def test_a_body_that_does_not_end_leaves_nothing(self):
        server, _ = self.serve()
        bucket = self.root / "test-bucket"
        came = self.run_script(server, """
          const net = require('net'), fs = require('fs'), s = store();
          const headers = {};
          const http = require('http');
          const real = http.request;
          http.request = function (options, ...rest) { Object.assign(headers, options.headers,
            { path: options.path }); return real.call(this, options, ...rest); };
          await s.put('whole.bin', Buffer.alloc(10));
          return await new Promise(resolve => {
            const line = net.connect(PORT, '127.0.0.1', () => {
              line.write(`PUT /test-bucket/whole.bin HTTP/1.1\\r\\nHost: 127.0.0.1:${PORT}\\r\\n` +
                Object.entries(headers).filter(([n]) => !/^(path|content-length|host|connection)$/i
                  .test(n)).map(([n, v]) => `${n}: ${v}\\r\\n`).join('') +
                'Content-Length: 100000\\r\\n\\r\\n' + 'y'.repeat(5000));
              const end = Date.now() + 10000;
              const look = () => {
                const comes = fs.readdirSync(BUCKET).some(n => n.startsWith('.animate-upload-'));
                if (!comes && Date.now() < end) return setTimeout(look, 20);
                line.destroy();
                resolve(comes);
              };
              look();
            });
          });
        """.replace("BUCKET", json.dumps(str(bucket))))
        self.assertTrue(came)
        end = time.monotonic() + 10
        while list(bucket.glob(".animate-upload-*")) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(list(bucket.glob(".*")), [])
        self.assertEqual((bucket / "whole.bin").read_bytes(), bytes(10))


if __name__ == "__main__":
    unittest.main(verbosity=2)
