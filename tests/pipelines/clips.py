# SPDX-License-Identifier: LGPL-2.1-or-later
"""The clips that table-driven tests go through, and the checksum of a decoded picture."""
import os
import subprocess
import zlib
from pathlib import Path

import numpy

REPOSITORY = Path(__file__).resolve().parents[2]
EXTENSIONS = {
    ".3gp", ".asf", ".avi", ".flv", ".264", ".m3u8", ".mjpeg", ".mkv", ".mov", ".mp4", ".mpeg",
    ".mpg", ".mts", ".mxf", ".ogv", ".ps", ".rm", ".rmvb", ".ts", ".vob", ".webm", ".wmv", ".y4m",
}
# Clips that cannot be compared, with the cause. Being read after all is a failure, too.
UNREADABLE = {
    "broken/broken_movie.mp4": "no movie header",
    "broken/encrypted_cenc.mp4": "encrypted",
    "broken/mp4_chunk_out_of_range.mp4": "chunk table points nowhere",
    "broken/mp4_no_timescale.mp4": "qtdemux refuses a time scale of 0",
    "broken/text_as.mp4": "text",
    "broken/vp9_12336x12336_bug1416.webm": "no valid frame",
    "derived/akiyo_cif_30f.y4m": "y4mdec 1.22: Failed to parse YUV4MPEG frame",
    "generated/hls_bbb_ts/playlist.m3u8": "its segments are not there",
    "generated/html_error_page.mp4": "HTML",
    "generated/random_noise.mp4": "noise",
    "generated/trunc_no_moov.mp4": "no movie header",
    "generated/zero_bytes.mp4": "empty",
    "mp4/vvc_unsupported.mp4": "no decoder for H.266 in Debian 12",
    "ps/h264_in_ps_720p60.mpeg": "GStreamer 1.22 takes H.264 in MPEG-PS for MPEG-2",
    "webm/mediarecorder_no_duration_vp9_alpha.webm":
        "says alpha and has none, which decodebin refuses",
}

def media_folder():
    named = os.environ.get("ANIM_FULL_MEDIA")
    if named:
        return Path(named)
    beside = REPOSITORY.parent / "shared" / "media"
    if beside.is_dir():
        return beside
    return Path(os.environ.get("ANIM_MEDIA", REPOSITORY / "tests" / "media"))


def clips(folder):
    """Files with video; of an HLS presentation only its first playlist."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in EXTENSIONS or "audio" in path.relative_to(folder).parts[:-1]:
            continue
        in_presentation = (path.parent / "playlist.m3u8").exists()
        if not in_presentation or path.name == "playlist.m3u8":
            yield path


def listed(name, table):
    """The row of a clip; in tests/media the folders may be left out."""
    return next((row for key, row in table.items() if key == name or key.endswith("/" + name)),
                None)


def says_orientation(path):
    """Of an MP4 with a display matrix: whether this qtdemux tells of it. One that flips is passed over
    by gstreamer1.0-plugins-good before 1.22.0-5+deb12u4.
    """
    said = subprocess.run(
        ["gst-launch-1.0", "-t", "filesrc", f"location={path}", "!", "qtdemux", "!", "fakesink"],
        check=True, capture_output=True, text=True, timeout=60).stdout
    return "orientation" in said


def visible_checksum(buffer, info):
    """The checksum of framecrc: the planes without row padding, one after the other."""
    from gi.repository import Gst, GstVideo  # not in the process that only compares
    meta = GstVideo.buffer_get_video_meta(buffer)
    ok, mapped = buffer.map(Gst.MapFlags.READ)
    assert ok
    data = numpy.frombuffer(mapped.data, dtype=numpy.uint8)
    checksum = 0
    is_field = info.interlace_mode == GstVideo.VideoInterlaceMode.ALTERNATE
    rows = -(-info.height // 2) if is_field else info.height
    for plane in range(info.finfo.n_planes):
        component = next(c for c in range(info.finfo.n_components) if info.finfo.plane[c] == plane)
        shift_w = info.finfo.w_sub[component]
        shift_h = info.finfo.h_sub[component]
        width = -(-info.width >> shift_w) * info.finfo.pixel_stride[component]
        height = -(-rows >> shift_h)
        offset = meta.offset[plane] if meta else info.offset[plane]
        stride = meta.stride[plane] if meta else info.stride[plane]
        visible = numpy.lib.stride_tricks.as_strided(data[offset:], (height, width), (stride, 1))
        checksum = zlib.adler32(numpy.ascontiguousarray(visible), checksum)
    buffer.unmap(mapped)
    return checksum
