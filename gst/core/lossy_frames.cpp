// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/lossy_frames.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace anim {
namespace {

/// How far a sample may stray unseen beside the codec's own error: 2 levels at quality 75.
BlockTolerance tolerance_at(const WebpSettings& settings) {
  return {.sample = std::min(static_cast<int>(100 - settings.quality) / 12, 4)};
}

}  // namespace

LossyFrames::LossyFrames(const WebpSettings& settings)
    : settings_(settings), carried_(tolerance_at(settings)) {}

std::function<Result<WebpFrame>()> LossyFrames::difference(const ImageView& picture) {
  const Rect area = coded_ = carried_.update(picture);
  if (area.is_empty()) return {};
  // What is transparent is written to, and the caller's planes do not last.
  auto pixels = std::make_shared<Image>(cropped(picture, area));
  return [pixels, area, settings = settings_]() -> Result<WebpFrame> {
    auto chunks = webp_picture_chunks(*pixels, settings);
    if (!chunks) return chunks.error();
    return WebpFrame{area, std::move(*chunks)};
  };
}

}  // namespace anim
