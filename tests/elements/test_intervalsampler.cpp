// SPDX-License-Identifier: LGPL-2.1-or-later
// intervalsampler through GstHarness: which frames are samples, when they leave, how it starts and
// ends.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/sampler_bench.h"

using namespace anim::glue;
using namespace anim::test;

TEST_CASE("samples are the frames on screen and leave at the frame rate") {
  SamplerBench b("interval=250000000 frame-rate=10/1");
  b.push_many(10);
  b.end();
  CHECK(b.pull() == std::vector<SampleOut>{
                        {0, 0, 100, 0}, {2, 100, 100, 1}, {5, 200, 100, 2}, {7, 300, 100, 3}});
  CHECK(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("without a frame rate samples leave one per interval") {
  SamplerBench b("interval=250000000");
  b.push_many(6);
  b.end();
  CHECK(b.pull() == std::vector<SampleOut>{{0, 0, 250, 0}, {2, 250, 250, 1}, {5, 500, 250, 2}});
}

TEST_CASE("every frame keeps the source's timing, with exact durations") {
  SamplerBench b("interval=0");
  b.push(700 * kMs, 33 * kMs);
  b.push(710 * kMs, 33 * kMs);
  b.push(900 * kMs, 33 * kMs);
  b.end();
  CHECK(b.pull() == std::vector<SampleOut>{{0, 0, 10, 0}, {1, 10, 190, 1}, {2, 200, 33, 2}});
}

TEST_CASE("one frame is held back") {
  SamplerBench b("interval=100000000");
  b.push(0, 100 * kMs);
  CHECK(b.pull().empty());
  b.push(100 * kMs, 100 * kMs);
  CHECK(b.pull_frames() == std::vector<int>{0});
}

TEST_CASE("a rate wins over an interval") {
  SamplerBench b("interval=1000000000 rate=5/1");
  b.push_many(5);
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0, 2, 4});
}

TEST_CASE("start-time and stop-time bound the samples") {
  SamplerBench b("interval=100000000 start-time=250000000 stop-time=550000000");
  GstFlowReturn flow = GST_FLOW_OK;
  for (int i = 0; i < 10 && flow == GST_FLOW_OK; ++i) flow = b.push(i * 100 * kMs, 100 * kMs);
  CHECK(flow == GST_FLOW_EOS);
  CHECK(b.pull_frames() == std::vector<int>{2, 3, 4});
  CHECK(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("max-frames ends the stream on both sides") {
  SamplerBench b("interval=100000000 max-frames=2");
  CHECK(b.push(0) == GST_FLOW_OK);
  CHECK(b.push(100 * kMs) == GST_FLOW_OK);
  CHECK(b.push(200 * kMs) == GST_FLOW_EOS);
  CHECK(b.push(300 * kMs) == GST_FLOW_EOS);
  CHECK(b.pull_frames() == std::vector<int>{0, 1});
  CHECK(b.pull_event(GST_EVENT_EOS));
  b.end();
  CHECK_FALSE(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("behind a tee a full sampler goes on accepting") {
  SamplerBench b("interval=100000000 max-frames=2 eos-upstream=false");
  b.push_many(10);
  CHECK(b.pull_frames() == std::vector<int>{0, 1});
  CHECK(b.pull_event(GST_EVENT_EOS));
  CHECK(b.stat("frames-in") == 10);
  CHECK(b.stat("dropped") == 8);
}

TEST_CASE("a tee's other branch gets every frame") {
  const auto pipeline = adopt(gst_parse_launch(
      "videotestsrc num-buffers=50 ! video/x-raw,framerate=25/1,width=16,height=16 ! tee name=t "
      "t. ! queue ! intervalsampler max-frames=3 eos-upstream=false ! fakesink name=a "
      "t. ! queue ! intervalsampler name=all eos-upstream=false ! fakesink name=b",
      nullptr));
  REQUIRE(pipeline);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  const auto message = adopt(
      gst_bus_timed_pop_filtered(bus.get(), 10 * GST_SECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  REQUIRE(message);
  CHECK(GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS);
  const auto all = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "all"));
  GstStructure* stats = nullptr;
  g_object_get(all.get(), "stats", &stats, nullptr);
  guint64 out = 0;
  CHECK(gst_structure_get_uint64(stats, "frames-out", &out));
  CHECK(out == 50);
  gst_structure_free(stats);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

TEST_CASE("repeats share the picture's memory and nothing is copied") {
  SamplerBench b("interval=50000000");
  GstBuffer* first = SamplerBench::frame(7, 0, 100 * kMs).release();
  GstMemory* memory = gst_buffer_peek_memory(first, 0);
  gst_harness_push(b.harness(), first);
  b.push(100 * kMs, 100 * kMs);
  const auto one = b.pull_buffer();
  const auto two = b.pull_buffer();
  REQUIRE(two);
  CHECK(gst_buffer_peek_memory(one.get(), 0) == memory);
  CHECK(gst_buffer_peek_memory(two.get(), 0) == memory);
  CHECK(b.stat("duplicated") == 1);
}

TEST_CASE("stats count frames") {
  SamplerBench b("interval=250000000");
  b.push_many(10);
  b.end();
  CHECK(b.stat("frames-in") == 10);
  CHECK(b.stat("frames-out") == 4);
  CHECK(b.stat("dropped") == 6);
  CHECK(b.stat("duplicated") == 0);
}

TEST_CASE("retime=false keeps timestamps and leaves out repeats") {
  SamplerBench b("interval=50000000 retime=false");
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  b.push(500 * kMs, 100 * kMs);
  b.push(600 * kMs, 100 * kMs);
  b.push(610 * kMs, 100 * kMs);
  b.push(700 * kMs, 100 * kMs);
  b.end();
  CHECK(b.pull() == std::vector<SampleOut>{
                        {0, 500, 100, 0}, {1, 600, 100, 2}, {2, 610, 100, 3}, {3, 700, 100, 4}});
  CHECK(contains(b.output_caps(), "framerate=(fraction)0/1"));
}

TEST_CASE("missing timestamps follow the frame rate, silently") {
  SamplerBench b("interval=100000000");
  for (int i = 0; i < 5; ++i) b.push(i == 0 ? 0 : GST_CLOCK_TIME_NONE);
  b.end();
  CHECK(b.pull_frames() == counting(0, 5));
  CHECK_FALSE(b.pull_message(GST_MESSAGE_WARNING));
}

TEST_CASE("neither timestamps nor a rate are 25 frames a second, with one warning") {
  SamplerBench b("interval=100000000", "video/x-raw,format=GRAY8,width=4,height=2");
  for (int i = 0; i < 10; ++i) b.push(GST_CLOCK_TIME_NONE);
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0, 2, 5, 7});
  CHECK(b.pull_message(GST_MESSAGE_WARNING));
  CHECK_FALSE(b.pull_message(GST_MESSAGE_WARNING));
}

TEST_CASE("durations and times that no stream has are none") {
  SamplerBench b("interval=0");
  constexpr GstClockTime kCenturies = G_MAXINT64;
  b.push(0, kCenturies);
  b.push(GST_CLOCK_TIME_NONE, kCenturies);
  b.push(kCenturies, kCenturies);
  b.end();
  CHECK(b.pull() == std::vector<SampleOut>{{0, 0, 100, 0}, {1, 100, 100, 1}, {2, 200, 100, 2}});
}

TEST_CASE("times that count from 1970 are times") {
  SamplerBench b("interval=100000000");
  constexpr GstClockTime kIn2042 = guint64{72} * 365 * 86'400 * GST_SECOND;
  b.push_many(3, kIn2042);
  b.end();
  CHECK(b.pull_frames() == counting(0, 3));
}

TEST_CASE("frames that go back in time are dropped") {
  SamplerBench b("interval=100000000");
  b.push(0);
  b.push(100 * kMs);
  b.push(50 * kMs);
  b.push(200 * kMs, 100 * kMs);
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0, 1, 3});
  CHECK(b.stat("dropped") == 1);
}

TEST_CASE("only the start and real breaks are discontinuities") {
  SamplerBench b("interval=200000000");
  for (int i = 0; i < 8; ++i) {
    GstBuffer* buffer = SamplerBench::frame(i, i * 100 * kMs, 100 * kMs).release();
    if (i == 0 || i == 3) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
    gst_harness_push(b.harness(), buffer);
  }
  b.end();
  std::vector<bool> flags;
  while (const auto buffer = b.pull_buffer()) flags.push_back(GST_BUFFER_IS_DISCONT(buffer.get()));
  CHECK(flags == std::vector<bool>{true, false, true, false});
}

TEST_CASE("every property is set and read") {
  const auto element = adopt(gst_element_factory_make("intervalsampler", nullptr));
  REQUIRE(element);
  GObject* object = G_OBJECT(element.get());
  struct Row {
    const char* name;
    const char* text;
  };
  for (const Row& row : std::vector<Row>{
           {"interval", "9223372036854775807"},
           {"rate", "30000/1001"},
           {"frame-rate", "15/1"},
           {"max-frames", "18446744073709551615"},
           {"start-time", "5"},
           {"stop-time", "6"},
           {"eos-upstream", "false"},
           {"retime", "false"},
           {"skip-decoding", "true"},
       }) {
    CAPTURE(row.name);
    gst_util_set_object_arg(object, row.name, row.text);
    GValue value = G_VALUE_INIT;
    g_object_get_property(object, row.name, &value);
    const auto read = adopt(gst_value_serialize(&value));
    g_value_unset(&value);
    CHECK(g_ascii_strcasecmp(read.get(), row.text) == 0);
  }
}

TEST_CASE("it goes through all states, twice, and starts from nothing each time") {
  const auto pipeline = adopt(gst_parse_launch(
      "videotestsrc num-buffers=5 ! video/x-raw,framerate=10/1,width=16,height=16 ! "
      "intervalsampler name=s ! fakesink",
      nullptr));
  const auto sampler = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  for (int round = 0; round < 2; ++round) {
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const auto message = adopt(gst_bus_timed_pop_filtered(
        bus.get(), 10 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    REQUIRE(message);
    CHECK(GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS);
    GstStructure* stats = nullptr;
    guint64 out = 0;
    g_object_get(sampler.get(), "stats", &stats, nullptr);
    CHECK(gst_structure_get_uint64(stats, "frames-out", &out));
    CHECK(out == 5);
    gst_structure_free(stats);
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }
}

TEST_CASE("speed counts with the source's timing, an interval and a frame rate") {
  struct Row {
    const char* settings;
    std::vector<SampleOut> out;
  };
  const Row rows[] = {
      {"speed=2/1", {{0, 0, 50, 0}, {1, 50, 50, 1}, {2, 100, 50, 2}, {3, 150, 50, 3}}},
      {"speed=1/2 interval=200000000", {{0, 0, 400, 0}, {2, 400, 400, 1}}},
      {"speed=2/1 interval=200000000 frame-rate=5/1", {{0, 0, 100, 0}, {2, 100, 100, 1}}},
      {"speed=0/1 interval=200000000", {{0, 0, 200, 0}, {2, 200, 200, 1}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.settings);
    SamplerBench b(row.settings);
    b.push_many(4);
    b.end();
    CHECK(b.pull() == row.out);
  }
}
