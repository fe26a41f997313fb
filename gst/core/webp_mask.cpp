// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_mask.h"

#include <algorithm>
#include <array>
#include <bit>

#include "gst/core/macroblock_grid.h"
#include "gst/core/prefix_code.h"

namespace anim {
namespace {

constexpr int kSide = 16;
constexpr std::uint8_t kSeen = 255;
constexpr std::size_t kLongestCopy = 4096;
constexpr std::size_t kShortestCopy = 3;  // shorter ones cost more than the bytes themselves
constexpr std::size_t kLiterals = 256;
constexpr std::size_t kLengths = 24;
constexpr std::size_t kDistances = 40;
constexpr std::size_t kFromAbove = 0;  // the nearest distances in the plane have codes of their own
constexpr std::size_t kFromLeft = 1;

/// A byte, or a copy of what has come before.
struct Piece {
  std::size_t symbol;  ///< the byte, or kLiterals and the class of the length
  std::uint32_t extra = 0;
  int extra_bits = 0;
  std::size_t distance = 0;

  [[nodiscard]] bool is_copy() const { return symbol >= kLiterals; }
};

/// Section 5.2.2 of the specification, "LZ77 Backward References".
Piece copy_of(std::size_t length, std::size_t distance) {
  const auto value = static_cast<std::uint32_t>(length - 1);
  if (value < 4) return {.symbol = kLiterals + value, .distance = distance};
  const int extra_bits = std::bit_width(value) - 2;
  const std::uint32_t upper = value >> extra_bits;  // 2 or 3
  return {.symbol = kLiterals + static_cast<std::size_t>(2 * extra_bits) + upper,
          .extra = value & ((1U << extra_bits) - 1),
          .extra_bits = extra_bits,
          .distance = distance};
}

/// Eight pixels to a byte, row after row.
Bytes bundled(const MacroblockMask& mask, std::size_t width) {
  const auto columns = static_cast<std::size_t>(macroblocks_in(mask.size.width));
  Bytes rows(width * static_cast<std::size_t>(mask.size.height));
  auto to = rows.begin();
  for (int y = 0; y < mask.size.height; ++y) {
    const std::size_t first = columns * static_cast<std::size_t>(y / kSide);
    for (std::size_t x = 0; x < width; ++x) *to++ = mask.seen[first + x / 2] ? kSeen : 0;
  }
  return rows;
}

std::size_t run_at(const Bytes& bytes, std::size_t at, std::size_t distance) {
  if (at < distance) return 0;
  const std::size_t most = std::min(kLongestCopy, bytes.size() - at);
  std::size_t length = 0;
  while (length < most && bytes[at + length] == bytes[at + length - distance]) ++length;
  return length;
}

std::vector<Piece> pieces_of(const Bytes& bytes, std::size_t width) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t above = run_at(bytes, at, width);
    const std::size_t left = run_at(bytes, at, 1);
    const std::size_t length = std::max(above, left);
    const bool copies = length >= kShortestCopy;
    if (copies) {
      pieces.push_back(copy_of(length, above >= left ? kFromAbove : kFromLeft));
    } else {
      pieces.push_back({.symbol = bytes[at]});
    }
    at += copies ? length : 1;
  }
  return pieces;
}

/// The codes of red, blue and alpha, which are always zero.
void put_zero_codes(LowBitWriter& out) {
  const std::array<std::size_t, 1> zero = {1};
  for (int i = 0; i < 3; ++i) PrefixCode(zero).put_code(out);
}

/// The transform that makes bits of two colours (section 4.4).
void put_colours(LowBitWriter& out) {
  constexpr std::uint32_t kIsTransform = 1;
  constexpr std::uint32_t kColourIndexing = 3;
  out.put(kIsTransform, 1);
  out.put(kColourIndexing, 2);
  out.put(2 - 1, 8);  // so many colours
  out.put(0, 1);      // no colour cache
  std::array<std::size_t, kLiterals> counts{};
  counts.front() = counts.back() = 1;
  const PrefixCode green(counts);
  green.put_code(out);
  put_zero_codes(out);
  PrefixCode(std::array<std::size_t, kDistances>{}).put_code(out);
  green.put(out, 0);
  green.put(out, kSeen);
}

void put_pieces(LowBitWriter& out, const std::vector<Piece>& pieces) {
  std::array<std::size_t, kLiterals + kLengths> counts{};
  std::array<std::size_t, kDistances> distances{};
  for (const Piece& piece : pieces) {
    ++counts.at(piece.symbol);
    if (piece.is_copy()) ++distances.at(piece.distance);
  }
  const PrefixCode green(counts);
  const PrefixCode distance(distances);
  green.put_code(out);
  put_zero_codes(out);
  distance.put_code(out);
  for (const Piece& piece : pieces) {
    green.put(out, piece.symbol);
    out.put(piece.extra, piece.extra_bits);
    if (piece.is_copy()) distance.put(out, piece.distance);
  }
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
  const auto width = static_cast<std::size_t>(mask.size.width + 7) / 8;
  LowBitWriter out;
  out.put(kLosslessWithoutFilter, 8);
  put_colours(out);
  out.put(0, 1);  // no further transform
  out.put(0, 1);  // no colour cache
  out.put(0, 1);  // one code for the whole picture
  put_pieces(out, pieces_of(bundled(mask, width), width));
  return out.take();
}

}  // namespace anim
