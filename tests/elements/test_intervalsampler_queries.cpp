// SPDX-License-Identifier: LGPL-2.1-or-later
// intervalsampler through GstHarness: caps and the answers to queries.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/sampler_bench.h"

using namespace anim::glue;
using namespace anim::test;

TEST_CASE("the output's framerate is that of the samples") {
  struct Row {
    const char* settings;
    const char* expected;
    bool keeps_max;
  };
  const char* caps =
      "video/x-raw,format=GRAY8,width=4,height=2,framerate=30/1,max-framerate=60/1,"
      "colorimetry=bt601";
  for (const Row& row : std::vector<Row>{
           {"interval=0", "framerate=(fraction)30/1", true},
           {"interval=0 frame-rate=12/1", "framerate=(fraction)12/1", false},
           {"interval=3300000000", "framerate=(fraction)10/33", false},
           {"rate=30000/1001", "framerate=(fraction)30000/1001", false},
           {"rate=2/1 frame-rate=10/1", "framerate=(fraction)10/1", false},
           {"interval=1 frame-rate=2147483647/1", "framerate=(fraction)2147483647/1", false},
           {"interval=0 retime=false", "framerate=(fraction)30/1", true},
           {"interval=100 retime=false", "framerate=(fraction)0/1", false},
       }) {
    CAPTURE(row.settings);
    const SamplerBench b(row.settings, caps);
    CHECK(contains(b.output_caps(), row.expected));
    CHECK(contains(b.output_caps(), "max-framerate") == row.keeps_max);
    CHECK(contains(b.output_caps(), "colorimetry=(string)bt601"));
  }
}

TEST_CASE("what is set while it plays counts from the next flush on, in caps as in times") {
  SamplerBench b("interval=100000000 frame-rate=10/1");
  b.push_many(1);
  g_object_set(b.element(), "frame-rate", 5, 1, nullptr);
  b.caps(kOtherCaps10);
  b.push_many(2, 100 * kMs);
  CHECK(b.pull() == std::vector<SampleOut>{{0, 0, 100, 0}, {1, 100, 100, 1}});
  CHECK(contains(b.output_caps(), "framerate=(fraction)10/1"));
  b.flush();
  b.segment(0);
  b.caps(kCaps10);
  b.push_many(2);
  CHECK(b.pull() == std::vector<SampleOut>{{3, 0, 200, 0}});
  CHECK(contains(b.output_caps(), "framerate=(fraction)5/1"));
}

TEST_CASE("what downstream takes decides what upstream may send, but not its rate") {
  SamplerBench b("interval=1000000000 frame-rate=5/1", nullptr);
  gst_harness_set_sink_caps_str(
      b.harness(), "video/x-raw,format=RGB,framerate=5/1;video/x-raw,format=BGR,framerate=9/1");
  const auto caps = adopt(gst_pad_peer_query_caps(b.harness()->srcpad, nullptr));
  const auto text = adopt(gst_caps_to_string(caps.get()));
  CHECK(contains(text.get(), "RGB"));
  CHECK_FALSE(contains(text.get(), "BGR"));
  CHECK_FALSE(contains(text.get(), "framerate"));
}

TEST_CASE("any memory feature passes") {
  SamplerBench b("interval=100000000", "video/x-raw(memory:Any),format=GRAY8,width=4,height=2");
  b.push_many(2);
  CHECK(b.pull_frames() == std::vector<int>{0});
  CHECK(contains(b.output_caps(), "memory:Any"));
}

TEST_CASE("a live stream's latency grows by the frame that is held") {
  SamplerBench b("interval=100000000");
  gst_harness_set_live(b.harness(), TRUE);
  gst_harness_set_upstream_latency(b.harness(), 20 * kMs);
  CHECK(gst_harness_query_latency(b.harness()) == 120 * kMs);
}

TEST_CASE("an allocation asks for one buffer more, and for nothing while caps wait") {
  SamplerBench b("interval=100000000");
  const auto offer = [](GstPad* /*pad*/, GstPadProbeInfo* info, gpointer /*data*/) {
    GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
    if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return GST_PAD_PROBE_OK;
    gst_query_add_allocation_pool(query, nullptr, 8, 2, 4);
    gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
    return GST_PAD_PROBE_HANDLED;
  };
  gst_pad_add_probe(b.harness()->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, offer, nullptr,
                    nullptr);
  const auto caps = adopt(gst_caps_from_string(kCaps10));
  const auto query = adopt(gst_query_new_allocation(caps.get(), TRUE));
  REQUIRE(gst_pad_peer_query(b.harness()->srcpad, query.get()));
  guint min = 0;
  guint max = 0;
  gst_query_parse_nth_allocation_pool(query.get(), 0, nullptr, nullptr, &min, &max);
  CHECK(min == 3);
  CHECK(max == 5);
  CHECK(gst_query_find_allocation_meta(query.get(), GST_VIDEO_META_API_TYPE, nullptr));
  b.push_many(1);
  b.caps(kOtherCaps10);
  const auto later = adopt(gst_query_new_allocation(caps.get(), TRUE));
  CHECK_FALSE(gst_pad_peer_query(b.harness()->srcpad, later.get()));
}

TEST_CASE("position and duration are the output's") {
  SamplerBench b("interval=1000000000 frame-rate=10/1");
  b.push(0);
  b.push(GST_SECOND);
  b.push(2 * GST_SECOND);
  gint64 position = -1;
  CHECK(gst_element_query_position(b.element(), GST_FORMAT_TIME, &position));
  CHECK(position == static_cast<gint64>(100 * kMs));
  const auto pipeline = adopt(gst_parse_launch(
      "videotestsrc num-buffers=1 ! intervalsampler name=s interval=1000000000 ! fakesink",
      nullptr));
  gint64 duration = -1;
  const auto sampler = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  gst_element_get_state(pipeline.get(), nullptr, nullptr, GST_SECOND);
  // num-buffers makes videotestsrc know its duration: one frame, so one sample of a second.
  CHECK(gst_element_query_duration(sampler.get(), GST_FORMAT_TIME, &duration));
  CHECK(duration == static_cast<gint64>(GST_SECOND));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}
