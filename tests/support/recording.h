// SPDX-License-Identifier: LGPL-2.1-or-later
// Encoded video in memory, to be played as a live stream again and again.
#pragma once

#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"

namespace live {

/// Times are ns from the first shown frame; a decoding time may be before it.
struct Unit {
  anim::glue::Owned<GstBuffer> data;
  GstClockTimeDiff pts;
  GstClockTimeDiff dts;
};

/// Units in decoding order, from a key frame on.
struct Recording {
  std::vector<Unit> units;
  anim::glue::Owned<GstCaps> caps;
  GstClockTime length = 0;  ///< ns, of all frames

  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Unit& unit : units) sum += gst_buffer_get_size(unit.data.get());
    return sum;
  }
};

/// What the elements of `launch` make, as units of one codec with times.
inline Recording record(const std::string& launch) {
  using anim::glue::adopt;
  GError* error = nullptr;
  const auto pipeline = adopt(gst_parse_launch(
      (launch + " ! appsink name=end sync=false wait-on-eos=false").c_str(), &error));
  REQUIRE_MESSAGE(error == nullptr, error->message);
  const auto end = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "end"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);

  Recording out;
  GstSample* pulled = nullptr;
  GstClockTimeDiff first = 0;
  for (g_signal_emit_by_name(end.get(), "pull-sample", &pulled); pulled != nullptr;
       g_signal_emit_by_name(end.get(), "pull-sample", &pulled)) {
    const auto sample = adopt(pulled);
    GstBuffer* buffer = gst_sample_get_buffer(sample.get());
    const auto pts = static_cast<GstClockTimeDiff>(GST_BUFFER_PTS(buffer));
    if (out.units.empty()) {
      first = pts;
      out.caps = anim::glue::share(gst_sample_get_caps(sample.get()));
    }
    const auto dts = GST_BUFFER_DTS_IS_VALID(buffer)
                         ? static_cast<GstClockTimeDiff>(GST_BUFFER_DTS(buffer))
                         : pts;
    out.units.push_back({anim::glue::share(buffer), pts - first, dts - first});
    const auto end_of_frame = static_cast<GstClockTime>(pts - first) + GST_BUFFER_DURATION(buffer);
    out.length = std::max(out.length, end_of_frame);
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  REQUIRE(!out.units.empty());
  return out;
}

/// `seconds` of a moving ball in H.264 at 25 frames a second, a key frame each second, B-frames.
inline Recording record_ball(int seconds, int width, int height) {
  return record("videotestsrc pattern=ball num-buffers=" + std::to_string(25 * seconds) +
                " ! video/x-raw,format=I420,framerate=25/1,width=" + std::to_string(width) +
                ",height=" + std::to_string(height) +
                " ! x264enc key-int-max=25 bframes=2 bitrate=200 speed-preset=ultrafast threads=1"
                " ! h264parse ! video/x-h264,stream-format=avc,alignment=au");
}

}  // namespace live
