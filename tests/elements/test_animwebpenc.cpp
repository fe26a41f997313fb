// SPDX-License-Identifier: LGPL-2.1-or-later
// animwebpenc in a harness; what it writes is read by libwebp.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/webp_reader.h"

namespace {

using anim::glue::adopt;
using anim::glue::MappedFrame;
using anim::glue::Owned;
using webp_reader::Animation;

constexpr GstClockTime kFrame = 40 * GST_MSECOND;

/// Answers the SEEKING query of the harness's sink pad as a file would.
gboolean seekable_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_SEEKING) return gst_pad_query_default(pad, parent, query);
  gst_query_set_seeking(query, GST_FORMAT_BYTES, TRUE, 0, -1);
  return TRUE;
}

/// The element in a harness, with a bus, and what a file would hold after it.
class Bench {
 public:
  explicit Bench(const char* properties = "", bool seekable = false)
      : element_(adopt(gst_parse_bin_or_element(properties))),
        harness_(gst_harness_new_with_element(element_.get(), "sink", "src")),
        bus_(adopt(gst_bus_new())) {
    gst_element_set_bus(element_.get(), bus_.get());
    if (seekable) gst_pad_set_query_function(harness_->sinkpad, seekable_query);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() {
    gst_element_set_bus(element_.get(), nullptr);
    gst_harness_teardown(harness_);
  }

  GstElement* element() { return element_.get(); }
  GstHarness* harness() { return harness_; }

  void caps(const std::string& text) { gst_harness_set_src_caps_str(harness_, text.c_str()); }
  GstFlowReturn push(GstBuffer* buffer) { return gst_harness_push(harness_, buffer); }
  bool end() { return gst_harness_push_event(harness_, gst_event_new_eos()) != FALSE; }

  /// Follows segments and buffers as filesink does.
  std::vector<std::uint8_t> file() {
    std::vector<std::uint8_t> out;
    std::size_t position = 0;
    while (auto buffer = adopt(gst_harness_try_pull(harness_))) {
      position = GST_BUFFER_OFFSET(buffer.get());
      const gsize size = gst_buffer_get_size(buffer.get());
      out.resize(std::max(out.size(), position + size));
      gst_buffer_extract(buffer.get(), 0, out.data() + position, size);
    }
    return out;
  }
  Animation animation() { return webp_reader::read(file()); }

  std::string message(GstMessageType type) {
    const auto message = adopt(gst_bus_pop_filtered(bus_.get(), type));
    if (!message) return "";
    GError* error = nullptr;
    if (type == GST_MESSAGE_WARNING) {
      gst_message_parse_warning(message.get(), &error, nullptr);
    } else {
      gst_message_parse_error(message.get(), &error, nullptr);
    }
    return adopt(error)->message;
  }

 private:
  static GstElement* gst_parse_bin_or_element(const char* properties) {
    const std::string text = std::string("animwebpenc ") + properties;
    GstElement* element = gst_parse_launch(text.c_str(), nullptr);
    REQUIRE(element != nullptr);
    return static_cast<GstElement*>(gst_object_ref_sink(element));
  }

  Owned<GstElement> element_;
  GstHarness* harness_;
  Owned<GstBus> bus_;
};

/// The components of an ARGB colour in the format and colorimetry of `info`, by the definition.
std::array<double, 4> components(const GstVideoInfo& info, guint32 argb) {
  const double red = (argb >> 16 & 0xFF) / 255.0;
  const double green = (argb >> 8 & 0xFF) / 255.0;
  const double blue = (argb & 0xFF) / 255.0;
  const double alpha = argb >> 24;
  if (GST_VIDEO_INFO_IS_RGB(&info)) return {red * 255, green * 255, blue * 255, alpha};
  double kr = 0;
  double kb = 0;
  REQUIRE(gst_video_color_matrix_get_Kr_Kb(info.colorimetry.matrix, &kr, &kb));
  const bool full = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  const double luma = kr * red + (1 - kr - kb) * green + kb * blue;
  const double chroma = full ? 255 : 224;
  return {full ? 255 * luma : 16 + 219 * luma, 128 + chroma * (blue - luma) / (2 * (1 - kb)),
          128 + chroma * (red - luma) / (2 * (1 - kr)), alpha};
}

/// A frame of `caps_text` in one colour, 0xAARRGGBB in sRGB. Bytes of no component are 0.
GstBuffer* frame_of(const std::string& caps_text, guint32 argb, GstClockTime pts,
                    GstClockTime duration = kFrame) {
  const auto caps = adopt(gst_caps_from_string(caps_text.c_str()));
  GstVideoInfo info;
  REQUIRE(gst_video_info_from_caps(&info, caps.get()));
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr);
  gst_buffer_memset(buffer, 0, 0, GST_VIDEO_INFO_SIZE(&info));
  MappedFrame frame(info, buffer, GST_MAP_WRITE);
  const auto colour = components(info, argb);
  for (guint c = 0; c < GST_VIDEO_INFO_N_COMPONENTS(&info); ++c) {
    auto* data = static_cast<guint8*>(GST_VIDEO_FRAME_COMP_DATA(frame.get(), c));
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(frame.get(), c); ++y) {
      for (int x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH(frame.get(), c); ++x) {
        data[y * GST_VIDEO_FRAME_COMP_STRIDE(frame.get(), c) +
             x * GST_VIDEO_FRAME_COMP_PSTRIDE(frame.get(), c)] =
            static_cast<guint8>(std::clamp(std::lround(colour.at(c)), 0L, 255L));
      }
    }
  }
  GST_BUFFER_PTS(buffer) = pts;
  GST_BUFFER_DURATION(buffer) = duration;
  return buffer;
}

std::string caps_of(const char* format, int width, int height, const char* more = "") {
  return "video/x-raw,format=" + std::string(format) + ",width=" + std::to_string(width) +
         ",height=" + std::to_string(height) + ",framerate=25/1" + more;
}

const std::string kCaps = caps_of("I420", 32, 32);

guint32 colour(int i) {
  return 0xFF000000U | static_cast<guint32>((i * 40 % 256) << 16 | (i * 90 % 256) << 8 | 0x60);
}

void push_colours(Bench& bench, int count) {
  for (int i = 0; i < count; ++i) {
    REQUIRE(bench.push(frame_of(kCaps, colour(i), i * kFrame)) == GST_FLOW_OK);
  }
}

guint64 stat(GstElement* element, const char* name) {
  GstStructure* raw = nullptr;
  g_object_get(element, "stats", &raw, nullptr);
  const auto stats = adopt(raw);
  guint64 value = 0;
  REQUIRE(gst_structure_get_uint64(stats.get(), name, &value));
  return value;
}

}  // namespace

TEST_CASE("a sink that can seek gets a header first and its patches last") {
  Bench bench("", true);
  bench.caps(kCaps);
  push_colours(bench, 1);
  auto header = adopt(gst_harness_try_pull(bench.harness()));
  REQUIRE(header);
  CHECK(GST_BUFFER_FLAG_IS_SET(header.get(), GST_BUFFER_FLAG_HEADER));
  CHECK(gst_buffer_get_size(header.get()) == 44);
  CHECK(GST_BUFFER_PTS(header.get()) == GST_CLOCK_TIME_NONE);
  REQUIRE(bench.push(frame_of(kCaps, colour(1), kFrame)) == GST_FLOW_OK);
  CHECK(bench.end());
  auto last = adopt(gst_harness_try_pull(bench.harness()));
  while (auto next = adopt(gst_harness_try_pull(bench.harness()))) last = std::move(next);
  CHECK(GST_BUFFER_OFFSET(last.get()) == 20);
  const auto segment =
      adopt(gst_pad_get_sticky_event(bench.harness()->sinkpad, GST_EVENT_SEGMENT, 0));
  const GstSegment* now = nullptr;
  gst_event_parse_segment(segment.get(), &now);
  CHECK(now->format == GST_FORMAT_BYTES);
  CHECK(now->start == 20);
}

TEST_CASE("seekable, not seekable and spooled give the same file") {
  std::vector<std::uint8_t> files[3];
  const auto made = [](const char* properties, bool seekable, gsize buffers) {
    Bench bench(properties, seekable);
    bench.caps(kCaps);
    push_colours(bench, 9);
    CHECK(bench.end());
    if (buffers != 0) CHECK(gst_harness_buffers_in_queue(bench.harness()) == buffers);
    return bench.file();
  };
  files[0] = made("", true, 0);
  files[1] = made("", false, 1);
  files[2] = made("spool-dir=/tmp", false, 1);
  CHECK(files[0] == files[1]);
  CHECK(files[0] == files[2]);
  const Animation back = webp_reader::read(files[0]);
  CHECK(back.is_valid);
  CHECK(back.timing() == "40 40 40 40 40 40 40 40 40");
}

TEST_CASE("a sink that cannot seek gets a GAP at the first frame, to preroll with") {
  Bench bench;
  bench.caps(kCaps);
  push_colours(bench, 2);
  CHECK(gst_harness_buffers_in_queue(bench.harness()) == 0);
  std::vector<GstEventType> types;
  while (auto event = adopt(gst_harness_try_pull_event(bench.harness()))) {
    types.push_back(GST_EVENT_TYPE(event.get()));
  }
  CHECK(types ==
        std::vector{GST_EVENT_STREAM_START, GST_EVENT_CAPS, GST_EVENT_SEGMENT, GST_EVENT_GAP});
}

TEST_CASE("a spool folder that is not there is a clear error") {
  Bench bench("spool-dir=/nowhere/at/all");
  bench.caps(kCaps);
  CHECK(bench.push(frame_of(kCaps, colour(0), 0)) == GST_FLOW_ERROR);
  CHECK(bench.message(GST_MESSAGE_ERROR).find("/nowhere/at/all") != std::string::npos);
}

TEST_CASE("a frame lasts until the next one's timestamp, the last its own duration") {
  struct Frame {
    GstClockTime pts, duration;
  };
  constexpr GstClockTime kNone = GST_CLOCK_TIME_NONE;
  constexpr GstClockTime kMs = GST_MSECOND;
  struct Case {
    std::string label;
    std::vector<Frame> frames;
    const char* timing;
  };
  const Case cases[] = {
      {"variable", {{0, 40 * kMs}, {100 * kMs, 1}, {115 * kMs, 300 * kMs}}, "100 15 300"},
      {"does not begin at zero", {{900 * kMs, kNone}, {950 * kMs, 20 * kMs}}, "50 20"},
      {"no last duration", {{0, kNone}, {70 * kMs, kNone}}, "70 70"},
      {"no times at all", {{kNone, kNone}, {kNone, kNone}}, "40 40"},
      {"one frame", {{5 * kMs, 123 * kMs}}, "123"},
      {"one frame without a duration", {{0, kNone}}, "40"},
      {"1/30 s does not drift",
       {{0, kNone}, {33333333, kNone}, {66666667, kNone}, {100 * kMs, 33333333}},
       "33 34 33 33"},
      {"a long one", {{0, kNone}, {20000 * GST_SECOND, 40 * kMs}}, "16777215 3222785 40"},
  };
  for (const Case& row : cases) {
    CAPTURE(row.label);
    Bench bench;
    bench.caps(kCaps);
    int i = 0;
    for (const Frame& frame : row.frames) {
      bench.push(frame_of(kCaps, colour(i++), frame.pts, frame.duration));
    }
    bench.end();
    CHECK(bench.animation().timing() == row.timing);
  }
}

TEST_CASE("caps without a frame rate are taken: the timestamps count") {
  Bench bench;
  bench.caps("video/x-raw,format=I420,width=32,height=32");
  push_colours(bench, 3);
  REQUIRE(bench.end());
  CHECK(bench.animation().timing() == "40 40 40");
}

TEST_CASE("equal frames merge, and a gap holds the last one") {
  Bench bench;
  bench.caps(kCaps);
  for (int i = 0; i < 3; ++i) bench.push(frame_of(kCaps, colour(1), i * kFrame));
  gst_harness_push_event(bench.harness(), gst_event_new_gap(3 * kFrame, 10 * kFrame));
  CHECK(bench.end());
  CHECK(stat(bench.element(), "frames-in") == 3);
  CHECK(stat(bench.element(), "frames-stored") == 1);
  CHECK(stat(bench.element(), "duration") == 13 * kFrame);
  const auto file = bench.file();
  CHECK(stat(bench.element(), "bytes") == file.size());
  CHECK(webp_reader::read(file).timing() == "520");
}

TEST_CASE("the segment cuts frames and sets their time") {
  Bench bench;
  bench.caps(kCaps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = 50 * GST_MSECOND;
  segment.stop = 150 * GST_MSECOND;
  gst_harness_push_event(bench.harness(), gst_event_new_segment(&segment));
  push_colours(bench, 8);
  bench.end();
  // Shown: 50-80, 80-120, 120-150 of the stream.
  CHECK(bench.animation().timing() == "30 40 30");
}

TEST_CASE("a frame of another size is an error with both sizes") {
  Bench bench;
  bench.caps(kCaps);
  push_colours(bench, 2);
  const std::string other = caps_of("I420", 48, 32);
  bench.caps(other);
  CHECK(bench.push(frame_of(other, colour(1), 2 * kFrame)) == GST_FLOW_ERROR);
  const std::string words = bench.message(GST_MESSAGE_ERROR);
  CHECK(words.find("48x32") != std::string::npos);
  CHECK(words.find("32x32") != std::string::npos);
  CHECK_FALSE(bench.end());
  CHECK(bench.message(GST_MESSAGE_ERROR).empty());
}

TEST_CASE("another format of the same size goes on") {
  Bench bench;
  bench.caps(kCaps);
  push_colours(bench, 1);
  const std::string other = caps_of("RGBA", 32, 32);
  bench.caps(other);
  CHECK(bench.push(frame_of(other, 0x8000FF00, kFrame)) == GST_FLOW_OK);
  CHECK(bench.end());
  const Animation back = bench.animation();
  REQUIRE(back.frames.size() == 2);
  CHECK(back.pixel(1, 9, 9)[3] == 0x80);
}

TEST_CASE("the end without any frame is an error") {
  Bench bench;
  bench.caps(kCaps);
  CHECK_FALSE(bench.end());
  CHECK(bench.message(GST_MESSAGE_ERROR).find("before any frame") != std::string::npos);
}

TEST_CASE("a picture larger than the format holds is an error with the limit") {
  Bench bench;
  bench.caps(caps_of("I420", 16384, 16));
  CHECK(bench.message(GST_MESSAGE_ERROR).find("16383") != std::string::npos);
}

TEST_CASE("a stream without times is an error with a hint") {
  Bench bench;
  bench.caps(kCaps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_BYTES);
  gst_harness_push_event(bench.harness(), gst_event_new_segment(&segment));
  CHECK(bench.message(GST_MESSAGE_ERROR).find("format=time") != std::string::npos);
}

TEST_CASE("pixels that are not square get a warning") {
  Bench bench;
  bench.caps(caps_of("I420", 32, 32, ",pixel-aspect-ratio=64/45"));
  CHECK(bench.message(GST_MESSAGE_WARNING).find("64:45") != std::string::npos);
}

TEST_CASE("a flush begins a new animation") {
  Bench bench;
  bench.caps(kCaps);
  push_colours(bench, 5);
  gst_harness_push_event(bench.harness(), gst_event_new_flush_start());
  gst_harness_push_event(bench.harness(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench.harness(), gst_event_new_segment(&segment));
  push_colours(bench, 2);
  CHECK(bench.end());
  CHECK(bench.animation().timing() == "40 40");
}

TEST_CASE("tags follow the caps") {
  Bench bench;
  gst_harness_push_event(bench.harness(),
                         gst_event_new_tag(gst_tag_list_new(GST_TAG_TITLE, "A title", nullptr)));
  bench.caps(kCaps);
  push_colours(bench, 1);
  std::string order;
  while (auto event = adopt(gst_harness_try_pull_event(bench.harness()))) {
    order += std::string(GST_EVENT_TYPE_NAME(event.get())) + " ";
  }
  CHECK(order.find("caps tag") != std::string::npos);
}

TEST_CASE("colours of every format and colorimetry come back") {
  struct Case {
    std::string format;
    std::string more;
  };
  const Case cases[] = {
      {"I420", ",colorimetry=bt601"},
      {"I420", ",colorimetry=bt709"},
      {"I420", ",colorimetry=(string)1:4:5:4"},  // full range
      {"I420", ",colorimetry=(string)1:3:5:1"},  // BT.709 in full range
      {"I420", ",colorimetry=bt2020"},
      {"YV12", ",colorimetry=bt709"},
      {"YV12", ",colorimetry=bt601"},
      {"NV12", ",colorimetry=bt709"},
      {"A420", ",colorimetry=bt601"},
      {"A420", ",colorimetry=bt709"},
      {"Y444", ",colorimetry=bt709"},
      {"RGB", ""},
      {"BGR", ""},
      {"RGBx", ""},
      {"BGRx", ""},
      {"RGBA", ""},
      {"BGRA", ""},
  };
  for (const std::string properties : {"quality=100", "lossless=true"}) {
    for (const Case& row : cases) {
      CAPTURE(properties);
      CAPTURE(row.format);
      CAPTURE(row.more);
      Bench bench(properties.c_str());
      const std::string caps = caps_of(row.format.c_str(), 33, 17, row.more.c_str());
      bench.caps(caps);
      REQUIRE(bench.push(frame_of(caps, 0xFFB43C78, 0)) == GST_FLOW_OK);
      bench.end();
      const Animation back = bench.animation();
      REQUIRE(back.is_valid);
      for (const int at : {0, 16, 32}) {
        const std::uint8_t* rgba = back.pixel(0, at, at / 2);
        CHECK(std::abs(rgba[0] - 0xB4) <= 3);
        CHECK(std::abs(rgba[1] - 0x3C) <= 3);
        CHECK(std::abs(rgba[2] - 0x78) <= 3);
        CHECK(rgba[3] == 255);
      }
    }
  }
}

TEST_CASE("grey of either range comes back") {
  for (const std::string more : {"", ",colorimetry=(string)2:4:0:0"}) {
    CAPTURE(more);
    Bench bench("quality=100");
    const std::string caps = caps_of("GRAY8", 20, 20, more.c_str());
    bench.caps(caps);
    bench.push(frame_of(caps, 0xFFA0A0A0, 0));
    bench.end();
    const Animation back = bench.animation();
    REQUIRE(back.is_valid);
    for (int c = 0; c < 3; ++c) CHECK(std::abs(back.pixel(0, 3, 3)[c] - 0xA0) <= 3);
  }
}

TEST_CASE("alpha is kept") {
  for (const std::string format : {"A420", "RGBA", "BGRA"}) {
    for (const std::string properties : {"quality=100", "lossless=true"}) {
      CAPTURE(format);
      CAPTURE(properties);
      Bench bench(properties.c_str());
      const std::string caps = caps_of(format.c_str(), 21, 19, ",colorimetry=sRGB");
      const std::string yuv = caps_of(format.c_str(), 21, 19, ",colorimetry=bt601");
      const std::string& given = format == "A420" ? yuv : caps;
      bench.caps(given);
      bench.push(frame_of(given, 0x55B43C78, 0));
      bench.end();
      const Animation back = bench.animation();
      CHECK(back.has_alpha);
      CHECK(back.pixel(0, 20, 18)[3] == 0x55);
      CHECK(std::abs(back.pixel(0, 20, 18)[0] - 0xB4) <= 3);
    }
  }
}

TEST_CASE("the smallest and the widest picture") {
  for (const int width : {1, 16383}) {
    Bench bench("speed=0");
    const std::string caps = caps_of("I420", width, 1);
    bench.caps(caps);
    bench.push(frame_of(caps, 0xFF3C78B4, 0));
    CHECK(bench.end());
    CHECK(bench.animation().width == width);
  }
}

TEST_CASE("the bytes do not depend on n-threads") {
  const auto made = [](const char* properties) {
    Bench bench(properties);
    bench.caps(kCaps);
    push_colours(bench, 20);
    bench.end();
    return bench.file();
  };
  const auto one = made("n-threads=1");
  CHECK(one == made("n-threads=2"));
  CHECK(one == made("n-threads=5"));
  CHECK(one == made("n-threads=0"));
}

TEST_CASE("every property is set, read and used") {
  Bench bench(
      "quality=50 speed=1 content=screen near-lossless=60 lossless=true preset=drawing "
      "animation-loops=4 "
      "animation-background-color=0x80FF0000 n-threads=2 spool-dir=/tmp");
  gfloat quality = 0;
  gint preset = 0;
  gint content = 0;
  guint speed = 0;
  guint loops = 0;
  guint background = 0;
  guint threads = 0;
  gint near_lossless = 0;
  gboolean lossless = FALSE;
  gchar* folder = nullptr;
  g_object_get(bench.element(), "quality", &quality, "speed", &speed, "content", &content,
               "near-lossless", &near_lossless, "lossless", &lossless, "preset", &preset,
               "animation-loops", &loops, "animation-background-color", &background, "n-threads",
               &threads, "spool-dir", &folder, nullptr);
  CHECK(quality == 50.0F);
  CHECK(speed == 1);
  CHECK(near_lossless == 60);
  CHECK(lossless);
  CHECK(preset == 3);
  CHECK(content == 2);
  CHECK(loops == 4);
  CHECK(background == 0x80FF0000);
  CHECK(threads == 2);
  CHECK(std::string(adopt(folder).get()) == "/tmp");
  bench.caps(kCaps);
  push_colours(bench, 2);
  bench.end();
  const Animation back = bench.animation();
  CHECK(back.plays == 4);
  CHECK(back.background == 0x80FF0000);
}

TEST_CASE("content says how frames are coded") {
  // Chessboards of one pixel in two colours, which halved chroma cannot show.
  const auto pushed = [](Bench& bench) {
    const std::string caps = caps_of("RGB", 64, 64);
    bench.caps(caps);
    GstBuffer* buffer = frame_of(caps, 0xFFF92672, 0);
    GstMapInfo map;
    REQUIRE(gst_buffer_map(buffer, &map, GST_MAP_WRITE));
    for (int i = 0; i < 16 * 16; ++i) {
      if ((i / 16 + i) % 2 == 0) map.data[i / 16 * 192 + i % 16 * 3] = 0x20;
    }
    gst_buffer_unmap(buffer, &map);
    REQUIRE(bench.push(buffer) == GST_FLOW_OK);
    bench.end();
    return bench.animation();
  };
  const auto red = [](const Animation& shown, int x) { return int{shown.pixel(0, x, 0)[0]}; };
  for (const char* properties : {"", "content=screen", "content=auto quality=0"}) {
    CAPTURE(properties);
    Bench bench(properties);
    const Animation shown = pushed(bench);
    CHECK(red(shown, 0) == 0x20);
    CHECK(red(shown, 1) == 0xF9);
  }
  Bench bench("content=photo");
  CHECK(std::abs(red(pushed(bench), 1) - 0xF9) > 8);
}

TEST_CASE("it goes through all states again and again, with and without data") {
  Bench bench;
  for (int round = 0; round < 3; ++round) {
    bench.caps(kCaps);
    push_colours(bench, round);
    gst_element_set_state(bench.element(), GST_STATE_NULL);
    gst_element_set_state(bench.element(), GST_STATE_PLAYING);
  }
  CHECK(gst_element_get_state(bench.element(), nullptr, nullptr, 0) == GST_STATE_CHANGE_SUCCESS);
}

TEST_CASE("it offers presets") {
  Bench bench;
  CHECK(GST_IS_PRESET(bench.element()));
}
