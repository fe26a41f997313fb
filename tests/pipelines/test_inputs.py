# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every kind of input that the service reads: containers, codecs, and what is no video at all."""
import functools
import http.server
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from PIL import Image

sys.path.insert(0, os.path.dirname(__file__))
from animtask import clip, one_animation, oracle_count, run  # noqa: E402

SECONDS = 2
# name, ffmpeg's encoder options; each with sound beside the pictures. 2 s at 25 frames a second.
GENERATED = [
    ("h264_aac.mp4", "-c:v libx264 -pix_fmt yuv420p -c:a aac"),
    ("h264_mp3.mp4", "-c:v libx264 -pix_fmt yuv420p -c:a libmp3lame"),
    ("h264_ac3.ts", "-c:v libx264 -pix_fmt yuv420p -c:a ac3"),
    ("mpeg2_mp2.ts", "-c:v mpeg2video -r 25 -c:a mp2"),
    ("h264_flac.mkv", "-c:v libx264 -pix_fmt yuv420p -c:a flac"),
    ("mpeg4_opus.mkv", "-c:v mpeg4 -c:a libopus"),
    ("mjpeg_pcm.mov", "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le"),
    ("mpeg4_mp3.avi", "-c:v mpeg4 -c:a libmp3lame"),
    ("flv1_mp3.flv", "-c:v flv1 -c:a libmp3lame -ar 44100"),
    ("h264_aac.flv", "-c:v libx264 -pix_fmt yuv420p -c:a aac"),
    ("vp8_vorbis.webm", "-c:v libvpx -c:a libvorbis"),
    ("vp9_opus.webm", "-c:v libvpx-vp9 -cpu-used 8 -c:a libopus"),
    ("wmv2_wma2.wmv", "-c:v wmv2 -c:a wmav2"),
    ("mpeg2_ac3.vob", "-c:v mpeg2video -r 25 -c:a ac3"),
    ("mpeg4_aac.3gp", "-c:v mpeg4 -c:a aac"),
    ("theora_vorbis.ogv", "-c:v libtheora -c:a libvorbis"),
    ("mpeg2_pcm.mxf", "-c:v mpeg2video -r 25 -c:a pcm_s16le -ar 48000"),
    ("rv10_ac3.rm", "-c:v rv10 -c:a ac3"),
    ("h264_aac.m3u8", "-c:v libx264 -pix_fmt yuv420p -g 10 -c:a aac -hls_time 1 -f hls"),
    ("zmbv_pcm.avi", "-c:v zmbv -c:a pcm_s16le"),  # a codec that samplegate has never heard of
    ("raw.y4m", "-pix_fmt yuv420p -an"),
]

# Real clips, counted by ffmpeg.
REAL = [
    "3gp/phone_h263_10fps.3gp", "3gp/phone_mpeg4_176x144.3gp", "avi/bird_xvid_960x400.avi",
    "flv/flv1_170x120.flv", "generated/ntsc_dvd_interlaced.vob",
    "hls/cmaf_master_12seg/playlist.m3u8", "mkv/numbered_1fps_75s_h264.mkv",
    "mkv/numbered_30fps_h264_b.mkv", "mov/rot90_568x320_3frames.mov",
    "mp4/bbb_480p_5s_h264_b.mp4", "mp4/nasa_two_video_tracks.mp4",
    "mp4/terminal_640x480_vfr.mp4", "mp4/pixel_hdr10_av1_720x1280.mp4",
    "mp4/sample_h264_10bit.mp4", "ogv/van_352x288_sar640-429.ogv",
    "raw/foreman_qcif_baseline.264", "rm/lego_rv10_ac3_352x288.rm", "ts/hevc_854x480.ts",
    "ts/avchd_1080i50_sony.mts", "webm/alpha_vp8_dancer_5s.webm", "webm/alpha_vp9_circle_200.webm",
    "webm/bear_vp9_161x121.webm", "webm/yuv444_vp9_400x250_5fps.webm",
    "webm/mediarecorder_no_duration_vp9_alpha.webm", "wmv/lego_wmv2_320x240.wmv",
    "wmv/elephant_msmpeg4v3_160x120.asf", "avi/canon_mjpeg_320x240.avi",
    "generated/pal_dvd_720x576_sar64-45.vob", "mp4/mpeg4_asp_190x240.mp4",
    "ps/asteroid_mpeg1_320x240.mpg", "mp4/gopro_walk_848x480.mp4", "mkv/testpattern_av1.mkv",
]
# Where ffmpeg counts otherwise, with the cause.
COUNTED_OTHERWISE = {
    # An elementary stream without a last duration: ffmpeg repeats its last frame once more.
    "ps/asteroid_mpeg1_320x240.mpg": 14,
}

# What is no video, or none that can be read: part of the sentence, and the code.
REFUSED = [
    ("audio/audio_only.mp4", "has no video stream; it has MPEG-4 AAC", "NoVideoStream"),
    ("audio/bear-id3.mp3", "has no video stream; it has MPEG-1 Layer 3", "NoVideoStream"),
    ("audio/with_cover_art.mp3", "has no video stream; it has MPEG-1 Layer 3", "NoVideoStream"),
    ("audio/bear.flac", "has no video stream; it has Free Lossless", "NoVideoStream"),
    ("audio/bear.opus", "has no video stream; it has Opus", "NoVideoStream"),
    ("audio/sample.ac3", "has no video stream; it has AC-3", "NoVideoStream"),
    ("audio/sample.wav", "has no video stream; it has", "NoVideoStream"),
    ("audio/sine.aac", "has no video stream; it has MPEG-4 AAC", "NoVideoStream"),
    ("audio/test.wma", "has no video stream; it has Windows Media Audio", "NoVideoStream"),
    ("audio/opus_only.webm", "has no video stream; it has Opus", "NoVideoStream"),
    ("mp4/vvc_unsupported.mp4", "H.266 / VVC; Debian 12 has none", "DecoderMissing"),
    ("broken/encrypted_cenc.mp4", "is encrypted", "SourceUnreadable"),
    ("broken/broken_movie.mp4", "tried QuickTime demuxer", "SourceUnreadable"),
    ("broken/mp4_chunk_out_of_range.mp4", "tried QuickTime demuxer", "SourceUnreadable"),
    ("broken/text_as.mp4", "tried QuickTime demuxer", "SourceUnreadable"),
    ("broken/vp9_12336x12336_bug1416.webm", "tried Matroska demuxer", "SourceUnreadable"),
    ("generated/trunc_no_moov.mp4", "tried QuickTime demuxer", "SourceUnreadable"),
    ("generated/random_noise.mp4", "Could not determine type", "SourceUnreadable"),
    ("generated/zero_bytes.mp4", "is empty", "SourceUnreadable"),
]

# Damaged, and yet there are pictures in it.
DAMAGED = ["broken/corrupted_720p.mp4", "broken/failing_audio.mp4",
           "broken/mkv_block_past_cluster.mkv", "generated/trunc_50pct.webm",
           "generated/trunc_faststart_60pct.mp4", "generated/bitflips_300.mp4"]


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Inputs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="inputs-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.output = os.path.join(self.folder, "out.webp")

    def convert(self, source):
        """One frame a second, small; the output is gone when the task failed."""
        return self.convert_task(one_animation(source, self.output, Width=0.25, Height=0.25))

    def convert_task(self, task):
        if os.path.exists(self.output):
            os.remove(self.output)
        outcome = run(task, self.folder)
        self.assertNotEqual(outcome.end, "TIMEOUT")
        self.assertEqual(os.path.exists(self.output), outcome.end == "EOS", outcome.end)
        leftovers = [name for name in os.listdir(self.folder) if name.endswith(".part")]
        self.assertEqual(leftovers, [])
        return outcome

    def expect_frames(self, source, frames):
        outcome = self.convert(source)
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.output["FrameCount"], frames)
        with Image.open(self.output) as image:
            self.assertEqual(image.n_frames, outcome.output["StoredFrames"])
            self.assertEqual(image.size, (outcome.output["Width"], outcome.output["Height"]))

    def test_every_container_beside_every_sound(self):
        for name, options in GENERATED:
            path = os.path.join(self.folder, name)
            make = ["ffmpeg", "-v", "error", "-nostdin", "-y",
                    "-f", "lavfi", "-i", f"testsrc2=s=176x144:r=25:d={SECONDS}",
                    "-f", "lavfi", "-i", f"sine=r=44100:d={SECONDS}", *options.split(), path]
            with self.subTest(name):
                subprocess.run(make, check=True)
                # Some muxers leave a gap that makes the video a frame longer.
                frames = oracle_count(path)
                self.assertIn(frames, (SECONDS, SECONDS + 1))
                self.expect_frames(path, frames)

    def test_real_clips_give_as_many_frames_as_ffmpeg_picks(self):
        for name in REAL:
            path = clip(name)
            if path is None:
                continue
            with self.subTest(name):
                self.expect_frames(path, COUNTED_OTHERWISE.get(name) or oracle_count(path))

    def test_what_cannot_be_converted_says_why_and_soon(self):
        for name, sentence, code in REFUSED:
            path = clip(name)
            if path is None:
                continue
            with self.subTest(name):
                outcome = self.convert(path)
                self.assertIn(sentence, outcome.end)
                self.assertEqual(outcome.result["Code"], code)
                self.assertEqual(outcome.result["Message"], outcome.end)
                self.assertLess(outcome.seconds, 10)

    def test_a_damaged_file_gives_what_is_there(self):
        for name in DAMAGED:
            path = clip(name)
            if path is None:
                continue
            with self.subTest(name):
                outcome = self.convert(path)
                self.assertEqual(outcome.end, "EOS")
                self.assertGreater(outcome.output["FrameCount"], 0)

    def test_a_file_that_was_cut_off_warns(self):
        whole = clip("mkv/numbered_30fps_h264_b.mkv")
        half = os.path.join(self.folder, "half.mkv")
        with open(whole, "rb") as source, open(half, "wb") as target:
            target.write(source.read(os.path.getsize(whole) // 2))
        for path, ends in ((half, "2.5 s, but its video ends after 1.333 s"), (whole, None),
                           (clip("mp4/bbb_480p_5s_h264_b.mp4"), None),
                           (clip("rm/lego_rv10_ac3_352x288.rm"), None)):
            with self.subTest(path):
                outcome = self.convert(path)
                self.assertEqual(self.shortfalls(outcome), 1 if ends else 0)
                self.assertIn(ends or "", "".join(outcome.result["Warnings"]))

    @staticmethod
    def shortfalls(outcome):
        return sum("states a length" in text for text in outcome.result["Warnings"])

    def test_a_task_that_is_ended_early_is_no_short_file(self):
        path = os.path.join(self.folder, "long.mkv")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=120",
                        "-c:v", "libx264", "-preset", "ultrafast", path], check=True)
        outcome = run(one_animation(path, self.output, Interval=0.1), self.folder, end_after=0.5)
        self.assertEqual(outcome.end, "EOS")
        self.assertLess(outcome.output["FrameCount"], 1200)
        self.assertEqual(self.shortfalls(outcome), 0)

    def test_over_http_no_more_is_read_than_is_shown(self):
        path = os.path.join(self.folder, "long.mp4")
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=60",
                        "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-movflags",
                        "+faststart", path], check=True)
        handler = functools.partial(QuietHandler, directory=self.folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            server.handle_error = lambda *_: None  # the reader hangs up when it has enough
            threading.Thread(target=server.serve_forever, daemon=True).start()
            outcome = self.convert_task(one_animation(
                f"http://127.0.0.1:{server.server_port}/long.mp4", self.output, Number=3))
            server.shutdown()
        self.assertEqual(outcome.output["FrameCount"], 3)
        self.assertGreater(outcome.result["BytesRead"], 0)
        self.assertLess(outcome.result["BytesRead"], os.path.getsize(path) / 2)

    def test_what_cannot_be_reached_or_read_is_named(self):
        with socket.socket() as unused:  # bound and not listening: connections are refused
            unused.bind(("127.0.0.1", 0))
            end = self.convert(f"http://127.0.0.1:{unused.getsockname()[1]}/x.mp4").end
        self.assertIn("the server cannot be reached", end)
        picture = os.path.join(self.folder, "picture.webm")
        frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
        frames[0].save(picture, "WEBP", save_all=True, append_images=frames[1:])
        self.assertIn("it is image/webp, of a kind that nothing here reads",
                      self.convert(picture).end)

    def test_a_variable_rate_is_sampled_however_small_the_interval(self):
        path = clip("mp4/terminal_640x480_vfr.mp4")  # 8.5 frames a second in the mean
        outcome = run(one_animation(path, self.output, Interval=0.05, Width=0.1, Height=0.1),
                      self.folder)
        self.assertEqual(outcome.output["FrameCount"], oracle_count(path, 0.05))

    def test_a_missing_decoder_names_its_package(self):
        # In a process of its own: ranks are read when GStreamer starts.
        task = one_animation(clip("mp4/bbb_480p_5s_h264_b.mp4"), self.output)
        program = (f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r}); "
                   f"import animtask; print(animtask.run({task!r}, '.').end)")
        ranks = "avdec_h264:NONE,openh264dec:NONE,v4l2h264dec:NONE,vah264dec:NONE,vaapih264dec:NONE"
        said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                              env={**os.environ, "GST_PLUGIN_FEATURE_RANK": ranks}, check=True)
        self.assertIn("H.264", said.stdout)
        self.assertIn("gstreamer1.0-libav", said.stdout)

    def test_a_name_full_of_special_characters(self):
        path = os.path.join(self.folder, "te[s]t_ video ' %20 ü.mkv")
        shutil.copyfile(clip("mkv/numbered_30fps_h264_b.mkv"), path)
        self.expect_frames(path, 3)

    def test_alpha_is_kept(self):
        outcome = self.convert(clip("webm/alpha_vp9_circle_200.webm"))
        self.assertEqual(outcome.end, "EOS")
        with Image.open(self.output) as image:
            self.assertEqual(image.convert("RGBA").getpixel((0, 0))[3], 0)

    def test_interlaced_frames_are_not_doubled(self):
        path = clip("generated/ntsc_dvd_interlaced.vob")
        outcome = run({"ProjectName": "p", "Sources": [{"URI": path}],
                       "Targets": [{"Image": {"Animations": [
                           {"URI": self.output, "Format": "webp", "Width": 0.1, "Height": 0.1}]}}]},
                      self.folder)
        self.assertEqual(outcome.end, "EOS")
        self.assertEqual(outcome.output["FrameCount"], outcome.result["DecodedFrames"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
