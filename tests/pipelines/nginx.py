# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real web server for tests."""
import socket
import subprocess
import tempfile
import time
from pathlib import Path


class Nginx:
    """nginx on loopback, serving a folder."""

    def __init__(self, folder, ranges=True, rules=""):
        """`rules`: further lines of its server's block."""
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.port = unused.getsockname()[1]
        self.state = tempfile.TemporaryDirectory()
        config = Path(self.state.name) / "nginx.conf"
        config.write_text(
            f"daemon off; user root; pid {self.state.name}/pid; error_log stderr;\n"
            "events {}\nhttp { access_log off;\n"
            f"client_body_temp_path {self.state.name}/b; proxy_temp_path {self.state.name}/p;\n"
            f"fastcgi_temp_path {self.state.name}/f; uwsgi_temp_path {self.state.name}/u;\n"
            f"scgi_temp_path {self.state.name}/s;\n"
            f"server {{ listen 127.0.0.1:{self.port}; root {folder}; "
            f"{'' if ranges else 'max_ranges 0;'} {rules} }} }}\n")
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-c", str(config)],
                                        stderr=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nginx did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.state.cleanup()

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"
