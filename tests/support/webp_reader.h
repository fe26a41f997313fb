// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads an animated WebP back with libwebp's own decoder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <webp/decode.h>
#include <webp/demux.h>

namespace webp_reader {

struct Shown {
  std::vector<std::uint8_t> rgba;  ///< the whole canvas
  int duration_ms = 0;
};

struct Animation {
  bool is_valid = false;
  int width = 0;
  int height = 0;
  unsigned plays = 0;
  std::uint32_t background = 0;
  bool has_alpha = false;
  std::vector<Shown> frames;

  [[nodiscard]] const std::uint8_t* pixel(std::size_t frame, int x, int y) const {
    return frames.at(frame).rgba.data() +
           4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                static_cast<std::size_t>(x));
  }
  /// "40 40 80": the durations in ms.
  [[nodiscard]] std::string timing() const {
    std::string text;
    for (const Shown& frame : frames) {
      text += (text.empty() ? "" : " ") + std::to_string(frame.duration_ms);
    }
    return text;
  }
};

inline Animation read(const std::vector<std::uint8_t>& file) {
  Animation out;
  const WebPData data{file.data(), file.size()};
  WebPAnimDecoder* decoder = WebPAnimDecoderNew(&data, nullptr);
  if (decoder == nullptr) return out;
  WebPAnimInfo info;
  out.is_valid = WebPAnimDecoderGetInfo(decoder, &info) != 0;
  out.width = static_cast<int>(info.canvas_width);
  out.height = static_cast<int>(info.canvas_height);
  out.plays = info.loop_count;
  out.background = info.bgcolor;
  const WebPDemuxer* demuxer = WebPAnimDecoderGetDemuxer(decoder);
  out.has_alpha = (WebPDemuxGetI(demuxer, WEBP_FF_FORMAT_FLAGS) & ALPHA_FLAG) != 0;
  int shown_until = 0;
  while (WebPAnimDecoderHasMoreFrames(decoder) != 0) {
    std::uint8_t* canvas = nullptr;
    int timestamp = 0;
    if (WebPAnimDecoderGetNext(decoder, &canvas, &timestamp) == 0) {
      out.is_valid = false;
      break;
    }
    const auto size = 4 * static_cast<std::size_t>(info.canvas_width) * info.canvas_height;
    out.frames.push_back({{canvas, canvas + size}, timestamp - shown_until});
    shown_until = timestamp;
  }
  WebPAnimDecoderDelete(decoder);
  return out;
}

}  // namespace webp_reader
