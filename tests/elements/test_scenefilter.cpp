// SPDX-License-Identifier: LGPL-2.1-or-later
// scenefilter through GstHarness: pictures of one colour, whose change is known.
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

constexpr GstClockTime kFrame = 100 * GST_MSECOND;
constexpr const char* kGrey = "video/x-raw,format=GRAY8,width=32,height=32,framerate=10/1";

class Bench : public FilterBench {
 public:
  explicit Bench(const std::string& settings, const char* caps = kGrey)
      : FilterBench("scenefilter " + settings, caps), caps_(adopt(gst_caps_from_string(caps))) {}

  /// A frame of bytes `level`, 100 ms after the one before.
  GstFlowReturn push(int level) {
    GstVideoInfo info;
    REQUIRE(gst_video_info_from_caps(&info, caps_.get()));
    return gst_harness_push(harness(),
                            frame(level, info.size, pushed_++ * kFrame, kFrame).release());
  }
  void push_all(const std::vector<int>& levels) {
    for (const int level : levels) REQUIRE(push(level) == GST_FLOW_OK);
  }

 private:
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
  bench.flush();
  bench.segment(0);
  (void)bench.pull();
  bench.push_all({200, 200});
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{200, 200, 200}});
  CHECK(bench.events().back() == GST_EVENT_EOS);
}

TEST_CASE("events keep their order also where downstream takes no frame for a while") {
  Bench bench("");
  bench.push_all({16});
  const auto wide =
      adopt(gst_caps_from_string("video/x-raw,format=GRAY8,width=64,height=16,framerate=10/1"));
  const auto grey = adopt(gst_caps_from_string(kGrey));
  bench.send(gst_event_new_caps(wide.get()));
  const auto src = adopt(gst_pad_get_peer(bench.harness()->sinkpad));
  gst_pad_unlink(src.get(), bench.harness()->sinkpad);
  CHECK(bench.push(100) == GST_FLOW_NOT_LINKED);
  bench.send(gst_event_new_caps(grey.get()));
  REQUIRE(gst_pad_link(src.get(), bench.harness()->sinkpad) == GST_PAD_LINK_OK);
  bench.push_all({200});
  bench.end();
  CHECK(bench.pull().size() == 1);
  CHECK(bench.output_caps().find("width=(int)32") != std::string::npos);
}

TEST_CASE("a stream after EOS is a new one, of which the first frame is kept") {
  Bench bench("");
  bench.push_all({16, 16});
  bench.end();
  bench.send(gst_event_new_stream_start("next"));
  bench.segment(0);
  bench.push_all({16, 16});
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{16, 0, 200}, {16, 200, 200}});
}

TEST_CASE("the first frame of a segment is kept: its time would be nobody's else") {
  Bench bench("");
  bench.push_all({16, 16});
  bench.segment(200 * GST_MSECOND, GST_CLOCK_TIME_NONE, 5 * GST_SECOND);
  bench.push_all({16, 16, 100});
  bench.end();
  CHECK(bench.pull() == std::vector<Out>{{16, 0, 200}, {16, 200, 200}, {100, 400, 100}});
}
