// SPDX-License-Identifier: LGPL-2.1-or-later
// animclipsink: which frames a clip shows, whatever the stream does.
#include <filesystem>
#include <map>
#include <string>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "tests/support/clip_bench.h"

using namespace clip_bench;

TEST_CASE("both ends are the frames on screen there, whatever group they are in") {
  const Folder folder;
  Bench bench(kVp8, kHalf);
  bench.set_location(folder.file("clip-{index}.{autoext}"));
  REQUIRE(bench.play() != GST_STATE_CHANGE_FAILURE);
  bench.push(83);
  bench.wait_for(82);
  // From 2.8 s (frame 70) to 3.5 s (in frame 87).
  REQUIRE(bench.capture(3'300) == 1);
  bench.push(100);
  auto done = bench.wait_for("animclip-done");
  CHECK(location_of(done.get()) == folder.file("clip-1.webp"));
  CHECK(text(numbers_in(location_of(done.get()))) == text(from_to(70, 87)));
  CHECK(value_of(done.get(), "first-stream-time") == 70 * kFrameMs * GST_MSECOND);
  CHECK(value_of(done.get(), "last-stream-time") == 87 * kFrameMs * GST_MSECOND);
  CHECK(value_of(done.get(), "frames") == 18);
  CHECK(value_of(done.get(), "bytes") == fs::file_size(location_of(done.get())));
  CHECK(folder.files() == 1);
}

TEST_CASE("samples are on the clip's own grid, both ends included") {
  const Folder folder;
  Bench bench(kVp8, std::string(kHalf) + "pre-roll=1000000000 " + kEvery200);
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(76);
  bench.wait_for(75);
  REQUIRE(bench.capture(3'010) == 1);  // 2.01, 2.21 … 3.21 s
  bench.push(100);
  const auto done = bench.wait_for("animclip-done");
  CHECK(text(numbers_in(location_of(done.get()))) == text(from_to(50, 80, 5)));
}

TEST_CASE("clips overlap, a trigger may lie ahead, and none replaces a file") {
  const Folder folder;
  Bench bench(kVp8, std::string(kHalf) + "max-captures=2");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(50);
  bench.wait_for(49);
  for (const guint64 ms : {2'000, 2'040, 2'080, 2'800}) REQUIRE(bench.capture(ms) > 0);
  bench.push(100);
  std::map<std::string, Numbers> clips;
  for (int i = 0; i < 4; ++i) {
    const auto done = bench.wait_for("animclip-done");
    guint id = 0;
    gst_structure_get_uint(done.get(), "id", &id);
    clips[std::to_string(id)] = numbers_in(location_of(done.get()));
  }
  CHECK(text(clips["1"]) == text(from_to(37, 55)));
  CHECK(text(clips["2"]) == text(from_to(38, 56)));
  CHECK(text(clips["3"]) == text(from_to(39, 57)));
  CHECK(text(clips["4"]) == text(from_to(57, 75)));
  CHECK(fs::exists(folder.file("clip.webp")));
  CHECK(fs::exists(folder.file("clip-4.webp")));
  CHECK(folder.files() == 4);
}

TEST_CASE("decoded video is kept sampled on the stream's grid") {
  const Folder folder;
  Bench bench("identity", std::string(kHalf) + kEvery200);
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(80);
  bench.wait_for(75);
  CHECK(bench.stat("ring-groups") < 6);
  REQUIRE(bench.capture(3'050) == 1);  // from 2.55 s; 2.4, 2.6, 2.8 … s are kept
  bench.push(100);
  const auto done = bench.wait_for("animclip-done");
  CHECK(text(numbers_in(location_of(done.get()))) == text(from_to(60, 75, 5)));
}

TEST_CASE("what is not there is left out") {
  const Folder folder;
  Bench bench(kVp8, "pre-roll=60000000000");
  bench.set_location(folder.file("clip.webp"));
  CHECK(bench.capture(GST_CLOCK_TIME_NONE) == 0);
  CHECK(bench.text_of(GST_MESSAGE_WARNING) == "a clip is asked for, but no stream is running");
  bench.play();
  bench.push(30);
  bench.wait_for(28);
  REQUIRE(bench.capture(1'000) == 1);
  CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
        text(from_to(0, 25)));
}

TEST_CASE("events trigger as the signal does") {
  const Folder folder;
  Bench bench(kVp8, "pre-roll=100000000 history=2000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(60);
  bench.wait_for(58);
  CHECK(gst_element_send_event(
            bench.pipeline(),
            gst_event_new_custom(
                GST_EVENT_CUSTOM_UPSTREAM,
                gst_structure_new("animclip-capture", "running-time", G_TYPE_UINT64,
                                  guint64{2'000 * GST_MSECOND}, "location", G_TYPE_STRING,
                                  folder.file("up.webp").c_str(), nullptr))) != FALSE);
  CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
        text(from_to(47, 50)));
  // In the stream: the newest frame before it, and what is shown until then.
  bench.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM,
                                  gst_structure_new_empty("animclip-capture")));
  bench.push(70);
  const auto done = bench.wait_for("animclip-done");
  CHECK(numbers_in(location_of(done.get())).back() ==
        static_cast<int>(value_of(done.get(), "last-stream-time") / GST_MSECOND / kFrameMs));
}

TEST_CASE("an event may say how much its clip shows") {
  const Folder folder;
  Bench bench(kVp8, "pre-roll=1000000000 post-roll=400000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(60);
  bench.wait_for(58);
  const auto trigger = [&bench](guint64 pre_roll) {
    return gst_element_send_event(
        bench.pipeline(),
        gst_event_new_custom(
            GST_EVENT_CUSTOM_UPSTREAM,
            gst_structure_new("animclip-capture", "running-time", G_TYPE_UINT64,
                              guint64{2'000 * GST_MSECOND}, "pre-roll", G_TYPE_UINT64, pre_roll,
                              "post-roll", G_TYPE_UINT64, guint64{80 * GST_MSECOND}, nullptr)));
  };
  CHECK(trigger(120 * GST_MSECOND) != FALSE);
  CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
        text(from_to(47, 52)));
  CHECK(trigger(3601 * GST_SECOND) == FALSE);
  CHECK(bench.text_of(GST_MESSAGE_WARNING) ==
        "a clip is asked for with a pre-roll of more than an hour");
}

TEST_CASE("times that begin anew go on after the newest") {
  const Folder folder;
  Bench bench("jpegenc", "pre-roll=2000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(250);
  bench.wait_for(248);
  bench.push(255, 0);
  bench.wait_for(254);
  REQUIRE(bench.capture(GST_CLOCK_TIME_NONE) > 0);
  bench.push(256, 200);
  bench.end();
  const auto numbers = numbers_in(location_of(bench.wait_for("animclip-done").get()));
  CHECK(numbers.size() > 50);
  CHECK(text(numbers) == text(from_to(numbers.front(), numbers.back())));
}

TEST_CASE("the same caps again cut nothing, another stream begins with what can be decoded") {
  for (const bool is_new_stream : {false, true}) {
    CAPTURE(is_new_stream);
    const Folder folder;
    Bench bench(std::string(kVp8) + " ! identity name=before", "pre-roll=380000000");
    bench.set_location(folder.file("clip.webp"));
    bench.play();
    bench.push(25);
    bench.wait_for(24);
    const auto pad = bench.source_pad_of("before");
    const auto caps = adopt(gst_pad_get_current_caps(pad.get()));
    if (is_new_stream) gst_pad_push_event(pad.get(), gst_event_new_stream_start("other"));
    gst_pad_push_event(pad.get(), gst_event_new_caps(caps.get()));
    if (is_new_stream) {
      GstSegment segment;
      gst_segment_init(&segment, GST_FORMAT_TIME);
      gst_pad_push_event(pad.get(), gst_event_new_segment(&segment));
    }
    bench.push(40);
    bench.wait_for(39);
    REQUIRE(bench.capture(1'180) == 1);
    // Key frames are 0, 10, 20 and 30.
    CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
          text(from_to(20, is_new_stream ? 24 : 29)));
  }
}

TEST_CASE("a stream that begins far ahead of the clock begins now") {
  const Folder folder;
  Bench bench("jpegenc", "sync=true");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(10, 7'200'000);
  bench.wait_for(9);
  CHECK(bench.stat("ring-begin") < 10 * GST_SECOND);
  REQUIRE(bench.capture(GST_CLOCK_TIME_NONE) > 0);
  CHECK(numbers_in(location_of(bench.wait_for("animclip-done").get())).front() == 0);
}
