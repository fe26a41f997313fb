# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where live streams come from: real servers on loopback that send a file as time goes. Each is a
context manager whose value is the beginning of a gst-launch line that receives the stream, up to
what a parser takes.
"""
import contextlib
import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from nginx import Nginx, free_port  # noqa: E402

# Beside Pillow, GStreamer's libunwind takes up what libsrt throws, and crashes: libgcc comes first.
ctypes.CDLL("libgcc_s.so.1", mode=ctypes.RTLD_GLOBAL)


@contextlib.contextmanager
def process(command, **how):
    """A program that runs until the end of the context, or of this process if that crashes."""
    tied = ["setpriv", "--pdeathsig", "KILL", *command]
    with subprocess.Popen(tied, stdin=subprocess.DEVNULL, **how) as running:
        try:
            yield running
        finally:
            running.kill()


def read_live(file, parser="h264parse config-interval=-1"):
    """Frames of an MP4 file leave when their time has come."""
    return f"filesrc location={file} ! qtdemux ! {parser} ! clocksync"


def sending(pipeline):
    return process(["gst-launch-1.0", "-q", *pipeline.split()])


@contextlib.contextmanager
def rtmp(file, folder):
    """The receiver comes when the stream is already going, between two key frames."""
    with Nginx(folder, rtmp=True) as nginx:
        url = nginx.rtmp_url("numbers")
        with sending(f"{read_live(file)} ! flvmux streamable=true ! rtmp2sink location={url}"):
            time.sleep(1.3)
            yield f"rtmp2src location={url} ! flvdemux"


@contextlib.contextmanager
def rtsp(file, _folder, transport="tcp", mode="none"):
    port = free_port()
    launch = f"( {read_live(file)} ! rtph264pay name=pay0 pt=96 )"
    command = [sys.executable, str(Path(__file__).parent / "rtsp_server.py"), str(port), launch]
    with process(command, stdout=subprocess.PIPE) as server:
        if server.stdout.readline() != b"ready\n":
            raise RuntimeError("the RTSP server did not start")
        yield (f"rtspsrc location=rtsp://127.0.0.1:{port}/live protocols={transport} latency=300 "
               f"buffer-mode={mode} ! rtph264depay")


def rtsp_udp(file, folder):
    return rtsp(file, folder, "udp", "auto")


def rtsp_slave(file, folder):
    """With B-frames the receiver takes their order for a clock that runs back and forth."""
    return rtsp(file, folder, mode="slave")


@contextlib.contextmanager
def srt(file, _folder, **parser):
    port = free_port(socket.SOCK_DGRAM)
    with sending(f"{read_live(file, **parser)} ! mpegtsmux alignment=7 ! "
                 f"srtsink uri=srt://127.0.0.1:{port}?mode=listener wait-for-connection=true"):
        yield f"srtsrc uri=srt://127.0.0.1:{port}?mode=caller ! tsdemux"


def srt_h265(file, folder):
    return srt(file, folder, parser="h265parse config-interval=-1")


def srt_mpeg2(file, folder):
    return srt(file, folder, parser="mpegvideoparse")


def receive_udp(port):
    return (f"udpsrc address=127.0.0.1 port={port} buffer-size=4194304 "
            "caps=video/mpegts,systemstream=true ! tsdemux")


@contextlib.contextmanager
def udp(file, _folder):
    port = free_port(socket.SOCK_DGRAM)
    with sending(f"{read_live(file)} ! mpegtsmux alignment=7 ! udpsink host=127.0.0.1 port={port}"):
        yield receive_udp(port)


@contextlib.contextmanager
def udp_wrapping(file, _folder):
    """MPEG-TS whose 33 bits of time begin anew four seconds after its beginning."""
    port = free_port(socket.SOCK_DGRAM)
    offset = 2**33 / 90000 - 4
    with process(["ffmpeg", "-v", "error", "-nostdin", "-re", "-i", str(file), "-c", "copy", "-f",
                  "mpegts", "-output_ts_offset", str(offset),
                  f"udp://127.0.0.1:{port}?pkt_size=1316"]):
        yield receive_udp(port)


@contextlib.contextmanager
def rtp_wrapping(file, _folder):
    """RTP whose 32 bits of time, and 16 of sequence, begin anew four seconds after its beginning."""
    port = free_port(socket.SOCK_DGRAM)
    with sending(f"{read_live(file)} ! rtph264pay pt=96 timestamp-offset={2**32 - 4 * 90000} "
                 f"seqnum-offset={2**16 - 4 * 30} ! udpsink host=127.0.0.1 port={port}"):
        caps = "application/x-rtp,media=video,clock-rate=90000,encoding-name=H264,payload=96"
        yield (f"udpsrc address=127.0.0.1 port={port} buffer-size=4194304 caps=\"{caps}\" ! "
               "rtpjitterbuffer latency=200 ! rtph264depay")


@contextlib.contextmanager
def hls(file, folder):
    """The playlist grows and its oldest segments go."""
    playlist = os.path.join(folder, "live.m3u8")
    with Nginx(folder) as nginx, \
            sending(f"{read_live(file)} ! hlssink2 target-duration=2 max-files=10 playlist-length=5 "
                    f"location={folder}/%05d.ts playlist-location={playlist}"):
        deadline = time.monotonic() + 60
        while not os.path.exists(playlist):
            if time.monotonic() > deadline:
                raise RuntimeError("no HLS playlist was written")
            time.sleep(0.05)
        yield f"souphttpsrc location={nginx.url('live.m3u8')} ! hlsdemux ! tsdemux"


@contextlib.contextmanager
def local(file, _folder):
    """No server: for codecs that the others do not carry."""
    yield f"filesrc location={file} ! matroskademux ! clocksync"
