# SPDX-License-Identifier: LGPL-2.1-or-later
"""Signed calls of the service over one connection, cheap enough to time the service by them."""
import datetime
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse
import uuid

ALGORITHM = "ACS3-HMAC-SHA256"


class AcsClient:
    def __init__(self, port, key_id, secret):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.host = f"127.0.0.1:{port}"
        self.key_id = key_id
        self.secret = secret

    def close(self):
        self.line.close()

    def call(self, action, **fields):
        """The answer's body; RuntimeError when it is refused."""
        return self.send(*self.signed(action, **fields))

    def signed(self, action, **fields):
        """A signed call that may be sent later, or again: its body and its headers."""
        texts = {name: value if isinstance(value, str) else json.dumps(value)
                 for name, value in fields.items()}
        body = "&".join(sorted(f"{name}={urllib.parse.quote(value, safe='-._~')}"
                               for name, value in texts.items()))
        payload = hashlib.sha256(body.encode()).hexdigest()
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = {"content-type": "application/x-www-form-urlencoded", "host": self.host,
                   "x-acs-action": action, "x-acs-content-sha256": payload, "x-acs-date": date,
                   "x-acs-signature-nonce": uuid.uuid4().hex, "x-acs-version": "2020-09-30"}
        names = sorted(headers)
        canonical = "\n".join(["POST", "/", "", *(f"{name}:{headers[name]}" for name in names), "",
                               ";".join(names), payload])
        to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.new(self.secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        headers["authorization"] = (f"{ALGORITHM} Credential={self.key_id},"
                                    f"SignedHeaders={';'.join(names)},Signature={signature}")
        return body, headers

    def send(self, body, headers):
        """The answer's body; RuntimeError when the call is refused."""
        self.line.request("POST", "/", body, headers)
        answer = self.line.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{headers['x-acs-action']}: {text.decode()}")
        return json.loads(text)

    def timed(self, action, **fields):
        """Seconds that the call took."""
        begin = time.monotonic()
        self.call(action, **fields)
        return time.monotonic() - begin
