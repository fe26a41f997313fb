// SPDX-License-Identifier: LGPL-2.1-or-later
// scenefilter through GstHarness: pictures of one colour, whose change is known.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"

namespace {

using namespace anim::glue;

constexpr GstClockTime kFrame = 100 * GST_MSECOND;
constexpr const char* kGrey = "video/x-raw,format=GRAY8,width=32,height=32,framerate=10/1";

struct Out {
  int level;
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
  explicit Bench(const std::string& settings, const char* caps = kGrey)
      : harness_(harness_of("scenefilter " + settings)), caps_(adopt(gst_caps_from_string(caps))) {
    gst_harness_set_src_caps(harness_, gst_caps_ref(caps_.get()));
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() { gst_harness_teardown(harness_); }

  /// A frame of bytes `level`, 100 ms after the one before.
  GstFlowReturn push(int level) {
    GstVideoInfo info;
    REQUIRE(gst_video_info_from_caps(&info, caps_.get()));
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, info.size, nullptr);
    gst_buffer_memset(buffer, 0, static_cast<guint8>(level), info.size);
    GST_BUFFER_PTS(buffer) = pushed_++ * kFrame;
    GST_BUFFER_DURATION(buffer) = kFrame;
    return gst_harness_push(harness_, buffer);
  }
  void push_all(const std::vector<int>& levels) {
    for (const int level : levels) REQUIRE(push(level) == GST_FLOW_OK);
  }
  bool send(GstEvent* event) { return gst_harness_push_event(harness_, event) != FALSE; }
  void end() { send(gst_event_new_eos()); }
  [[nodiscard]] GstElement* element() const { return harness_->element; }

  [[nodiscard]] std::vector<Out> pull() const {
    std::vector<Out> out;
    while (auto buffer = adopt(gst_harness_try_pull(harness_))) {
      guint8 level = 0;
      gst_buffer_extract(buffer.get(), 0, &level, 1);
      out.push_back({level, GST_BUFFER_PTS(buffer.get()) / GST_MSECOND,
                     GST_BUFFER_DURATION(buffer.get()) / GST_MSECOND});
    }
    return out;
  }
  [[nodiscard]] std::vector<GstEventType> events() const {
    std::vector<GstEventType> out;
    while (auto event = adopt(gst_harness_try_pull_event(harness_))) {
      out.push_back(GST_EVENT_TYPE(event.get()));
    }
    return out;
  }
  [[nodiscard]] guint64 stat(const char* name) const {
    GstStructure* raw = nullptr;
    g_object_get(element(), "stats", &raw, nullptr);
    const auto stats = adopt(raw);
    guint64 value = 0;
    REQUIRE(gst_structure_get_uint64(stats.get(), name, &value));
    return value;
  }

 private:
  GstHarness* harness_;
  Owned<GstCaps> caps_;
  guint64 pushed_ = 0;
};

}  // namespace

TEST_CASE("the first frame is kept, then each that has changed, and lasts until the next") {
  Bench bench("");
  bench.push_all({16, 16, 20, 100, 105, 104, 200, 200});
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{16, 0, 300}, {100, 300, 300}, {200, 600, 200}});
  CHECK(bench.stat("frames-in") == 8);
  CHECK(bench.stat("frames-out") == 3);
}

TEST_CASE("the change counts from the last one kept, not from the frame before") {
  Bench bench("threshold=10");
  bench.push_all({16, 26, 36, 46, 56, 66});  // 3.9 % each
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{16, 0, 300}, {46, 300, 300}});
}

TEST_CASE("the threshold is exact and may change while it plays") {
  Bench bench("threshold=50");
  bench.push_all({16, 143, 144});  // 127 of 255 levels are 49.8 %, 128 are 50.2 %
  g_object_set(bench.element(), "threshold", 0.0, nullptr);
  bench.push_all({144, 145});
  g_object_set(bench.element(), "threshold", 100.0, nullptr);
  bench.push_all({16, 235});
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{16, 0, 200}, {144, 200, 200}, {145, 400, 300}});
}

TEST_CASE("every format is read where its samples are") {
  for (const char* format :
       {"I420", "YV12", "NV12", "NV21", "A420", "Y42B", "Y444", "GRAY8", "RGB", "BGR", "RGBx",
        "BGRx", "xRGB", "xBGR", "RGBA", "BGRA", "ARGB", "ABGR"}) {
    CAPTURE(format);
    const std::string caps =
        std::string("video/x-raw,width=33,height=17,framerate=10/1,format=") + format;
    Bench bench("threshold=20", caps.c_str());
    bench.push_all({128, 128, 240, 240, 0});
    bench.end();
    const auto out = bench.pull();
    REQUIRE(out.size() == 3);
    CHECK(out[1] == Out{240, 200, 200});
    CHECK(out[2] == Out{0, 400, 100});
  }
}

TEST_CASE("events keep their place and a flush forgets") {
  Bench bench("");
  (void)bench.events();
  bench.push_all({16});
  bench.send(gst_event_new_tag(gst_tag_list_new(GST_TAG_TITLE, "t", nullptr)));
  CHECK(bench.events().empty());
  bench.push_all({200});
  CHECK(bench.events() == std::vector{GST_EVENT_TAG});
  bench.send(gst_event_new_flush_start());
  bench.send(gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  bench.send(gst_event_new_segment(&segment));
  (void)bench.pull();
  bench.push_all({200, 200});
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{200, 200, 200}});
  CHECK(bench.events().back() == GST_EVENT_EOS);
}
