# SPDX-License-Identifier: LGPL-2.1-or-later
"""The object store on loopback (stores/store_server.js) from Python."""
import json
import os
import subprocess
import tempfile
import urllib.request
from pathlib import Path

MODULES = os.environ["ANIM_NODE_MODULES"]
SCRIPTS = Path(__file__).parent / "stores"
NAMES = ("OSS_ENDPOINT OSS_REGION OSS_ACCESS_KEY_ID OSS_ACCESS_KEY_SECRET OSS_SESSION_TOKEN "
         "AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_REGION AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID "
         "AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN MNS_ENDPOINT").split()


class StoreServer:
    ID = "LTAI5tAccessKeyOfATest"
    SECRET = "vErySeCrEt+/ofATest"
    REGION = "cn-hangzhou"

    def __init__(self, *buckets, token=""):
        if not os.path.isdir(MODULES):
            raise RuntimeError(f"{MODULES} is not there: tests/run installs it")
        self.token = token
        self.folder = tempfile.TemporaryDirectory()
        settings = Path(self.folder.name) / "settings.json"
        self.objects = Path(self.folder.name) / "objects"
        self.objects.mkdir()
        settings.write_text(json.dumps({
            "modules": MODULES, "directory": str(self.objects), "buckets": buckets, "id": self.ID,
            "secret": self.SECRET, "token": token, "region": self.REGION}))
        self.process = subprocess.Popen(["node", SCRIPTS / "store_server.js", settings],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the store did not start")
        self.port = int(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()

    def url(self, path="", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def settings(self, host="127.0.0.1", mns=False):
        """As environment variables have them."""
        out = {"OSS_ENDPOINT": self.url(host=host), "OSS_REGION": self.REGION,
               "OSS_ACCESS_KEY_ID": self.ID, "OSS_ACCESS_KEY_SECRET": self.SECRET,
               "AWS_ENDPOINT_URL": self.url(host=host), "AWS_REGION": self.REGION,
               "AWS_ACCESS_KEY_ID": self.ID, "AWS_SECRET_ACCESS_KEY": self.SECRET}
        if self.token:
            out |= {"OSS_SESSION_TOKEN": self.token, "AWS_SESSION_TOKEN": self.token}
        if mns:
            out["MNS_ENDPOINT"] = self.url()
        return out

    def log(self):
        with urllib.request.urlopen(self.url("/_/log")) as answer:
            return json.load(answer)

    def inject(self, *faults):
        request = urllib.request.Request(self.url("/_/faults"), json.dumps(faults).encode())
        urllib.request.urlopen(request).close()

    def file(self, bucket, key):
        """Where the store keeps an object, as its own program has it."""
        return self.objects / bucket / (key + "._S3rver_object")

    def put(self, bucket, key, source):
        """Puts a file into the store, from behind."""
        target = self.file(bucket, key)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
        (target.parent / (target.name[:-len("object")] + "metadata.json")).write_text("{}")
        (target.parent / (target.name + ".md5")).write_text("0" * 32)


def environment(settings):
    """This process's environment with these settings of stores alone."""
    return {name: value for name, value in os.environ.items() if name not in NAMES} | settings
