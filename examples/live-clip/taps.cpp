// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/taps.h"

#include <cmath>
#include <memory>

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

namespace live_clip {
namespace {

using anim::glue::adopt;
using anim::glue::MappedFrame;
using anim::glue::Owned;

constexpr GstClockTime kLookEvery = GST_SECOND / 2;

/// A bin of elements whose first one, `entry`, gets the bin's sink pad.
Owned<GstElement> make_bin(const char* description) {
  GError* error = nullptr;
  GstElement* bin = gst_parse_bin_from_description_full(description, FALSE, nullptr,
                                                        GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (error != nullptr) g_error_free(error);
  if (bin == nullptr) return nullptr;
  gst_object_ref_sink(bin);
  const auto entry = adopt(gst_bin_get_by_name(GST_BIN(bin), "entry"));
  const auto pad = adopt(gst_element_get_static_pad(entry.get(), "sink"));
  gst_element_add_pad(bin, gst_ghost_pad_new("sink", pad.get()));
  return adopt(bin);
}

/// Passes random access points, and drains the decoder after each: it would otherwise hold a
/// picture back until the next one comes, seconds later.
class KeyGate {
 public:
  static GstPadProbeReturn on_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
    return static_cast<KeyGate*>(self)->pass(pad, GST_PAD_PROBE_INFO_BUFFER(info));
  }

 private:
  GstPadProbeReturn pass(GstPad* pad, GstBuffer* buffer) {
    const GstClockTime time = GST_BUFFER_DTS_OR_PTS(buffer);
    const bool is_key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    const bool is_near =
        GST_CLOCK_TIME_IS_VALID(last_) && time >= last_ && time < last_ + kLookEvery;
    if (is_key && !is_near) {
      last_ = time;
      holds_picture_ = true;
      return GST_PAD_PROBE_OK;
    }
    if (std::exchange(holds_picture_, false)) {
      gst_pad_send_event(pad, gst_video_event_new_still_frame(TRUE));
    }
    return GST_PAD_PROBE_DROP;
  }

  GstClockTime last_ = GST_CLOCK_TIME_NONE;
  bool holds_picture_ = false;
};

/// Compares the pictures that come out of the decoder.
class SceneSink {
 public:
  explicit SceneSink(double threshold) : cut_(threshold) {}

  static GstFlowReturn on_sample(GstAppSink* sink, gpointer self) {
    const auto sample = adopt(gst_app_sink_pull_sample(sink));
    if (sample) static_cast<SceneSink*>(self)->look(GST_ELEMENT(sink), sample.get());
    return GST_FLOW_OK;
  }

 private:
  void look(GstElement* sink, GstSample* sample) {
    GstVideoInfo info{};
    if (gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) == FALSE) return;
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    MappedFrame frame(info, buffer, GST_MAP_READ);
    if (!frame || !cut_.see(view_of(*frame.get()))) return;
    const GstClockTime time = gst_segment_to_running_time(gst_sample_get_segment(sample),
                                                          GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
    if (!GST_CLOCK_TIME_IS_VALID(time)) return;
    GstStructure* scene =
        gst_structure_new("live-clip-scene", "running-time", G_TYPE_UINT64, guint64{time}, nullptr);
    gst_element_post_message(sink, gst_message_new_element(GST_OBJECT(sink), scene));
  }

  static anim::PictureView view_of(const GstVideoFrame& frame) {  // of I420
    anim::PictureView out;
    out.is_full_range = frame.info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
    for (unsigned i = 0; i < out.colours.size(); ++i) {
      out.colours.at(i) = {
          .data = GST_VIDEO_FRAME_COMP_DATA(&frame, i),
          .row_stride = GST_VIDEO_FRAME_COMP_STRIDE(&frame, i),
          .size = {GST_VIDEO_FRAME_COMP_WIDTH(&frame, i), GST_VIDEO_FRAME_COMP_HEIGHT(&frame, i)}};
    }
    return out;
  }

  SceneCut cut_;
};

}  // namespace

Owned<GstElement> make_loudness_tap() {
  // In step with the pictures: sync=true holds the sound back until its time.
  return make_bin(
      "queue name=entry ! audioconvert ! level interval=100000000 ! fakesink sync=true "
      "async=false");
}

Owned<GstElement> make_scene_tap(double threshold) {
  auto bin = make_bin(
      "queue name=entry leaky=downstream max-size-buffers=4 max-size-bytes=0 max-size-time=0"
      " ! decodebin ! fitscale width=64 height=64 ! video/x-raw,format=I420"
      " ! appsink name=scenes sync=false async=false max-buffers=1");
  if (!bin) return bin;
  const auto pad = adopt(gst_element_get_static_pad(bin.get(), "sink"));
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_BUFFER, &KeyGate::on_buffer, new KeyGate,
      [](gpointer gate) { std::default_delete<KeyGate>()(static_cast<KeyGate*>(gate)); });
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(bin.get()), "scenes"));
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = &SceneSink::on_sample;
  gst_app_sink_set_callbacks(
      GST_APP_SINK(sink.get()), &callbacks, new SceneSink(threshold),
      [](gpointer scene) { std::default_delete<SceneSink>()(static_cast<SceneSink*>(scene)); });
  return bin;
}

std::optional<Nanoseconds> MomentReader::read(const GstStructure* message) {
  if (kind_ == MomentKind::Loudness) return read_level(message);
  guint64 time = 0;
  if (gst_structure_has_name(message, "live-clip-scene") == FALSE ||
      gst_structure_get_uint64(message, "running-time", &time) == FALSE) {
    return std::nullopt;
  }
  return time;
}

std::optional<Nanoseconds> MomentReader::read_level(const GstStructure* level) {
  guint64 time = 0;
  guint64 duration = 0;
  if (gst_structure_has_name(level, "level") == FALSE ||
      gst_structure_get_uint64(level, "running-time", &time) == FALSE ||
      gst_structure_get_uint64(level, "duration", &duration) == FALSE) {
    return std::nullopt;
  }
  const auto* channels =
      static_cast<const GValueArray*>(g_value_get_boxed(gst_structure_get_value(level, "rms")));
  if (channels == nullptr || channels->n_values == 0) return std::nullopt;
  double power = 0;  // the mean of all channels, of full scale
  for (guint i = 0; i < channels->n_values; ++i) {
    power += std::pow(10, g_value_get_double(&channels->values[i]) / 10) / channels->n_values;
  }
  const bool rises = rise_.hear(10 * std::log10(power), static_cast<double>(duration) / GST_SECOND);
  return rises ? std::optional<Nanoseconds>(time) : std::nullopt;
}

}  // namespace live_clip
