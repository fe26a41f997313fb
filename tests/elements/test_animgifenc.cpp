// SPDX-License-Identifier: LGPL-2.1-or-later
// animgifenc through GstHarness: frames in, the bytes read back by giflib.
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/gif_reader.h"

namespace {

using namespace anim::glue;
using anim::Argb;
using anim::Bytes;
using anim::test::ShownGif;

constexpr int kWidth = 32;
constexpr int kHeight = 24;

/// The element in a harness, with a bus of its own.
class Encoder {
 public:
  explicit Encoder(const std::string& properties = "")
      : harness_(gst_harness_new_parse(("animgifenc " + properties).c_str())),
        bus_(adopt(gst_bus_new())) {
    gst_element_set_bus(harness_->element, bus_.get());
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    gst_element_set_bus(harness_->element, nullptr);
    gst_harness_teardown(harness_);
  }

  void set_caps(const char* format, int width = kWidth, int height = kHeight,
                const char* rate = "10/1") {
    const auto text = std::string("video/x-raw,format=") + format +
                      ",width=" + std::to_string(width) + ",height=" + std::to_string(height) +
                      ",framerate=" + rate;
    caps_ = adopt(gst_caps_from_string(text.c_str()));
    gst_harness_set_src_caps(harness_, gst_caps_ref(caps_.get()));
  }

  /// A frame of one colour, by way of a BGRA picture where the format is another.
  GstFlowReturn push(Argb color, GstClockTime time, GstClockTime length = GST_CLOCK_TIME_NONE) {
    GstVideoInfo info;
    gst_video_info_from_caps(&info, caps_.get());
    auto buffer = adopt(gst_buffer_new_allocate(nullptr, info.size, nullptr));
    {
      MappedFrame frame(info, buffer.get(), GST_MAP_WRITE);
      fill(*frame.get(), color);
    }
    GST_BUFFER_PTS(buffer.get()) = time;
    GST_BUFFER_DURATION(buffer.get()) = length;
    return gst_harness_push(harness_, buffer.release());
  }

  /// A picture of more colours than fit, which moves with `t`; BGRx.
  GstFlowReturn push_scenery(int t, GstClockTime time) {
    auto buffer = adopt(gst_buffer_new_allocate(nullptr, 4 * kWidth * kHeight, nullptr));
    GstMapInfo map;
    gst_buffer_map(buffer.get(), &map, GST_MAP_WRITE);
    for (int i = 0; i < kWidth * kHeight; ++i) {
      map.data[4 * i] = static_cast<guint8>(8 * (i % kWidth) + t);
      map.data[4 * i + 1] = static_cast<guint8>(10 * (i / kWidth) + i * i % 7);
      map.data[4 * i + 2] = static_cast<guint8>(100 + (i + 3 * t) % 32);
    }
    gst_buffer_unmap(buffer.get(), &map);
    GST_BUFFER_PTS(buffer.get()) = time;
    return gst_harness_push(harness_, buffer.release());
  }

  bool end() { return gst_harness_push_event(harness_, gst_event_new_eos()) != FALSE; }
  void push_event(GstEvent* event) { gst_harness_push_event(harness_, event); }

  /// All bytes since the last call.
  Bytes bytes() {
    Bytes out;
    while (auto buffer = adopt(gst_harness_try_pull(harness_))) {
      GstMapInfo map;
      gst_buffer_map(buffer.get(), &map, GST_MAP_READ);
      out.insert(out.end(), map.data, map.data + map.size);
      gst_buffer_unmap(buffer.get(), &map);
    }
    return out;
  }

  /// The text of the one error; empty without.
  std::string error() {
    const auto message = adopt(gst_bus_pop_filtered(bus_.get(), GST_MESSAGE_ERROR));
    if (!message) return {};
    GError* error = nullptr;
    gst_message_parse_error(message.get(), &error, nullptr);
    return adopt(error)->message;
  }

  [[nodiscard]] GstElement* element() const {
    return gst_bin_get_by_interface(GST_BIN(harness_->element), GST_TYPE_PRESET);
  }

 private:
  static void fill(GstVideoFrame& frame, Argb color) {
    for (guint i = 0; i < GST_VIDEO_FRAME_N_COMPONENTS(&frame); ++i) {
      const bool is_yuv = GST_VIDEO_INFO_IS_YUV(&frame.info);
      const bool is_gray = GST_VIDEO_INFO_IS_GRAY(&frame.info);
      const unsigned shift = i == 3 ? 24 : 16 - 8 * i;
      const unsigned level = is_gray || (is_yuv && i == 0) ? color >> 8U
                             : is_yuv && i < 3             ? 128
                                                           : color >> shift;
      plane(frame, i, static_cast<guint8>(level));
    }
  }
  static void plane(GstVideoFrame& frame, guint i, guint8 level) {
    auto* row = static_cast<guint8*>(GST_VIDEO_FRAME_COMP_DATA(&frame, i));
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, i); ++y) {
      for (int x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH(&frame, i); ++x) {
        row[static_cast<std::ptrdiff_t>(x) * GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, i)] = level;
      }
      row += GST_VIDEO_FRAME_COMP_STRIDE(&frame, i);
    }
  }

  GstHarness* harness_;
  Owned<GstBus> bus_;
  Owned<GstCaps> caps_;
};

constexpr GstClockTime at(int ms) {
  return ms * GST_MSECOND;
}

Argb color_of(int t) {
  return 0xFF000000U | static_cast<Argb>(40 + 37 * (t % 5)) * 0x010101U;
}

/// `count` frames of changing colours at the times of `time_of`, to the end.
Bytes made(const std::string& properties, int count,
           const std::function<GstClockTime(int)>& time_of,
           GstClockTime length = GST_CLOCK_TIME_NONE, const char* rate = "0/1") {
  Encoder encoder(properties);
  encoder.set_caps("BGRx", kWidth, kHeight, rate);
  Bytes out;
  for (int t = 0; t < count; ++t) {
    CHECK(encoder.push(color_of(t), time_of(t), length) == GST_FLOW_OK);
    const Bytes more = encoder.bytes();
    out.insert(out.end(), more.begin(), more.end());
  }
  CHECK(encoder.end());
  const Bytes last = encoder.bytes();
  out.insert(out.end(), last.begin(), last.end());
  return out;
}

}  // namespace

namespace {

/// `count` pictures of many colours.
Bytes scenery(const std::string& properties, int count) {
  Encoder encoder(properties);
  encoder.set_caps("BGRx");
  for (int t = 0; t < count; ++t) CHECK(encoder.push_scenery(t, at(40 * t)) == GST_FLOW_OK);
  CHECK(encoder.end());
  return encoder.bytes();
}

}  // namespace

TEST_CASE("every input format becomes the same picture") {
  for (const char* format : {"I420", "YV12", "NV12", "A420", "Y444", "GRAY8", "RGB", "BGR", "RGBx",
                             "BGRx", "RGBA", "BGRA"}) {
    CAPTURE(format);
    Encoder encoder("quality=100");
    encoder.set_caps(format);
    const std::string name = format;
    const bool is_yuv = name == "A420" || name == "I420" || name == "YV12" || name == "NV12" ||
                        name == "Y444" || name == "GRAY8";
    CHECK(encoder.push(is_yuv ? 0xFF7E7E7E : 0xFFC08040, 0) == GST_FLOW_OK);
    CHECK(encoder.push(is_yuv ? 0xFF505050 : 0xFF102030, at(100)) == GST_FLOW_OK);
    CHECK(encoder.end());
    const ShownGif gif = anim::test::read_gif(encoder.bytes());
    REQUIRE(gif.frames.size() == 2);
    const anim::Rgb color = anim::rgb_of(gif.frames[0].canvas[100]);
    if (name == "GRAY8") {
      CHECK(color == anim::Rgb{0x7E, 0x7E, 0x7E});
    } else if (is_yuv) {
      CHECK(std::abs(color.g - 128) <= 1);  // (126 - 16) * 255 / 219
    } else {
      CHECK(color == anim::Rgb{0xC0, 0x80, 0x40});
    }
  }
}

TEST_CASE("alpha is kept, and what disappears disappears") {
  for (const char* format : {"BGRA", "RGBA", "A420"}) {
    CAPTURE(format);
    Encoder encoder;
    encoder.set_caps(format);
    CHECK(encoder.push(0xFF808080, 0) == GST_FLOW_OK);
    CHECK(encoder.push(0x40808080, at(100)) == GST_FLOW_OK);
    CHECK(encoder.push(0xC0808080, at(200)) == GST_FLOW_OK);
    CHECK(encoder.end());
    const ShownGif gif = anim::test::read_gif(encoder.bytes());
    REQUIRE(gif.frames.size() == 3);
    CHECK(anim::alpha_of(gif.frames[0].canvas[5]) == 255);
    CHECK(gif.frames[1].canvas[5] == 0);
    CHECK(anim::alpha_of(gif.frames[2].canvas[5]) == 255);
  }
}

TEST_CASE("a format without alpha is opaque whatever its spare byte says") {
  Encoder encoder;
  encoder.set_caps("BGRx");
  CHECK(encoder.push(0x00123456, 0) == GST_FLOW_OK);
  CHECK(encoder.end());
  CHECK(anim::test::read_gif(encoder.bytes()).frames[0].canvas[0] == 0xFF123456);
}

TEST_CASE("another size in mid-stream is an error that says both") {
  Encoder encoder;
  encoder.set_caps("BGRx");
  CHECK(encoder.push(color_of(0), 0) == GST_FLOW_OK);
  encoder.set_caps("BGRx", 40, 30);
  CHECK(encoder.push(color_of(1), at(100)) == GST_FLOW_ERROR);
  const std::string text = encoder.error();
  CHECK(text.find("40x30") != std::string::npos);
  CHECK(text.find("32x24") != std::string::npos);
}

TEST_CASE("the end without a frame is an error") {
  Encoder encoder;
  encoder.set_caps("BGRx");
  CHECK_FALSE(encoder.end());
  CHECK_FALSE(encoder.error().empty());
}

TEST_CASE("after a flush a new animation starts") {
  Encoder encoder;
  encoder.set_caps("BGRx");
  for (int t = 0; t < 5; ++t) CHECK(encoder.push(color_of(t), at(100 * t)) == GST_FLOW_OK);
  encoder.push_event(gst_event_new_flush_start());
  encoder.push_event(gst_event_new_flush_stop(TRUE));
  encoder.bytes();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  encoder.push_event(gst_event_new_segment(&segment));
  for (int t = 0; t < 3; ++t) CHECK(encoder.push(color_of(t), at(100 * t)) == GST_FLOW_OK);
  CHECK(encoder.end());
  const ShownGif gif = anim::test::read_gif(encoder.bytes());
  CHECK(gif.frames.size() == 3);
  CHECK(anim::test::total_delay(gif) == 30);
}

TEST_CASE("every property makes a readable GIF and has its effect") {
  struct Row {
    const char* properties;
    std::optional<int> loop;
  };
  for (const Row& row :
       {Row{"", 0}, Row{"quality=1", 0}, Row{"quality=100", 0}, Row{"colors=2", 0},
        Row{"colors=256", 0}, Row{"dither=auto", 0}, Row{"dither=none", 0},
        Row{"dither=ordered", 0}, Row{"dither=floyd-steinberg", 0}, Row{"lossy=0", 0},
        Row{"lossy=100", 0}, Row{"animation-loops=1", std::nullopt}, Row{"animation-loops=7", 6},
        Row{"animation-loops=65536", 65535}, Row{"n-threads=1", 0}, Row{"n-threads=16", 0}}) {
    CAPTURE(row.properties);
    const ShownGif gif =
        anim::test::read_gif(made(row.properties, 5, [](int t) { return at(100 * t); }));
    CHECK(gif.loop == row.loop);
    CHECK(gif.frames.size() == 5);
  }
}

TEST_CASE("the bytes do not depend on n-threads") {
  const Bytes one = scenery("n-threads=1", 50);
  CHECK(one == scenery("n-threads=2", 50));
  CHECK(one == scenery("n-threads=5", 50));
}

TEST_CASE("what pictures of many colours become depends on each property that says so") {
  const Bytes usual = scenery("", 20);
  CHECK(usual == scenery("quality=80 colors=256 palette=auto dither=auto lossy=50", 20));
  CHECK(usual == scenery("dither=ordered", 20));  // is what auto takes
  for (const char* properties :
       {"quality=40", "quality=100", "colors=64", "palette=per-frame", "palette=global",
        "dither=none", "dither=floyd-steinberg", "lossy=0", "lossy=100"}) {
    CAPTURE(properties);
    CHECK(scenery(properties, 20) != usual);
  }
}

TEST_CASE("uneven times become the frames' own delays") {
  const std::vector<int> times = {0, 40, 700, 733, 900};
  const ShownGif gif = anim::test::read_gif(made(
      "", 5, [&](int t) { return at(times[static_cast<std::size_t>(t)]); }, at(200)));
  REQUIRE(gif.frames.size() == 5);
  const std::vector<int> delays = {4, 66, 3, 17, 20};
  for (std::size_t t = 0; t < 5; ++t) CHECK(gif.frames[t].delay == delays[t]);
}

TEST_CASE("a hundred frames a second keep their total in frames of two hundredths or more") {
  const ShownGif gif = anim::test::read_gif(made(
      "", 200, [](int t) { return at(10 * t); }, at(10), "100/1"));
  CHECK(anim::test::total_delay(gif) == 200);
  CHECK(gif.frames.size() == 100);
  for (const auto& frame : gif.frames) CHECK(frame.delay >= 2);
}

TEST_CASE("equal frames merge and are counted") {
  Encoder encoder;
  encoder.set_caps("BGRx");
  for (int t = 0; t < 30; ++t) CHECK(encoder.push(color_of(t / 10), at(100 * t)) == GST_FLOW_OK);
  CHECK(encoder.end());
  const Bytes bytes = encoder.bytes();
  CHECK(anim::test::read_gif(bytes).frames.size() == 3);
  const auto element = adopt(encoder.element());
  GstStructure* taken = nullptr;
  g_object_get(element.get(), "stats", &taken, nullptr);
  const auto stats = adopt(taken);
  guint64 in = 0;
  guint64 stored = 0;
  guint64 size = 0;
  guint64 duration = 0;
  gst_structure_get(stats.get(), "frames-in", G_TYPE_UINT64, &in, "frames-stored", G_TYPE_UINT64,
                    &stored, "bytes", G_TYPE_UINT64, &size, "duration", G_TYPE_UINT64, &duration,
                    nullptr);
  CHECK(in == 30);
  CHECK(stored == 3);
  CHECK(size == bytes.size());
  CHECK(duration == 3 * GST_SECOND);
}

TEST_CASE("the element goes through its states and back, with and without data") {
  const auto element = adopt(static_cast<GstElement*>(
      gst_object_ref_sink(gst_element_factory_make("animgifenc", nullptr))));
  for (int round = 0; round < 3; ++round) {
    for (const GstState state : {GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING,
                                 GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_NULL}) {
      CHECK(gst_element_set_state(element.get(), state) != GST_STATE_CHANGE_FAILURE);
    }
  }
  Encoder encoder;
  encoder.set_caps("BGRx");
  for (int t = 0; t < 4; ++t) CHECK(encoder.push(color_of(t), at(100 * t)) == GST_FLOW_OK);
}
