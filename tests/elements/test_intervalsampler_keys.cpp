// SPDX-License-Identifier: LGPL-2.1-or-later
// intervalsampler through GstHarness, with mode=key and what a samplegate tells for it.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/sampler_bench.h"

namespace {

using namespace anim::glue;
using namespace anim::test;

/// What a samplegate with mode=key says, as its page describes it.
GstEvent* key_event(GstStructure* structure) {
  return gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, structure);
}
GstEvent* key_at(GstClockTime time) {
  return key_event(
      gst_structure_new("anim-random-access", "timestamp", G_TYPE_UINT64, time, nullptr));
}

}  // namespace

TEST_CASE("mode=key takes the frames that were told, each until the next") {
  SamplerBench b("mode=key interval=10000000");  // the interval does not count
  b.send(key_event(gst_structure_new_empty("anim-random-access")));
  for (int i = 0; i < 10; ++i) {
    if (i == 2 || i == 5) b.send(key_at(i * 100 * kMs));
    REQUIRE(b.push(i * 100 * kMs, 100 * kMs) == GST_FLOW_OK);
  }
  SUBCASE("the last one to the end of the frames") {
    b.end();
    CHECK(b.pull() == std::vector<SampleOut>{{2, 0, 300, 0}, {5, 300, 500, 1}});
  }
  SUBCASE("the last one to the end that was told") {
    GstEvent* still = gst_video_event_new_still_frame(TRUE);
    gst_structure_set(gst_event_writable_structure(still), "anim-end-time", G_TYPE_INT64,
                      static_cast<gint64>(2000 * kMs), nullptr);
    b.send(still);
    b.end();
    CHECK(b.pull() == std::vector<SampleOut>{{2, 0, 300, 0}, {5, 300, 1500, 1}});
  }
  CHECK(contains(b.output_caps(), "framerate=(fraction)0/1"));
  CHECK_FALSE(b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY));
}

TEST_CASE("mode=key with a frame rate, start-time, stop-time and max-frames") {
  struct Row {
    const char* settings;
    std::vector<SampleOut> out;
  };
  const Row rows[] = {
      {"mode=key frame-rate=5/1",
       {{0, 0, 200, 0}, {3, 200, 200, 1}, {6, 400, 200, 2}, {9, 600, 200, 3}}},
      {"mode=key start-time=100000000 stop-time=800000000", {{3, 0, 300, 0}, {6, 300, 200, 1}}},
      {"mode=key max-frames=2", {{0, 0, 300, 0}, {3, 300, 300, 1}}},
      {"mode=key speed=3/1", {{0, 0, 100, 0}, {3, 100, 100, 1}, {6, 200, 100, 2}, {9, 300, 33, 3}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.settings);
    SamplerBench b(row.settings);
    for (int i = 0; i < 10; ++i) {
      if (i % 3 == 0) b.send(key_at(i * 100 * kMs));
      if (b.push(i * 100 * kMs, 100 * kMs) != GST_FLOW_OK) break;
    }
    b.end();
    CHECK(b.pull() == row.out);
  }
}

TEST_CASE("a sampler before one with mode=key tells it of the frames at their new times") {
  SamplerBench b("start-time=150000000 stop-time=850000000");
  b.segment(1000 * kMs, GST_CLOCK_TIME_NONE, 0);
  b.send(key_event(gst_structure_new_empty("anim-random-access")));
  for (int i = 0; i < 10; ++i) {
    if (i % 3 == 1) b.send(key_at((1000 + i * 100) * kMs));
    if (b.push((1000 + i * 100) * kMs, 100 * kMs) != GST_FLOW_OK) break;
  }
  // 1 began before the start and is no random access point of the part; 4 and 7 are.
  std::vector<guint64> told;
  while (const auto event = b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY)) {
    guint64 timestamp = GST_CLOCK_TIME_NONE;
    gst_structure_get_uint64(gst_event_get_structure(event.get()), "timestamp", &timestamp);
    told.push_back(timestamp);
  }
  CHECK(told == std::vector<guint64>{GST_CLOCK_TIME_NONE, 250 * kMs, 550 * kMs});
}

TEST_CASE("mode=key without anybody who tells of random access points is an error") {
  SamplerBench b("mode=key");
  CHECK(b.push(0, 100 * kMs) == GST_FLOW_ERROR);
  CHECK(contains(b.error(), "nobody tells which pictures are random access points"));
}
