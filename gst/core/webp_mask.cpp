// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_mask.h"

#include <cstdint>

#include "gst/core/macroblock_grid.h"
#include "gst/core/vp8l/image_stream.h"
#include "gst/core/vp8l/low_bit_writer.h"
#include "gst/core/vp8l/pixels.h"
#include "gst/core/vp8l/transforms.h"

namespace anim {
namespace {

constexpr int kSide = 16;
constexpr std::uint8_t kSeen = 255;

/// Eight pixels in one, row after row, as a table of two colours has them.
vp8l::Pixels bundled(const MacroblockMask& mask) {
  constexpr std::uint32_t kAllSeen = 0xFF00;  // in green
  vp8l::Pixels pixels{(mask.size.width + 7) / 8, mask.size.height, {}};
  const auto columns = static_cast<std::size_t>(macroblocks_in(mask.size.width));
  for (int y = 0; y < pixels.height; ++y) {
    const std::size_t first = columns * static_cast<std::size_t>(y / kSide);
    for (int x = 0; x < pixels.width; ++x) {
      const bool is_seen = mask.seen[first + static_cast<std::size_t>(x / 2)];
      pixels.words.push_back(is_seen ? kAllSeen : 0);
    }
  }
  return pixels;
}

}  // namespace

std::optional<MacroblockMask> macroblock_mask(const ImageView& picture) {
  MacroblockMask mask{.size = picture.size, .seen = {}};
  const MacroblockGrid grid(picture.size);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const auto alpha = common_alpha(cropped(picture, grid.pixels(grid.at(i))));
    if (alpha != 0 && alpha != kSeen) return std::nullopt;
    mask.seen.push_back(alpha == kSeen);
  }
  return mask;
}

Bytes mask_payload(const MacroblockMask& mask) {
  constexpr std::uint32_t kLosslessWithoutFilter = 1;
  vp8l::LowBitWriter out;
  out.put(kLosslessWithoutFilter, 8);
  vp8l::put_color_table(out, {0, std::uint32_t{kSeen} << 8});
  vp8l::put_no_more_transforms(out);
  // Further places than the row above and the pixel before only make codes longer.
  vp8l::PictureStream(bundled(mask), {.may_cache = false, .tries = 0}).put(out);
  return out.take();
}

}  // namespace anim
