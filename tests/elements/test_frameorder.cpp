// SPDX-License-Identifier: LGPL-2.1-or-later
// frameorder through GstHarness: frames of a few bytes.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"

namespace {

using namespace anim::glue;

constexpr const char* kCaps = "video/x-raw,format=GRAY8,width=4,height=2,framerate=10/1";
constexpr gsize kBytes = 8;

struct Out {
  int frame;
  guint64 pts_ms;
  guint64 duration_ms;
  bool operator==(const Out&) const = default;
};

GstHarness* harness_of(const std::string& line) {
  const auto element =
      adopt(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(line.c_str(), nullptr))));
  return gst_harness_new_with_element(element.get(), "sink", "src");
}

class Bench {
 public:
  explicit Bench(const std::string& settings)
      : harness_(harness_of("frameorder " + settings)), bus_(gst_bus_new()) {
    gst_element_set_bus(harness_->element, bus_);
    gst_harness_set_src_caps_str(harness_, kCaps);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() {
    gst_element_set_bus(harness_->element, nullptr);
    gst_harness_teardown(harness_);
    gst_object_unref(bus_);
  }

  GstFlowReturn push(guint64 pts_ms, guint64 duration_ms) {
    return push(gst_buffer_new_allocate(nullptr, kBytes, nullptr), pts_ms, duration_ms);
  }
  GstFlowReturn push(GstBuffer* buffer, guint64 pts_ms, guint64 duration_ms) {
    gst_buffer_memset(buffer, 0, static_cast<guint8>(pushed_++), kBytes);
    GST_BUFFER_PTS(buffer) = pts_ms * GST_MSECOND;
    GST_BUFFER_DURATION(buffer) = duration_ms * GST_MSECOND;
    return gst_harness_push(harness_, buffer);
  }
  bool send(GstEvent* event) { return gst_harness_push_event(harness_, event) != FALSE; }
  void end() { send(gst_event_new_eos()); }
  void segment(guint64 start_ms) {
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    segment.start = segment.time = segment.position = start_ms * GST_MSECOND;
    send(gst_event_new_segment(&segment));
  }
  [[nodiscard]] std::vector<Out> pull() const {
    std::vector<Out> out;
    while (auto buffer = adopt(gst_harness_try_pull(harness_))) {
      guint8 number = 0;
      gst_buffer_extract(buffer.get(), 0, &number, 1);
      CHECK(GST_BUFFER_OFFSET(buffer.get()) == out.size());
      out.push_back({number, GST_BUFFER_PTS(buffer.get()) / GST_MSECOND,
                     GST_BUFFER_DURATION(buffer.get()) / GST_MSECOND});
    }
    return out;
  }
  [[nodiscard]] std::string error() const {
    const auto message = adopt(gst_bus_pop_filtered(bus_, GST_MESSAGE_ERROR));
    if (!message) return {};
    GError* raw = nullptr;
    gst_message_parse_error(message.get(), &raw, nullptr);
    const auto error = adopt(raw);
    return error->message;
  }
  [[nodiscard]] guint64 stat(const char* name) const {
    GstStructure* raw = nullptr;
    g_object_get(harness_->element, "stats", &raw, nullptr);
    const auto stats = adopt(raw);
    guint64 value = 0;
    REQUIRE(gst_structure_get_uint64(stats.get(), name, &value));
    return value;
  }
  [[nodiscard]] GstHarness* harness() const { return harness_; }

 private:
  GstHarness* harness_;
  GstBus* bus_;
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
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = segment.time = 5000 * GST_MSECOND;
  segment.base = 100 * GST_MSECOND;
  bench.send(gst_event_new_segment(&segment));
  bench.push(5000, 50);
  bench.send(gst_event_new_caps(
      adopt(gst_caps_from_string("video/x-raw,format=GRAY8,width=2,height=4,framerate=10/1"))
          .get()));
  CHECK(bench.error().find("the format changes in mid-stream") == 0);
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{1, 0, 50}, {0, 50, 100}});
}

TEST_CASE("a flush forgets what was kept") {
  Bench bench("reverse=true");
  bench.push(0, 100);
  bench.send(gst_event_new_flush_start());
  bench.send(gst_event_new_flush_stop(TRUE));
  bench.segment(1000);
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
