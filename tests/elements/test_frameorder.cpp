// SPDX-License-Identifier: LGPL-2.1-or-later
// frameorder through GstHarness: frames of a few bytes.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/filter_bench.h"

namespace {

using namespace anim::glue;
using anim::test::FilterBench;
using anim::test::Out;

constexpr const char* kCaps = "video/x-raw,format=GRAY8,width=4,height=2,framerate=10/1";
constexpr gsize kBytes = 8;

class Bench : public FilterBench {
 public:
  explicit Bench(const std::string& settings) : FilterBench("frameorder " + settings, kCaps) {}

  GstFlowReturn push(guint64 pts_ms, guint64 duration_ms) {
    return push(frame(0, kBytes, 0, 0).release(), pts_ms, duration_ms);
  }
  GstFlowReturn push(GstBuffer* buffer, guint64 pts_ms, guint64 duration_ms) {
    gst_buffer_memset(buffer, 0, static_cast<guint8>(pushed_++), kBytes);
    GST_BUFFER_PTS(buffer) = pts_ms * GST_MSECOND;
    GST_BUFFER_DURATION(buffer) = duration_ms * GST_MSECOND;
    return gst_harness_push(harness(), buffer);
  }

 private:
  int pushed_ = 0;
};

// Durations of buffers lie: a frame lasts until the next one.
void push_three(Bench& bench) {
  bench.push(500, 7);
  bench.push(510, 7);
  bench.push(800, 30);
}

}  // namespace

TEST_CASE("backwards each frame lasts as long as forwards, from 0 on") {
  Bench bench("reverse=true");
  push_three(bench);
  CHECK(bench.pull().empty());
  CHECK(bench.stat("bytes") == 3 * kBytes);
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{2, 0, 30}, {1, 30, 290}, {0, 320, 10}});
  CHECK(bench.stat("frames-in") == 3);
  CHECK(bench.stat("frames-out") == 3);
}

TEST_CASE("there and back, and the other way round") {
  Bench there("boomerang=true");
  push_three(there);
  there.end();
  CHECK(there.pull() == std::vector<Out>{{0, 0, 10}, {1, 10, 290}, {2, 300, 30}, {1, 330, 290}});
  Bench back("boomerang=true reverse=true");
  push_three(back);
  back.end();
  CHECK(back.pull() == std::vector<Out>{{2, 0, 30}, {1, 30, 290}, {0, 320, 10}, {1, 330, 290}});
}

TEST_CASE("showings are numbered") {
  Bench bench("boomerang=true");
  push_three(bench);
  bench.end();
  for (guint64 number = 0; number < 4; ++number) {
    const auto shown = bench.pull_buffer();
    REQUIRE(shown);
    CHECK(GST_BUFFER_OFFSET(shown.get()) == number);
    CHECK(GST_BUFFER_OFFSET_END(shown.get()) == number + 1);
  }
}

TEST_CASE("forwards everything passes at once") {
  Bench bench("");
  bench.push(500, 7);
  CHECK(adopt(gst_harness_try_pull(bench.harness())));
}

TEST_CASE("one frame, and none") {
  Bench one("boomerang=true");
  one.push(40, 20);
  one.end();
  CHECK(one.pull() == std::vector<Out>{{0, 0, 20}});
  Bench none("reverse=true");
  none.end();
  CHECK(none.pull().empty());
  CHECK(none.error().empty());
}

TEST_CASE("a last frame of centuries lasts as long as the one before") {
  Bench bench("reverse=true");
  bench.push(0, 100);
  bench.push(100, 100);
  bench.push(200, G_MAXINT64 / GST_MSECOND);
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{2, 0, 100}, {1, 100, 100}, {0, 200, 100}});
}

TEST_CASE("what would not fit is an error that names the limit") {
  Bench bench("reverse=true max-bytes=20");
  CHECK(bench.push(0, 100) == GST_FLOW_OK);
  CHECK(bench.push(100, 100) == GST_FLOW_OK);
  CHECK(bench.push(200, 100) == GST_FLOW_ERROR);
  CHECK(bench.error() ==
        "to play backwards, all frames are kept in memory: after 2 frames they are larger than 20 "
        "bytes (max-bytes); take fewer frames or make them smaller");
  Bench unlimited("reverse=true max-bytes=0");
  CHECK(unlimited.push(0, 100) == GST_FLOW_OK);
}

TEST_CASE("another segment goes on in time, another format does not") {
  Bench bench("reverse=true");
  bench.push(0, 100);
  bench.segment(5000 * GST_MSECOND, GST_CLOCK_TIME_NONE, 100 * GST_MSECOND);
  bench.push(5000, 50);
  bench.caps("video/x-raw,format=GRAY8,width=2,height=4,framerate=10/1");
  CHECK(bench.error().find("the format changes in mid-stream") == 0);
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{1, 0, 50}, {0, 50, 100}});
}

TEST_CASE("a segment after one that is done goes on in running time") {
  Bench bench("reverse=true");
  push_three(bench);
  bench.send(gst_event_new_segment_done(GST_FORMAT_TIME, 5000 * GST_MSECOND));
  const auto done = bench.pull_event(GST_EVENT_SEGMENT_DONE);
  REQUIRE(done);
  gint64 position = 0;
  gst_event_parse_segment_done(done.get(), nullptr, &position);
  CHECK(position == 330 * static_cast<gint64>(GST_MSECOND));
  for (const GstClockTime base : {330, 660, 0}) {
    bench.segment(500 * GST_MSECOND, GST_CLOCK_TIME_NONE, 777 * GST_MSECOND);
    const auto event = bench.pull_event(GST_EVENT_SEGMENT);
    REQUIRE(event);
    const GstSegment* segment = nullptr;
    gst_event_parse_segment(event.get(), &segment);
    CHECK(segment->base == base * GST_MSECOND);
    push_three(bench);
    if (base == 330) {
      bench.send(gst_event_new_segment_done(GST_FORMAT_TIME, 5000 * GST_MSECOND));
    } else {
      bench.end();
      bench.send(gst_event_new_stream_start("next"));
    }
  }
}

TEST_CASE("QoS of the new times stays here") {
  for (const char* settings : {"reverse=true", ""}) {
    CAPTURE(settings);
    Bench bench(settings);
    gst_harness_push_upstream_event(bench.harness(),
                                    gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 0.5, 0, 0));
    const bool passes = static_cast<bool>(bench.pull_upstream_event(GST_EVENT_QOS));
    CHECK(passes == (*settings == 0));
  }
}

TEST_CASE("what was sent or flushed is kept no longer") {
  Bench bench("reverse=true");
  push_three(bench);
  bench.flush();
  CHECK(bench.stat("bytes") == 0);
  bench.segment(0);
  push_three(bench);
  CHECK(bench.stat("bytes") == 3 * kBytes);
  bench.end();
  CHECK(bench.stat("bytes") == 0);
  CHECK(bench.stat("frames-out") == 3);
}

TEST_CASE("a flush forgets what was kept") {
  Bench bench("reverse=true");
  bench.push(0, 100);
  bench.flush();
  bench.segment(1000 * GST_MSECOND);
  bench.push(1000, 100);
  bench.push(1100, 100);
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{2, 0, 100}, {1, 100, 100}});
}

TEST_CASE("frames of a bounded pool go back to it") {
  Bench bench("boomerang=true");
  const auto pool = gst_buffer_pool_new();
  GstStructure* config = gst_buffer_pool_get_config(pool);
  const auto caps = adopt(gst_caps_from_string(kCaps));
  gst_buffer_pool_config_set_params(config, caps.get(), kBytes, 0, 2);
  REQUIRE(gst_buffer_pool_set_config(pool, config));
  REQUIRE(gst_buffer_pool_set_active(pool, TRUE));
  for (guint64 i = 0; i < 10; ++i) {
    GstBuffer* buffer = nullptr;
    GstBufferPoolAcquireParams now{};
    now.flags = GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT;
    REQUIRE(gst_buffer_pool_acquire_buffer(pool, &buffer, &now) == GST_FLOW_OK);
    REQUIRE(bench.push(buffer, i * 100, 100) == GST_FLOW_OK);
  }
  bench.end();
  CHECK(bench.pull().size() == 18);
  gst_buffer_pool_set_active(pool, FALSE);
  gst_object_unref(pool);
}
