// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/picture.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gst/core/vp8l/color_cache.h"
#include "gst/core/vp8l/color_indexing.h"
#include "gst/core/vp8l/image_stream.h"
#include "gst/core/vp8l/low_bit_writer.h"
#include "gst/core/vp8l/near_lossless.h"
#include "gst/core/vp8l/pixels.h"
#include "gst/core/vp8l/predictors.h"
#include "gst/core/vp8l/symbol_counts.h"
#include "gst/core/vp8l/token.h"
#include "gst/core/vp8l/transforms.h"

namespace anim::vp8l {
namespace {

constexpr int kTileBits = 5;  // of predictors: 32 pixels a side

Pixels pixels_of(const ImageView& picture) {
  Pixels pixels{picture.size.width, picture.size.height, {}};
  pixels.words.reserve(static_cast<std::size_t>(picture.size.area()));
  for (int y = 0; y < pixels.height; ++y) {
    const auto row = packed_words(picture, y);
    pixels.words.insert(pixels.words.end(), row.begin(), row.end());
  }
  return pixels;
}

/// Section 3, "RIFF Header", from the signature on.
void put_header(LowBitWriter& out, const Pixels& pixels) {
  constexpr std::uint32_t kSignature = 0x2F;
  constexpr int kSideBits = 14;
  constexpr int kVersionBits = 3;
  out.put(kSignature, 8);
  out.put(static_cast<std::uint32_t>(pixels.width - 1), kSideBits);
  out.put(static_cast<std::uint32_t>(pixels.height - 1), kSideBits);
  const bool has_alpha = std::any_of(pixels.words.begin(), pixels.words.end(),
                                     [](std::uint32_t pixel) { return pixel >> 24 != 0xFF; });
  out.put(has_alpha ? 1 : 0, 1);
  out.put(0, kVersionBits);
}

/// What the pixels take that are not those to their left or above, about: `words`, which stand for
/// them, with a colour cache and without copies.
double bits_of_new(const Pixels& pixels, const std::vector<std::uint32_t>& words) {
  constexpr int kCacheBits = 10;
  ColorCache cache(kCacheBits);
  SymbolCounts counts(kCacheBits);
  for (std::size_t i = static_cast<std::size_t>(pixels.width) + 1; i < words.size(); ++i) {
    const std::uint32_t pixel = pixels.words[i];
    if (pixel == pixels.words[i - 1] || pixel == pixels.words[i - pixels.width]) continue;
    const bool is_cached = cache.insert(words[i]);
    counts.add(is_cached ? Token{place_in_cache(words[i], kCacheBits), 1, Token::Kind::Cached}
                         : Token{words[i]});
  }
  return counts.bits();
}

/// What is certain of differences' bits over those of pixels as they are; in between both are
/// tried. With copies, which are longer among pixels as they are, it is 1.04 to 1.15 times as much.
constexpr double kCertainlyLess = 0.83;
constexpr double kCertainlyMore = 1.0;

using Table = std::optional<std::vector<std::uint32_t>>;

/// Says that the pixels are places in the table where there is one, and no differences.
void put_plain_transforms(LowBitWriter& out, const Table& table) {
  if (table) {
    put_color_table(out, *table);
  } else {
    put_subtract_green(out);
  }
  put_no_more_transforms(out);
}

void put_difference_transforms(LowBitWriter& out, const Predicted& differences) {
  put_subtract_green(out);
  put_predictors(out, differences);
  put_no_more_transforms(out);
}

/// As they are or as differences, whichever takes less.
void put_cheaper(LowBitWriter& out, const Pixels& pixels, const Table& table) {
  Pixels green = without_green(pixels);
  Predicted differences = predicted(green, kTileBits);
  Pixels words = table ? indexed(pixels, *table) : std::move(green);
  const double ratio =
      bits_of_new(pixels, differences.residuals.words) / bits_of_new(pixels, words.words);
  std::optional<PictureStream> plain;
  std::optional<PictureStream> coded;
  if (ratio > kCertainlyLess) plain.emplace(std::move(words), StreamSearch{.may_cache = !table});
  if (ratio <= kCertainlyMore) coded.emplace(std::move(differences.residuals), StreamSearch{});
  if (!plain || (coded && coded->bits() < plain->bits())) {
    plain.reset();
    put_difference_transforms(out, differences);
    coded->put(out);
  } else {
    coded.reset();
    put_plain_transforms(out, table);
    plain->put(out);
  }
}

void put_pixels(LowBitWriter& out, const Pixels& pixels) {
  const Table table = color_table(pixels);
  if (!table || table->size() > kMostBundledColors) return put_cheaper(out, pixels, table);
  put_plain_transforms(out, table);
  PictureStream(indexed(pixels, *table), {.may_cache = false}).put(out);
}

/// Takes those of `other` that are not holes.
void replace_seen(Pixels& pixels, const Pixels& other) {
  std::transform(
      pixels.words.begin(), pixels.words.end(), other.words.begin(), pixels.words.begin(),
      [](std::uint32_t own, std::uint32_t pixel) { return own >> 24 == 0 ? own : pixel; });
}

Result<Bytes> stream_of(const Pixels& pixels) {
  if (std::max(pixels.width, pixels.height) > kLongestSide) {
    return Error{ErrorCode::LimitExceeded,
                 "a VP8L picture cannot be longer than " + std::to_string(kLongestSide) + " pixels",
                 {}};
  }
  LowBitWriter out;
  put_header(out, pixels);
  put_pixels(out, pixels);
  return out.take();
}

}  // namespace

Result<Bytes> encode_picture(const ImageView& picture) {
  return stream_of(pixels_of(picture));
}

Result<Bytes> encode_nearly(const ImageView& picture, const ImageView& around, int level) {
  Pixels pixels = pixels_of(picture);
  if (color_table(pixels)) return stream_of(pixels);
  Pixels rounded = pixels_of(around);
  round_busy_pixels(rounded, level);
  replace_seen(pixels, rounded);
  return stream_of(pixels);
}

}  // namespace anim::vp8l
