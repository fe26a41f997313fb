// SPDX-License-Identifier: LGPL-2.1-or-later
// intervalsampler with skip-decoding=true, behind a decoder to whom each unit is a frame.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "tests/support/sampler_bench.h"

namespace {

using namespace anim::glue;
using namespace anim::test;

constexpr const char* kToyCaps10 = "video/x-toy,width=4,height=2,framerate=10/1";

// A decoder to whom each unit is a frame.
struct ToyDecoder {
  GstVideoDecoder parent;
};
struct ToyDecoderClass {
  GstVideoDecoderClass parent;
};
G_DEFINE_TYPE(ToyDecoder, toy_decoder, GST_TYPE_VIDEO_DECODER)

gboolean toy_set_format(GstVideoDecoder* self, GstVideoCodecState* input) {
  gst_video_codec_state_unref(
      gst_video_decoder_set_output_state(self, GST_VIDEO_FORMAT_GRAY8, 4, 2, input));
  return TRUE;
}

GstFlowReturn toy_handle_frame(GstVideoDecoder* self, GstVideoCodecFrame* frame) {
  frame->output_buffer = gst_buffer_ref(frame->input_buffer);
  return gst_video_decoder_finish_frame(self, frame);
}

void toy_decoder_class_init(ToyDecoderClass* klass) {
  GstElementClass* element = GST_ELEMENT_CLASS(klass);
  add_pad_template(element, "sink", GST_PAD_SINK, gst_caps_from_string("video/x-toy"));
  add_pad_template(element, "src", GST_PAD_SRC, gst_caps_from_string("video/x-raw"));
  gst_element_class_set_static_metadata(element, "Toy", "Decoder/Video", "For tests", "Nobody");
  GST_VIDEO_DECODER_CLASS(klass)->set_format = toy_set_format;
  GST_VIDEO_DECODER_CLASS(klass)->handle_frame = toy_handle_frame;
}

void toy_decoder_init(ToyDecoder* /*self*/) {}

/// The sampler is named s and stands behind a toydecoder somewhere in `line`.
SamplerBench behind_decoder(const std::string& line, const char* caps = kToyCaps10) {
  gst_element_register(nullptr, "toydecoder", GST_RANK_NONE, toy_decoder_get_type());
  return SamplerBench(SamplerBench::Line{line}, caps);
}

/// The times before which the decoder was told to skip, in ms.
std::vector<guint64> deadlines(const SamplerBench& b) {
  std::vector<guint64> all;
  while (auto event = b.pull_upstream_event(GST_EVENT_QOS)) {
    GstQOSType type = GST_QOS_TYPE_OVERFLOW;
    gdouble proportion = 0;
    GstClockTimeDiff difference = -1;
    GstClockTime time = 0;
    gst_event_parse_qos(event.get(), &type, &proportion, &difference, &time);
    CHECK(type == GST_QOS_TYPE_UNDERFLOW);
    CHECK(proportion == 1.0);
    CHECK(difference == 0);
    all.push_back(time / kMs);
  }
  return all;
}

/// The text of the one warning there is; empty when there is none.
std::string only_warning(GstBus* bus) {
  const auto message = adopt(gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING));
  if (!message) return {};
  GError* error = nullptr;
  gst_message_parse_warning(message.get(), &error, nullptr);
  const auto owned = adopt(error);
  CHECK_FALSE(adopt(gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING)));
  return owned->message;
}

constexpr const char* kSkipping = "intervalsampler name=s interval=10000000000 skip-decoding=true";

std::string skipping_behind(const std::string& before) {
  return before + " ! " + kSkipping;
}

}  // namespace

TEST_CASE("a decoder is told to skip to 17 frames before the next sample") {
  SamplerBench b = behind_decoder(skipping_behind("toydecoder ! bin.( identity ) ! identity"));
  b.push_many(16);
  CHECK(deadlines(b).empty());
  b.push_many(105, 1600 * kMs);
  CHECK(deadlines(b) == std::vector<guint64>{8300, 18300});
  CHECK(b.stat("frames-in") == 17 + 19);
  CHECK(b.pull_frames() == std::vector<int>{0, 100});
  CHECK(only_warning(b.bus()).empty());
}

TEST_CASE("a decoder is told nothing when nothing is to be skipped") {
  for (const char* settings : {"interval=10000000000", "interval=0 skip-decoding=true",
                               "interval=1000000000 skip-decoding=true"}) {
    CAPTURE(settings);
    SamplerBench b = behind_decoder(std::string("toydecoder ! intervalsampler name=s ") + settings);
    b.push_many(40);
    CHECK(deadlines(b).empty());
    CHECK(b.stat("frames-in") == 40);
    CHECK(only_warning(b.bus()).empty());
  }
}

TEST_CASE("after a flush the decoder is told anew") {
  SamplerBench b = behind_decoder(skipping_behind("toydecoder"));
  b.push_many(20);
  CHECK(deadlines(b) == std::vector<guint64>{8300});
  b.flush();
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  b.push_many(16);
  CHECK(deadlines(b).empty());
  b.push_many(4, 1600 * kMs);
  CHECK(deadlines(b) == std::vector<guint64>{8300});
}

TEST_CASE("the margin counts frames at the segment's rate") {
  SamplerBench b = behind_decoder(skipping_behind("toydecoder"));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.rate = 2;
  b.send(gst_event_new_segment(&segment));
  b.push_many(20);
  CHECK(deadlines(b) == std::vector<guint64>{9150});
}

TEST_CASE("where frames cannot be counted on, skipping is turned off with a warning") {
  struct Row {
    const char* caps;
    bool has_times;
    const char* warning;
  };
  for (const Row& row : {
           Row{"video/x-toy,framerate=0/1", true, "frame rate is variable or unknown"},
           Row{"video/x-toy", true, "frame rate is variable or unknown"},
           Row{"video/x-toy,framerate=30/1", true, "it is not constant"},
           Row{kToyCaps10, true, "it is not constant"},
           Row{kToyCaps10, false, "units without a timestamp"},
       }) {
    CAPTURE(row.warning);
    SamplerBench b = behind_decoder(skipping_behind("toydecoder"), row.caps);
    for (guint64 i = 0; i < 10; ++i) {
      const bool is_timed = row.has_times || i == 0;
      CHECK(b.push(is_timed ? i * 100 * kMs : GST_CLOCK_TIME_NONE) == GST_FLOW_OK);
    }
    b.push_many(30, 1200 * kMs);  // one frame is missing
    CHECK(deadlines(b).empty());
    CHECK(b.stat("frames-in") == 40);
    CHECK(contains(only_warning(b.bus()), row.warning));
  }
}

TEST_CASE("an encoded stream that others get too is not skipped") {
  SamplerBench b = behind_decoder(
      skipping_behind("tee name=t ! fakesink async=false t. ! identity ! toydecoder"));
  b.push_many(40);
  CHECK(deadlines(b).empty());
  CHECK(contains(only_warning(b.bus()), "t (tee) gives the encoded stream to others"));
}

TEST_CASE("what is not straight behind a decoder is named in one warning, and runs as ever") {
  struct Row {
    const char* before;
    const char* warning;
  };
  for (const Row& row : {
           Row{"identity", "src (videotestsrc) gives the frames and is no decoder"},
           Row{"tee name=t ! queue ! fakesink async=false t. ! queue", "t (tee) has several"},
           Row{"videorate name=r ! queue", "r (videorate) changes"},
           Row{"intervalsampler name=i", "i (intervalsampler) changes"},
       }) {
    CAPTURE(row.warning);
    const std::string line =
        "videotestsrc name=src num-buffers=40 ! video/x-raw,framerate=10/1 ! " +
        skipping_behind(row.before) + " ! fakesink";
    const auto pipeline = adopt(gst_parse_launch(line.c_str(), nullptr));
    const auto sampler = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
    const auto bus = adopt(gst_element_get_bus(pipeline.get()));
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const auto warned =
        adopt(gst_bus_timed_pop_filtered(bus.get(), 10 * GST_SECOND, GST_MESSAGE_WARNING));
    REQUIRE(warned);
    GError* error = nullptr;
    gst_message_parse_warning(warned.get(), &error, nullptr);
    CHECK(contains(adopt(error)->message, row.warning));
    const auto next = adopt(gst_bus_timed_pop_filtered(
        bus.get(), 10 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_WARNING)));
    REQUIRE(next);
    CHECK(GST_MESSAGE_TYPE(next.get()) == GST_MESSAGE_EOS);
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }
}
