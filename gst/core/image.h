// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures in memory: a view of somebody's planes, and an owned copy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gst/core/geometry.h"

namespace anim {

using Bytes = std::vector<std::uint8_t>;

/// The layouts that the codecs take; everything else is converted before.
/// YUV is BT.601, limited range: what WebP means by it.
enum class PixelFormat {
  I420,  ///< planes Y, U, V; chroma halved both ways, rounded up
  A420,  ///< I420 and a full-size plane of alpha
  Bgra,  ///< one plane, bytes B G R A (a little-endian 0xAARRGGBB word), alpha not premultiplied
  Rgba,  ///< one plane, bytes R G B A, alpha not premultiplied
};

/// How many planes `format` has.
[[nodiscard]] constexpr int plane_count(PixelFormat format) {
  switch (format) {
    case PixelFormat::I420:
      return 3;
    case PixelFormat::A420:
      return 4;
    case PixelFormat::Bgra:
    case PixelFormat::Rgba:
      return 1;
  }
  return 0;
}

/// The visible bytes of a row (`width`) and the rows (`height`) of plane `index`.
[[nodiscard]] constexpr Size plane_bytes(PixelFormat format, Size size, int index) {
  if (plane_count(format) == 1) return {size.width * 4, size.height};
  const bool is_chroma = index == 1 || index == 2;
  return is_chroma ? Size{(size.width + 1) / 2, (size.height + 1) / 2} : size;
}

/// Planes that somebody else owns; valid as long as they are.
struct ImageView {
  PixelFormat format = PixelFormat::Bgra;
  Size size;
  std::array<const std::uint8_t*, 4> data{};  ///< of packed formats at multiples of four bytes
  std::array<std::ptrdiff_t, 4> stride{};     ///< bytes from one row to the next, likewise

  [[nodiscard]] std::span<const std::uint8_t> row(int plane, int y) const {
    const auto bytes = static_cast<std::size_t>(plane_bytes(format, size, plane).width);
    return {data.at(plane) + stride.at(plane) * y, bytes};
  }
};

/// A picture that owns its planes, without padding between rows.
class Image {
 public:
  Image() = default;
  /// A picture of unset pixels.
  Image(PixelFormat format, Size size);
  /// A copy of the visible pixels of `source`.
  explicit Image(const ImageView& source);

  [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
  [[nodiscard]] PixelFormat format() const { return format_; }
  [[nodiscard]] Size size() const { return size_; }
  [[nodiscard]] ImageView view() const;
  [[nodiscard]] std::uint8_t* plane(int index) { return bytes_.data() + offset_.at(index); }

  /// Writes `source` (the same format, the size of `area`) over the pixels of `area`, which lies
  /// inside and starts at even x and y.
  void replace(const Rect& area, const ImageView& source);

 private:
  PixelFormat format_ = PixelFormat::Bgra;
  Size size_;
  std::array<std::size_t, 4> offset_{};
  Bytes bytes_;
};

/// The part of `picture` in `area`, which lies inside and starts at even x and y.
[[nodiscard]] ImageView cropped(const ImageView& picture, const Rect& area);

/// Row `y` of a packed picture as words: of Bgra 0xAARRGGBB, of Rgba 0xAABBGGRR. Its rows begin at
/// multiples of four bytes.
[[nodiscard]] std::span<const std::uint32_t> packed_words(const ImageView& picture, int y);

/// Whether no pixel is transparent, not even in part.
[[nodiscard]] bool is_opaque(const ImageView& picture);

/// The alpha that all pixels of an I420 or A420 picture have; none where they differ.
[[nodiscard]] std::optional<std::uint8_t> common_alpha(const ImageView& picture);

/// Whether the visible pixels (and format and size) are the same.
[[nodiscard]] bool same_pixels(const ImageView& a, const ImageView& b);

}  // namespace anim
