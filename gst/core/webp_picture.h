// SPDX-License-Identifier: LGPL-2.1-or-later
// What pictures of a WebP are made with, and one with loss as the image chunks of a file.
#pragma once

#include <span>

#include "gst/core/error.h"
#include "gst/core/image.h"

namespace anim {

/// Tuning for kinds of pictures, as libwebp names them.
enum class WebpPreset { None, Picture, Photo, Drawing, Icon, Text };

/// What pictures show, which says how they are coded.
enum class WebpContent {
  Auto,    ///< with or without loss, whichever is cheaper at the wanted quality
  Photo,   ///< always with loss
  Screen,  ///< always without, or with small losses where a low quality allows them
};

/// How pictures are encoded.
struct WebpSettings {
  float quality = 75;       ///< 0 to 100; in lossless mode the effort
  int method = 4;           ///< 0 (fast) to 6 (small)
  bool lossless = false;    ///< VP8L instead of VP8
  int near_lossless = 100;  ///< 0 (most loss) to 99: lossless with small losses; 100 = off
  WebpPreset preset = WebpPreset::None;
  WebpContent content = WebpContent::Auto;  ///< has no say when it is lossless by the above

  [[nodiscard]] bool is_lossless() const { return lossless || near_lossless < 100; }
};

/// InvalidArgument when a setting is out of its range.
[[nodiscard]] Status check_webp_settings(const WebpSettings& settings);

/// What a source's pictures hold.
struct SourceColours {
  bool has_alpha = false;
  bool has_halved_chroma = false;  ///< YUV whose chroma is halved both ways
};

/// The pictures to give for such a source: as close to it as what may become of them can use.
[[nodiscard]] PixelFormat webp_picture_format(const WebpSettings& settings,
                                              const SourceColours& source);

/// The step of the quantiser of lossy pictures, for luma.
[[nodiscard]] int webp_picture_step(const WebpSettings& settings);

/// VP8 with ALPH before it where the picture (I420 or A420) is not opaque; each chunk padded to an
/// even size. Colours where the picture is transparent may become others, also in `picture`.
/// `step_powers` are those of vp8::encode_key_frame(). `settings` are in their ranges. EncodeFailed
/// or LimitExceeded when the picture is more than the format can carry.
[[nodiscard]] Result<Bytes> lossy_chunks(Image& picture, const WebpSettings& settings,
                                         std::span<const float> step_powers = {});

}  // namespace anim
