// SPDX-License-Identifier: LGPL-2.1-or-later
// fitscale: sizes, negotiation, tags, properties, passthrough; pixels against what a picture means.
#include <array>
#include <cstdlib>
#include <string>
#include <utility>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"

namespace {

using anim::glue::adopt;
using anim::glue::MappedFrame;
using anim::glue::Owned;

/// Caps at the end of `options` become a capsfilter: a bin cannot end in plain caps.
std::string launch_line(const std::string& options) {
  const auto caps = options.find("! ");
  if (caps == std::string::npos) return "fitscale name=f " + options;
  return "fitscale name=f " + options.substr(0, caps) + "! capsfilter caps=\"" +
         options.substr(caps + 2) + "\"";
}

/// A harness round one fitscale made from a launch line.
class Scaler {
 public:
  explicit Scaler(const std::string& options)
      : harness_(gst_harness_new_parse(launch_line(options).c_str())) {
    bus_ = gst_bus_new();
    gst_element_set_bus(element(), bus_);
  }
  Scaler(const Scaler&) = delete;
  Scaler& operator=(const Scaler&) = delete;
  ~Scaler() {
    gst_element_set_bus(element(), nullptr);
    gst_object_unref(bus_);
    gst_harness_teardown(harness_);
  }

  [[nodiscard]] GstHarness* get() const { return harness_; }
  [[nodiscard]] GstElement* element() const { return harness_->element; }
  [[nodiscard]] Owned<GstElement> fitscale() const {
    if (!GST_IS_BIN(element())) return anim::glue::share(element());
    return adopt(gst_bin_get_by_name(GST_BIN(element()), "f"));
  }

  void set_caps(const std::string& caps) {
    gst_harness_set_src_caps_str(harness_, caps.c_str());
    caps_ = adopt(gst_caps_from_string(caps.c_str()));
  }

  /// A frame of the input caps, every byte `level` or as `paint` says.
  template <class Paint>
  GstFlowReturn push(Paint paint) {
    GstVideoInfo info;
    REQUIRE(gst_video_info_from_caps(&info, caps_.get()));
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, info.size, nullptr);
    gst_buffer_memset(buffer, 0, 128, info.size);
    {
      MappedFrame frame(info, buffer, GST_MAP_WRITE);
      paint(frame.get());
    }
    GST_BUFFER_PTS(buffer) = 0;
    GST_BUFFER_DURATION(buffer) = GST_SECOND;
    return gst_harness_push(harness_, buffer);
  }
  GstFlowReturn push() {
    return push([](GstVideoFrame*) {});
  }

  void push_tag(const char* orientation, GstTagScope scope = GST_TAG_SCOPE_STREAM) {
    GstTagList* tags = gst_tag_list_new_empty();
    gst_tag_list_set_scope(tags, scope);
    gst_tag_list_add(tags, GST_TAG_MERGE_APPEND, GST_TAG_ENCODER, "test", nullptr);
    if (orientation != nullptr) {
      gst_tag_list_add(tags, GST_TAG_MERGE_APPEND, GST_TAG_IMAGE_ORIENTATION, orientation, nullptr);
    }
    REQUIRE(gst_harness_push_event(harness_, gst_event_new_tag(tags)));
  }

  [[nodiscard]] GstVideoInfo output() const {
    const auto caps = adopt(gst_pad_get_current_caps(harness_->sinkpad));
    GstVideoInfo info;
    gst_video_info_init(&info);
    if (caps) gst_video_info_from_caps(&info, caps.get());
    return info;
  }
  [[nodiscard]] std::string output_size() const {
    const GstVideoInfo info = output();
    return std::to_string(info.width) + "x" + std::to_string(info.height);
  }

  [[nodiscard]] std::string error() const { return pop(GST_MESSAGE_ERROR); }
  [[nodiscard]] std::string warning() const { return pop(GST_MESSAGE_WARNING); }

 private:
  [[nodiscard]] std::string pop(GstMessageType type) const {
    const auto message = adopt(gst_bus_pop_filtered(bus_, type));
    if (!message) return {};
    GError* error = nullptr;
    if (type == GST_MESSAGE_ERROR) gst_message_parse_error(message.get(), &error, nullptr);
    if (type == GST_MESSAGE_WARNING) gst_message_parse_warning(message.get(), &error, nullptr);
    const auto owned = adopt(error);
    return error->message;
  }

  GstHarness* harness_;
  GstBus* bus_;
  Owned<GstCaps> caps_;
};

std::string raw(const std::string& format, int width, int height, const std::string& more = {}) {
  return "video/x-raw,format=" + format + ",width=" + std::to_string(width) +
         ",height=" + std::to_string(height) + ",framerate=25/1" + (more.empty() ? "" : "," + more);
}

/// The three bytes of a packed pixel.
std::array<int, 3> pixel(const GstVideoFrame* frame, int x, int y) {
  std::array<int, 3> out{};
  for (guint c = 0; c < 3; ++c) {
    const auto* data = static_cast<const guint8*>(GST_VIDEO_FRAME_COMP_DATA(frame, c));
    out.at(c) = data[y * GST_VIDEO_FRAME_COMP_STRIDE(frame, c) +
                     x * GST_VIDEO_FRAME_COMP_PSTRIDE(frame, c)];
  }
  return out;
}

void set_pixel(GstVideoFrame* frame, int x, int y, std::array<int, 3> value) {
  for (guint c = 0; c < 3; ++c) {
    auto* data = static_cast<guint8*>(GST_VIDEO_FRAME_COMP_DATA(frame, c));
    data[y * GST_VIDEO_FRAME_COMP_STRIDE(frame, c) + x * GST_VIDEO_FRAME_COMP_PSTRIDE(frame, c)] =
        static_cast<guint8>(value.at(c));
  }
}

/// Red, green / blue, white quarters.
void paint_quarters(GstVideoFrame* frame) {
  const int width = GST_VIDEO_FRAME_WIDTH(frame);
  const int height = GST_VIDEO_FRAME_HEIGHT(frame);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool right = x >= width / 2;
      const bool low = y >= height / 2;
      const int blue = low ? 255 : 0;
      set_pixel(frame, x, y, {right == low ? 255 : 0, right ? 255 : 0, blue});
    }
  }
}

char name_of(std::array<int, 3> colour) {
  const auto near = [&](int r, int g, int b) {
    return std::abs(colour[0] - r) < 40 && std::abs(colour[1] - g) < 40 &&
           std::abs(colour[2] - b) < 40;
  };
  if (near(255, 0, 0)) return 'r';
  if (near(0, 255, 0)) return 'g';
  if (near(0, 0, 255)) return 'b';
  if (near(255, 255, 255)) return 'w';
  if (near(0, 0, 0)) return 'k';
  return '?';
}

/// The colours of the four quarters: top left, top right, bottom left, bottom right.
std::string quarters(const GstVideoInfo& info, GstBuffer* buffer) {
  MappedFrame frame(info, buffer, GST_MAP_READ);
  const int x = info.width / 4;
  const int y = info.height / 4;
  std::string out;
  for (const int row : {y, info.height - 1 - y}) {
    for (const int column : {x, info.width - 1 - x})
      out += name_of(pixel(frame.get(), column, row));
  }
  return out;
}

}  // namespace

TEST_CASE("sizes follow the rules for sides, shapes and pixel aspects") {
  struct Row {
    const char* options;
    std::string input;
    const char* size;
  };
  const Row rows[] = {
      {"", raw("I420", 320, 240), "320x240"},
      {"width=0.5 height=0.5", raw("I420", 321, 239), "161x120"},
      {"width=0.5 height=0.5", raw("I420", 720, 576, "pixel-aspect-ratio=64/45"), "512x288"},
      {"", raw("I420", 720, 480, "pixel-aspect-ratio=8/9"), "720x540"},
      {"width=100 height=-1", raw("I420", 720, 576, "pixel-aspect-ratio=64/45"), "100x56"},
      {"width=-1 height=100", raw("RGB", 300, 200), "150x100"},
      {"width=100", raw("RGB", 300, 200), "100x200"},
      {"width=100 height=100 scale-type=stretch", raw("NV12", 320, 240), "100x100"},
      {"width=100 height=100 scale-type=crop", raw("NV12", 320, 240), "100x100"},
      {"width=100 height=100 scale-type=fill", raw("NV12", 320, 240), "100x100"},
      {"width=100 height=100 scale-type=fit", raw("NV12", 320, 240), "100x75"},
      {"width=99 height=99 scale-type=fit", raw("I420", 321, 241), "99x74"},
      {"width=640 height=640 scale-type=fit enlarge=false", raw("I420", 320, 240), "320x240"},
      {"width=640 height=480 enlarge=false", raw("I420", 320, 240), "320x240"},
      {"width=0.001 height=0.001", raw("I420", 16, 16), "1x1"},
      {"width=9 height=7", raw("I420", 1, 1), "9x7"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.options);
    CAPTURE(row.input);
    Scaler scaler(row.options);
    scaler.set_caps(row.input);
    REQUIRE(scaler.push() == GST_FLOW_OK);
    CHECK(scaler.output_size() == row.size);
    const GstVideoInfo info = scaler.output();
    CHECK(info.par_n == info.par_d);
    const auto buffer = adopt(gst_harness_pull(scaler.get()));
    CHECK(gst_buffer_get_size(buffer.get()) >= info.size);
    CHECK(GST_BUFFER_PTS(buffer.get()) == 0);
  }
}

TEST_CASE("a tag turns the picture, and sizes mean the upright one") {
  struct Row {
    const char* tag;
    const char* quarters;
    const char* size;
  };
  const Row rows[] = {{"rotate-0", "rgbw", "24x16"},        {"rotate-90", "brwg", "16x24"},
                      {"rotate-180", "wbgr", "24x16"},      {"rotate-270", "gwrb", "16x24"},
                      {"flip-rotate-0", "grwb", "24x16"},   {"flip-rotate-90", "wgbr", "16x24"},
                      {"flip-rotate-180", "bwrg", "24x16"}, {"flip-rotate-270", "rbgw", "16x24"}};
  for (const char* format : {"RGB", "BGRx", "RGBA", "GBR"}) {
    for (const Row& row : rows) {
      CAPTURE(format);
      CAPTURE(row.tag);
      Scaler scaler("width=0.5 height=0.5");
      scaler.set_caps(raw(format, 48, 32));
      scaler.push_tag(row.tag);
      REQUIRE(scaler.push([&](GstVideoFrame* frame) {
        paint_quarters(frame);
        if (std::string(format) != "RGBA") return;
        auto* data = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(frame, 0));
        for (int i = 3; i < 48 * 32 * 4; i += 4) data[i] = 255;
      }) == GST_FLOW_OK);
      CHECK(scaler.output_size() == row.size);
      const auto buffer = adopt(gst_harness_pull(scaler.get()));
      CHECK(quarters(scaler.output(), buffer.get()) == row.quarters);
    }
  }
}

TEST_CASE("every subsampling turns at odd sizes") {
  for (const char* format : {"I420", "NV12", "Y42B", "YUY2", "Y444", "I420_10LE", "P010_10LE",
                             "GRAY8", "AYUV", "v210"}) {
    CAPTURE(format);
    Scaler scaler("! video/x-raw,format=RGB");
    scaler.set_caps(raw(format, 33, 17, "colorimetry=bt601"));
    scaler.push_tag("rotate-90");
    CHECK(scaler.push() == GST_FLOW_OK);
    CHECK(scaler.output_size() == "17x33");
    const auto buffer = adopt(gst_harness_pull(scaler.get()));
    CHECK(buffer);
  }
}

TEST_CASE("the stream's tag beats the container's, and tags without orientation change nothing") {
  Scaler scaler("");
  scaler.set_caps(raw("I420", 48, 32));
  scaler.push_tag("rotate-90");
  scaler.push_tag(nullptr);
  scaler.push_tag(nullptr, GST_TAG_SCOPE_GLOBAL);
  scaler.push_tag("rotate-0", GST_TAG_SCOPE_GLOBAL);
  CHECK(scaler.push() == GST_FLOW_OK);
  CHECK(scaler.output_size() == "32x48");
}

TEST_CASE("a container's tag alone counts too") {
  Scaler scaler("");
  scaler.set_caps(raw("I420", 48, 32));
  scaler.push_tag("rotate-270", GST_TAG_SCOPE_GLOBAL);
  CHECK(scaler.push() == GST_FLOW_OK);
  CHECK(scaler.output_size() == "32x48");
}

TEST_CASE("downstream is told that pictures are upright") {
  for (const bool orients : {true, false}) {
    CAPTURE(orients);
    Scaler scaler(orients ? "" : "auto-orient=false");
    scaler.set_caps(raw("I420", 48, 32));
    scaler.push_tag("rotate-90");
    CHECK(scaler.push() == GST_FLOW_OK);
    CHECK(scaler.output_size() == (orients ? "32x48" : "48x32"));
    std::string seen;
    while (auto event = adopt(gst_harness_try_pull_event(scaler.get()))) {
      if (GST_EVENT_TYPE(event.get()) != GST_EVENT_TAG) continue;
      GstTagList* tags = nullptr;
      gst_event_parse_tag(event.get(), &tags);
      gchar* text = nullptr;
      CHECK(gst_tag_list_get_tag_size(tags, GST_TAG_ENCODER) == 1);
      if (gst_tag_list_get_string(tags, GST_TAG_IMAGE_ORIENTATION, &text)) seen = text;
      g_free(text);
    }
    CHECK(seen == (orients ? "rotate-0" : "rotate-90"));
  }
}

TEST_CASE("a rotation by 180 degrees is taken up although the caps stay") {
  Scaler scaler("");
  scaler.set_caps(raw("RGB", 24, 16));
  REQUIRE(scaler.push(paint_quarters) == GST_FLOW_OK);
  CHECK(quarters(scaler.output(), adopt(gst_harness_pull(scaler.get())).get()) == "rgbw");
  scaler.push_tag("rotate-180");
  REQUIRE(scaler.push(paint_quarters) == GST_FLOW_OK);
  CHECK(quarters(scaler.output(), adopt(gst_harness_pull(scaler.get())).get()) == "wbgr");
}

TEST_CASE("crop takes the centre, fill adds bars of the background") {
  Scaler crop("width=16 height=32 scale-type=crop");
  crop.set_caps(raw("RGB", 64, 32));
  // Red, white and blue columns: the middle quarter is white.
  const auto paint = [](GstVideoFrame* frame) {
    for (int y = 0; y < 32; ++y) {
      for (int x = 0; x < 64; ++x) {
        const std::array<int, 3> side =
            x < 32 ? std::array<int, 3>{255, 0, 0} : std::array<int, 3>{0, 0, 255};
        set_pixel(frame, x, y, x >= 20 && x < 44 ? std::array<int, 3>{255, 255, 255} : side);
      }
    }
  };
  REQUIRE(crop.push(paint) == GST_FLOW_OK);
  CHECK(quarters(crop.output(), adopt(gst_harness_pull(crop.get())).get()) == "wwww");

  Scaler fill("width=64 height=64 scale-type=fill background=0xff00ff00");
  fill.set_caps(raw("RGB", 64, 32));
  REQUIRE(fill.push(paint) == GST_FLOW_OK);
  const auto buffer = adopt(gst_harness_pull(fill.get()));
  MappedFrame frame(fill.output(), buffer.get(), GST_MAP_READ);
  for (const int y : {0, 15, 48, 63}) CHECK(name_of(pixel(frame.get(), 5, y)) == 'g');
  for (const int y : {16, 47}) {
    CHECK(name_of(pixel(frame.get(), 5, y)) == 'r');
    CHECK(name_of(pixel(frame.get(), 60, y)) == 'b');
  }
}

TEST_CASE("bars are the background's colour in YUV, and transparent where they may be") {
  Scaler yuv("width=64 height=64 scale-type=fill");
  yuv.set_caps(raw("I420", 64, 20, "colorimetry=bt709"));
  REQUIRE(yuv.push([](GstVideoFrame*) {}) == GST_FLOW_OK);
  {
    const auto buffer = adopt(gst_harness_pull(yuv.get()));
    MappedFrame frame(yuv.output(), buffer.get(), GST_MAP_READ);
    const auto* luma = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(frame.get(), 0));
    const auto* chroma = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(frame.get(), 1));
    CHECK(luma[0] == 16);
    CHECK(luma[32 * GST_VIDEO_FRAME_PLANE_STRIDE(frame.get(), 0)] == 128);
    CHECK(chroma[0] == 128);
  }
  Scaler alpha("width=64 height=64 scale-type=fill background=0");
  alpha.set_caps(raw("RGBA", 64, 20));
  REQUIRE(alpha.push() == GST_FLOW_OK);
  const auto buffer = adopt(gst_harness_pull(alpha.get()));
  MappedFrame frame(alpha.output(), buffer.get(), GST_MAP_READ);
  CHECK(static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(frame.get(), 0))[3] == 0);
}

TEST_CASE("the format that loses least is taken of those downstream accepts") {
  struct Row {
    const char* input;
    const char* accepted;
    const char* taken;
  };
  const Row rows[] = {
      {"I420", "{ RGB, NV12, I420 }", "I420"},
      {"I420_10LE", "{ RGB, I420, P010_10LE }", "P010_10LE"},
      {"I420_10LE", "{ RGB, I420 }", "I420"},
      {"Y444", "{ I420, RGB }", "RGB"},
      {"A420", "{ I420, RGB, BGRA }", "BGRA"},
      {"BGRA", "{ I420, A420, RGB, RGBA }", "RGBA"},
      {"YUY2", "{ I420, Y42B }", "Y42B"},
      {"GRAY8", "{ RGB, I420 }", "I420"},
      {"NV12", "{ RGB, BGRA }", "RGB"},
      {"v210", "{ I420, Y42B }", "Y42B"},
      {"RGB8P", "{ I420, RGB, BGRA }", "BGRA"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.input);
    CAPTURE(row.accepted);
    Scaler scaler(std::string("width=0.5 height=0.5 ! video/x-raw,format=") + row.accepted);
    scaler.set_caps(raw(row.input, 64, 48));
    CHECK(scaler.push() == GST_FLOW_OK);
    const GstVideoInfo info = scaler.output();
    CHECK(std::string(GST_VIDEO_INFO_NAME(&info)) == row.taken);
  }
}

TEST_CASE("every format goes in and comes out") {
  // Grey of half the height: whatever the path, grey stays grey.
  guint count = 0;
  const GstVideoFormat* formats = gst_video_formats_raw(&count);
  for (guint i = 0; i < count; ++i) {
    const GstVideoFormat format = formats[i];
    const GstVideoFormatInfo* info = gst_video_format_get_info(format);
    const char* name = gst_video_format_to_string(format);
    CAPTURE(name);
    Scaler in("width=21 height=13 ! video/x-raw,format=RGB");
    in.set_caps(raw(name, 50, 38));
    CHECK(in.push() == GST_FLOW_OK);
    CHECK(in.output_size() == "21x13");
    if (GST_VIDEO_FORMAT_INFO_HAS_PALETTE(info)) continue;
    Scaler out(std::string("width=21 height=13 ! video/x-raw,format=") + name);
    out.set_caps(raw("RGB", 50, 38));
    CHECK(out.push() == GST_FLOW_OK);
    CHECK(out.output_size() == "21x13");
  }
}

TEST_CASE("colours and chroma positions are stated, at every size") {
  struct Row {
    std::string input;
    const char* options;
    const char* colorimetry;
    GstVideoChromaSite site;
  };
  const Row rows[] = {
      {raw("I420", 1920, 1080), "width=320 height=180", "bt709", GST_VIDEO_CHROMA_SITE_MPEG2},
      {raw("I420", 320, 180), "width=1920 height=1080", "bt601", GST_VIDEO_CHROMA_SITE_JPEG},
      {raw("I420", 320, 180, "colorimetry=1:4:0:0"), "width=0.5 height=0.5", "1:4:0:0",
       GST_VIDEO_CHROMA_SITE_JPEG},
      {raw("I420", 320, 180, "colorimetry=bt709,chroma-site=mpeg2"),
       "width=0.5 height=0.5 ! video/x-raw,colorimetry=bt601,chroma-site=jpeg", "bt601",
       GST_VIDEO_CHROMA_SITE_JPEG},
      {raw("RGB", 320, 180), "! video/x-raw,format=RGBA", "sRGB", GST_VIDEO_CHROMA_SITE_UNKNOWN},
      {raw("RGB", 320, 180), "! video/x-raw,format=I420", "2:3:7:1", GST_VIDEO_CHROMA_SITE_JPEG},
  };
  for (const Row& row : rows) {
    CAPTURE(row.input);
    CAPTURE(row.options);
    Scaler scaler(row.options);
    scaler.set_caps(row.input);
    CHECK(scaler.push() == GST_FLOW_OK);
    const auto caps = adopt(gst_pad_get_current_caps(scaler.get()->sinkpad));
    REQUIRE(caps);
    const GstStructure* structure = gst_caps_get_structure(caps.get(), 0);
    REQUIRE(gst_structure_has_field(structure, "colorimetry"));
    CHECK(std::string(gst_structure_get_string(structure, "colorimetry")) == row.colorimetry);
    if (row.site != GST_VIDEO_CHROMA_SITE_UNKNOWN) {
      REQUIRE(gst_structure_has_field(structure, "chroma-site"));
      CHECK(scaler.output().chroma_site == row.site);
    }
  }
}

TEST_CASE("HDR comes out as 8 bits of BT.709 without its metadata, unless told not to") {
  const std::string hdr =
      raw("P010_10LE", 64, 48, "colorimetry=bt2100-pq,content-light-level=(string)1000:400");
  Scaler mapped("");
  mapped.set_caps(hdr);
  CHECK(mapped.push() == GST_FLOW_OK);
  const auto caps = adopt(gst_pad_get_current_caps(mapped.get()->sinkpad));
  const GstStructure* structure = gst_caps_get_structure(caps.get(), 0);
  CHECK(std::string(gst_structure_get_string(structure, "colorimetry")) == "bt709");
  CHECK(std::string(gst_structure_get_string(structure, "format")) == "I420");
  CHECK_FALSE(gst_structure_has_field(structure, "content-light-level"));

  Scaler kept("tone-map=off width=0.5 height=0.5");
  kept.set_caps(hdr);
  CHECK(kept.push() == GST_FLOW_OK);
  CHECK(kept.output().colorimetry.transfer == GST_VIDEO_TRANSFER_SMPTE2084);
}

TEST_CASE("a frame that needs nothing passes untouched") {
  Scaler scaler("");
  scaler.set_caps(raw("I420", 64, 48));
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, 64 * 48 * 3 / 2, nullptr);
  GST_BUFFER_PTS(buffer) = 0;
  CHECK(gst_harness_push(scaler.get(), buffer) == GST_FLOW_OK);
  const auto out = adopt(gst_harness_pull(scaler.get()));
  CHECK(out.get() == buffer);
}

TEST_CASE("the output's size stays when the input's changes in mid-stream") {
  for (const char* type : {"stretch", "crop", "fill", "fit"}) {
    CAPTURE(type);
    Scaler scaler(std::string("width=0.5 height=0.5 scale-type=") + type);
    scaler.set_caps(raw("I420", 320, 240, "chroma-site=mpeg2"));
    CHECK(scaler.push() == GST_FLOW_OK);
    CHECK(scaler.output_size() == "160x120");
    scaler.set_caps(raw("NV12", 640, 200, "colorimetry=bt709"));
    CHECK(scaler.push() == GST_FLOW_OK);
    CHECK(scaler.output_size() == "160x120");
    const GstVideoInfo info = scaler.output();
    CHECK(GST_VIDEO_INFO_FORMAT(&info) == GST_VIDEO_FORMAT_I420);
  }
}

TEST_CASE("a property that changes while frames flow counts from the next frame on") {
  Scaler scaler("width=0.5 height=0.5");
  scaler.set_caps(raw("RGB", 64, 48));
  CHECK(scaler.push() == GST_FLOW_OK);
  CHECK(scaler.output_size() == "32x24");
  g_object_set(scaler.fitscale().get(), "width", 20.0, "height", -1.0, nullptr);
  CHECK(scaler.push() == GST_FLOW_OK);
  CHECK(scaler.output_size() == "20x15");
}

TEST_CASE("sides left at 0 take what the caps after the element fix") {
  Scaler width("! video/x-raw,width=100");
  width.set_caps(raw("I420", 320, 240));
  CHECK(width.push() == GST_FLOW_OK);
  CHECK(width.output_size() == "100x75");
  Scaler both("! video/x-raw,width=100,height=30");
  both.set_caps(raw("I420", 320, 240));
  CHECK(both.push() == GST_FLOW_OK);
  CHECK(both.output_size() == "100x30");
}

TEST_CASE("a size that cannot be is refused with a sentence") {
  Scaler large("width=65535 height=65535");
  large.set_caps(raw("I420", 32, 32));
  CHECK(large.push() == GST_FLOW_NOT_NEGOTIATED);
  CHECK(large.error().find("65535 x 65535") != std::string::npos);
  Scaler contrary("width=100 height=100 ! video/x-raw,width=50");
  contrary.set_caps(raw("I420", 32, 32));
  CHECK(contrary.push() == GST_FLOW_NOT_NEGOTIATED);
  CHECK(contrary.error().find("100 x 100") != std::string::npos);
}

TEST_CASE("extreme shapes go through") {
  struct Row {
    int width;
    int height;
    const char* options;
    const char* size;
  };
  for (const Row& row : {Row{65535, 1, "width=100 height=100 scale-type=fit", "100x1"},
                         Row{1, 65535, "width=100 height=100 scale-type=fill", "100x100"},
                         Row{16383, 2, "width=2 height=16383", "2x16383"},
                         Row{1, 1, "width=65535 height=1", "65535x1"},
                         Row{65535, 1, "width=3 height=3 scale-type=crop", "3x3"}}) {
    CAPTURE(row.options);
    Scaler scaler(row.options);
    scaler.set_caps(raw("I420", row.width, row.height));
    CHECK(scaler.push() == GST_FLOW_OK);
    CHECK(scaler.output_size() == row.size);
  }
}

TEST_CASE("interlaced video is scaled with one warning") {
  Scaler scaler("width=0.5 height=0.5");
  scaler.set_caps(raw("I420", 64, 48, "interlace-mode=interleaved"));
  CHECK(scaler.push() == GST_FLOW_OK);
  CHECK(scaler.push() == GST_FLOW_OK);
  CHECK(scaler.output().interlace_mode == GST_VIDEO_INTERLACE_MODE_PROGRESSIVE);
  CHECK(scaler.warning().find("deinterlace") != std::string::npos);
  CHECK(scaler.warning().empty());
}

TEST_CASE("a side that means nothing is refused and the old value stays") {
  Scaler scaler("width=100");
  const auto element = scaler.fitscale();
  static int warnings;
  warnings = 0;
  const GLogFunc count = [](const gchar*, GLogLevelFlags, const gchar*, gpointer) { ++warnings; };
  const GLogFunc previous = g_log_set_default_handler(count, nullptr);
  for (const double side : {-0.5, -2.0, 70000.0}) {
    g_object_set(element.get(), "width", side, nullptr);
    gdouble width = 0;
    g_object_get(element.get(), "width", &width, nullptr);
    CHECK(width == 100);
  }
  g_log_set_default_handler(previous, nullptr);
  CHECK(warnings == 3);
}

TEST_CASE("every property is written and read back") {
  Scaler scaler("");
  const auto element = scaler.fitscale();
  const std::pair<const char*, const char*> values[] = {
      {"width", "0.25"},        {"height", "-1"},
      {"scale-type", "crop"},   {"background", "4294967295"},
      {"method", "nearest"},    {"enlarge", "false"},
      {"auto-orient", "false"}, {"tone-map", "off"},
      {"n-threads", "3"},
  };
  for (const auto& [property, text] : values) {
    const char* const name = property;
    CAPTURE(name);
    gst_util_set_object_arg(G_OBJECT(element.get()), name, text);
    GValue value = G_VALUE_INIT;
    g_object_get_property(G_OBJECT(element.get()), name, &value);
    gchar* read = gst_value_serialize(&value);
    CHECK(std::string(read) == text);
    g_free(read);
    g_value_unset(&value);
  }
}

TEST_CASE("every method scales up and down") {
  for (const char* method : {"nearest", "linear", "cubic", "sinc", "lanczos"}) {
    for (const char* size : {"width=13 height=9", "width=200 height=131"}) {
      CAPTURE(method);
      Scaler scaler(std::string(size) + " n-threads=2 method=" + method);
      scaler.set_caps(raw("RGB", 64, 48));
      REQUIRE(scaler.push(paint_quarters) == GST_FLOW_OK);
      CHECK(quarters(scaler.output(), adopt(gst_harness_pull(scaler.get())).get()) == "rgbw");
    }
  }
}

TEST_CASE("the element goes through its states twice") {
  Scaler scaler("width=0.5 height=0.5");
  scaler.set_caps(raw("I420", 64, 48));
  CHECK(scaler.push() == GST_FLOW_OK);
  const auto element = scaler.fitscale();
  for (const GstState state :
       {GST_STATE_NULL, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_NULL}) {
    CHECK(gst_element_set_state(element.get(), state) == GST_STATE_CHANGE_SUCCESS);
  }
}
