# SPDX-License-Identifier: LGPL-2.1-or-later
"""nginx on loopback: serves a folder over HTTP, and live streams over RTMP where asked to."""
import socket
import subprocess
import tempfile
import time
from pathlib import Path

RTMP_MODULE = "/usr/lib/nginx/modules/ngx_rtmp_module.so"


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(type=kind) as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


class Nginx:
    """`rules`: further lines of the web server's block."""

    def __init__(self, folder, ranges=True, rtmp=False, rules=""):
        self.port = free_port()
        self.rtmp_port = free_port() if rtmp else None
        self.state = tempfile.TemporaryDirectory()
        config = Path(self.state.name) / "nginx.conf"
        config.write_text(self.configuration(folder, ('' if ranges else 'max_ranges 0; ') + rules))
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-c", str(config)],
                                        stderr=subprocess.DEVNULL)

    def configuration(self, folder, rules):
        state = self.state.name
        modules = f"load_module {RTMP_MODULE};\n" if self.rtmp_port else ""
        rtmp = (f"rtmp {{ server {{ listen 127.0.0.1:{self.rtmp_port}; "
                "application live { live on; } } }\n") if self.rtmp_port else ""
        return (f"{modules}daemon off; user root; pid {state}/pid; error_log stderr;\n"
                "events {}\nhttp { access_log off;\n"
                f"client_body_temp_path {state}/b; proxy_temp_path {state}/p;\n"
                f"fastcgi_temp_path {state}/f; uwsgi_temp_path {state}/u;\n"
                f"scgi_temp_path {state}/s;\n"
                f"server {{ listen 127.0.0.1:{self.port}; root {folder}; "
                f"{rules} }} }}\n{rtmp}")

    def __enter__(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.rtmp_port or self.port)).close()
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

    def rtmp_url(self, name):
        return f"rtmp://127.0.0.1:{self.rtmp_port}/live/{name}"
