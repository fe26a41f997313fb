# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams of every kind, made once for all tests that go through them."""
import concurrent.futures
import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(os.environ["ANIM_BUILD"], "tests", "streams")
THREE_LAYERS = ("-b:v 300k -ts-parameters ts_number_layers=3:ts_target_bitrate=150,220,300:"
                "ts_rate_decimator=4,2,1:ts_periodicity=4:ts_layer_id=0,2,1,2:ts_layering_mode=3")
# Streams of 8 s with a cut every 1.7 s: name, ffmpeg's encoder options.
GENERATED = {
    "open_gop.mp4": "-c:v libx264 -x264-params open-gop=1:keyint=40:bframes=3",
    "open_gop.ts": "-c:v libx264 -x264-params open-gop=1:keyint=40:bframes=3",
    "open_gop_2_references.ts": "-c:v libx264 -x264-params "
                                "open-gop=1:keyint=40:bframes=3:b-pyramid=none:ref=2",
    "intra_refresh.mkv": "-c:v libx264 -x264-params intra-refresh=1:keyint=40",
    "refs16.mp4": "-c:v libx264 -x264-params ref=16:keyint=60",
    "pyramid8.mp4": "-c:v libx264 -x264-params bframes=8:b-pyramid=strict:b-adapt=0:keyint=60",
    "non_idr_i.mp4": "-c:v libx264 -x264-params keyint=250:min-keyint=240:ref=4 "
                     "-force_key_frames expr:gte(t,n_forced*7)",
    "intra_refresh.ts": "-c:v libx264 -x264-params intra-refresh=1:keyint=40:scenecut=0",
    "h264_sets_everywhere.ts": "-c:v libx264 -x264-params open-gop=1:keyint=40:bframes=3 "
                               "-flags +global_header -bsf:v dump_extra=freq=all",
    "h265_sets_everywhere.ts": "-c:v libx265 -x265-params log-level=none:keyint=40 "
                               "-flags +global_header -bsf:v dump_extra=freq=all",
    "h264_10bit.mp4": "-c:v libx264 -x264-params keyint=40:bframes=3 -pix_fmt yuv420p10le",
    "h264_bottom_first.mkv": "-c:v libx264 -flags +ilme+ildct "
                             "-x264-params bff=1:open-gop=1:keyint=50:bframes=3",
    "mbaff.ts": "-c:v libx264 -flags +ilme+ildct -x264-params tff=1:keyint=50",
    "endless.mkv": "-c:v libx264 -x264-params keyint=infinite:scenecut=0",
    "h264_no_times.264": "-c:v libx264 -x264-params keyint=40",
    "h264_in_avi.avi": "-c:v libx264 -x264-params keyint=40:bframes=0",
    "h264_b_in_avi.avi": "-c:v libx264 -x264-params keyint=40:bframes=3",
    "h265_open_gop.mp4": "-c:v libx265 -x265-params log-level=none:keyint=40",
    "h265_closed_gop.mkv": "-c:v libx265 -x265-params log-level=none:keyint=40:no-open-gop=1",
    "h265_layers.mp4": "-c:v libx265 -x265-params log-level=none:keyint=40:temporal-layers=1",
    "h265_10bit.mkv": "-c:v libx265 -x265-params log-level=none:keyint=40 -pix_fmt yuv420p10le",
    "h265_fields.ts": "-c:v libx265 -x265-params log-level=none:keyint=40:interlace=tff",
    "h265_radl.mp4": "-c:v libx265 -x265-params log-level=none:keyint=40:no-open-gop=1:radl=2",
    "h265_refresh.mkv": "-c:v libx265 -x265-params log-level=none:keyint=40:intra-refresh=1",
    "h265_pyramid.ts": "-c:v libx265 -x265-params log-level=none:keyint=48:bframes=8:b-pyramid=1",
    "vp8.webm": "-c:v libvpx -deadline realtime -cpu-used 8 -g 60 -auto-alt-ref 1",
    "vp8_layers.webm": "-c:v libvpx -deadline realtime -cpu-used 8 -g 60 -error-resilient 1 "
                       "-ts-parameters ts_number_layers=2:ts_target_bitrate=100,200:"
                       "ts_rate_decimator=2,1:ts_periodicity=2:ts_layer_id=0,1:ts_layering_mode=2",
    "vp8_layers3.webm": "-c:v libvpx -deadline realtime -cpu-used 8 -g 60 -error-resilient 1 "
                        + THREE_LAYERS,
    "vp9.webm": "-c:v libvpx-vp9 -deadline good -cpu-used 5 -g 60 -lag-in-frames 12",
    "vp9_realtime.mkv": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 60 -error-resilient 1",
    "vp9_layers3.webm": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 60 -error-resilient 1 "
                        + THREE_LAYERS,
    "vp9_10bit.webm": "-c:v libvpx-vp9 -deadline good -cpu-used 5 -g 60 -pix_fmt yuv420p10le",
    "av1.mkv": "-c:v libaom-av1 -cpu-used 8 -g 60 -lag-in-frames 12 -vf scale=160:90",
    "av1.mp4": "-c:v libsvtav1 -preset 12 -g 60 -svtav1-params log=0",
    "av1_low_delay.mp4": "-c:v libsvtav1 -preset 12 -g 60 "
                         "-svtav1-params pred-struct=1:hierarchical-levels=3",
    "mpeg1.mpg": "-c:v mpeg1video -bf 2 -g 15",
    "mpeg2.ts": "-c:v mpeg2video -bf 2 -g 15",
    "mpeg2_interlaced.ts": "-c:v mpeg2video -bf 2 -g 15 -flags +ilme+ildct -top 1",
    "mpeg2_closed.mkv": "-c:v mpeg2video -bf 2 -g 15 -flags +cgop -sc_threshold 1000000000",
    "mpeg4.mp4": "-c:v mpeg4 -bf 2 -g 30",
    "mpeg4.avi": "-c:v mpeg4 -bf 2 -g 30",
    "mpeg4_gmc.mkv": "-c:v mpeg4 -g 30 -flags +qpel",
    "mjpeg.mov": "-c:v mjpeg -pix_fmt yuvj420p",
    "prores.mov": "-c:v prores",
    # Streams of which a demuxer itself leaves out whole groups of pictures.
    "h264_groups.mkv": "-c:v libx264 -x264-params bframes=3:keyint=25",
    "h265_groups.mkv": "-c:v libx265 -x265-params log-level=none:keyint=25:open-gop=1",
}
# Of these, files that begin anywhere: the shares of the file that are left out. Parsers drop what
# comes before the first parameter sets; where each unit brings them, they drop nothing.
CUT = {
    "open_gop.ts": (0.37, 0.62),
    "intra_refresh.ts": (0.37,),
    "h264_sets_everywhere.ts": (0.08, 0.31, 0.55),
    "h265_sets_everywhere.ts": (0.08, 0.31, 0.55),
    "mbaff.ts": (0.29, 0.7),
    "h265_pyramid.ts": (0.41, 0.13),
    "mpeg2.ts": (0.53, 0.24),
    "mpeg2_interlaced.ts": (0.33,),
}
TS_PACKET = 188  # bytes


def generated(names):
    """Their paths. What is not there yet is made, two at a time."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(generate, names))


def generate(name):
    """Colours and shapes that move, and a cut every 1.7 s."""
    options = GENERATED[name]
    path = FOLDER / hashlib.sha256(options.encode()).hexdigest()[:16] / name
    if path.exists():
        return path
    picture = ("testsrc2=s=320x180:r=25:d=8,"
               "hue=h='90*floor(t/1.7)',rotate='0.1*t+floor(t/1.7)':fillcolor=gray")
    filters = [] if "-vf" in options else ["-pix_fmt", "yuv420p"]
    if "-pix_fmt" in options or "prores" in options:
        filters = []
    path.parent.mkdir(parents=True, exist_ok=True)
    # Another test may make it at the same time.
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder, name)
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", picture,
                        *filters, *options.split(), str(made)], check=True)
        made.rename(path)
    return path


def cut(folder, path, share):
    """The stream in `folder`, from some transport packet on."""
    data = path.read_bytes()
    folder = Path(folder, f"without_{share}")
    folder.mkdir(exist_ok=True)
    out = folder / path.name
    out.write_bytes(data[int(len(data) * share) // TS_PACKET * TS_PACKET:])
    return out
