// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_picture.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "gst/core/hidden_pixels.h"
#include "gst/core/vp8/key_frame.h"
#include "gst/core/webp_container.h"
#include "gst/core/webp_lossless.h"
#include "gst/core/webp_mask.h"

namespace anim {
namespace {

constexpr std::uint8_t kOpaque = 255;

/// The alpha plane as green of a VP8L picture, which is what an ALPH chunk holds: without the five
/// bytes before its image stream (WebP Container Specification, "Alpha").
Result<Bytes> alpha_chunk(const ImageView& picture, int method) {
  constexpr std::size_t kSkipped = 5;
  constexpr std::uint8_t kLosslessWithoutFilter = 1;
  constexpr int kEffortOfMethod = 8;
  Image green(PixelFormat::Bgra, picture.size);
  std::uint8_t* to = green.plane(0);
  for (int y = 0; y < picture.size.height; ++y) {
    for (const std::uint8_t alpha : picture.row(3, y)) {
      const std::array<std::uint8_t, 4> bgra = {0, alpha, 0, kOpaque};
      to = std::copy(bgra.begin(), bgra.end(), to);
    }
  }
  const auto effort = static_cast<float>(kEffortOfMethod * method);
  const auto chunk = lossless_chunk(green, {.effort = effort, .method = method});
  if (!chunk) return chunk.error();
  Bytes payload = {kLosslessWithoutFilter};
  const auto stream = webp_chunk_payload(*chunk).subspan(kSkipped);
  payload.insert(payload.end(), stream.begin(), stream.end());
  return webp_chunk("ALPH", payload);
}

/// Presets after libwebp's figures.
vp8::KeyFrameSettings lossy_settings(const WebpSettings& settings) {
  vp8::KeyFrameSettings made{.quality = settings.quality, .effort = settings.method};
  const auto tune = [&](int masking, int filter_strength, int filter_sharpness) {
    made.masking = masking;
    made.filter_strength = filter_strength;
    made.filter_sharpness = filter_sharpness;
  };
  switch (settings.preset) {
    case WebpPreset::None:
      break;
    case WebpPreset::Picture:
      tune(80, 35, 4);
      break;
    case WebpPreset::Photo:
      tune(80, 30, 3);
      break;
    case WebpPreset::Drawing:
      tune(25, 10, 6);
      break;
    case WebpPreset::Icon:
    case WebpPreset::Text:
      tune(0, 0, 0);
      break;
  }
  return made;
}

}  // namespace

Status check_webp_settings(const WebpSettings& settings) {
  const bool is_in_range = settings.quality >= 0 && settings.quality <= 100 &&
                           settings.method >= 0 && settings.method <= 6 &&
                           settings.near_lossless >= 0 && settings.near_lossless <= 100;
  if (is_in_range) return success();
  return Error{ErrorCode::InvalidArgument,
               "WebP takes a quality of 0 to 100, a speed of 0 to 6 and near-lossless of 0 to 100",
               "quality " + std::to_string(settings.quality) + ", method " +
                   std::to_string(settings.method) + ", near-lossless " +
                   std::to_string(settings.near_lossless)};
}

int webp_picture_step(const WebpSettings& settings) {
  return vp8::ac_step_at(settings.quality);
}

PixelFormat webp_picture_format(const WebpSettings& settings, const SourceColours& source) {
  const bool is_lossy = settings.content == WebpContent::Photo && !settings.is_lossless();
  if (!is_lossy && !source.has_halved_chroma) return PixelFormat::Bgra;
  return source.has_alpha ? PixelFormat::A420 : PixelFormat::I420;
}

Result<Bytes> lossy_chunks(Image& picture, const WebpSettings& settings,
                           std::span<const float> step_powers) {
  Bytes chunks;
  if (!is_opaque(picture.view())) {
    const auto mask = macroblock_mask(picture.view());
    auto alpha = mask ? Result<Bytes>(webp_chunk("ALPH", mask_payload(*mask)))
                      : alpha_chunk(picture.view(), settings.method);
    if (!alpha) return alpha;
    chunks = std::move(*alpha);
    // What holes of whole macroblocks hold is not looked at.
    if (!mask) smooth_hidden_pixels(picture);
  }
  const auto frame = vp8::encode_key_frame(picture.view(), lossy_settings(settings), step_powers);
  if (!frame) return frame.error();
  const Bytes chunk = webp_chunk("VP8 ", *frame);
  chunks.insert(chunks.end(), chunk.begin(), chunk.end());
  return chunks;
}

}  // namespace anim
