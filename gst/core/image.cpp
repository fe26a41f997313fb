// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/image.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace anim {
namespace {

constexpr std::uint8_t kOpaque = 255;

}  // namespace

Image::Image(PixelFormat format, Size size) : format_(format), size_(size) {
  std::size_t total = 0;
  for (int plane = 0; plane < plane_count(format); ++plane) {
    offset_.at(plane) = total;
    total += static_cast<std::size_t>(plane_bytes(format, size, plane).area());
  }
  bytes_.resize(total);
}

Image::Image(const ImageView& source) : Image(source.format, source.size) {
  replace({0, 0, size_.width, size_.height}, source);
}

void Image::replace(const Rect& area, const ImageView& source) {
  const ImageView target = cropped(view(), area);
  for (int plane = 0; plane < plane_count(format_); ++plane) {
    std::uint8_t* to = this->plane(plane) + (target.data.at(plane) - view().data.at(plane));
    const int rows = plane_bytes(format_, area.size(), plane).height;
    for (int y = 0; y < rows; ++y) {
      const auto row = source.row(plane, y);
      std::copy(row.begin(), row.end(), to + target.stride.at(plane) * y);
    }
  }
}

ImageView Image::view() const {
  ImageView out{.format = format_, .size = size_, .data = {}, .stride = {}};
  for (int plane = 0; plane < plane_count(format_); ++plane) {
    out.data.at(plane) = bytes_.data() + offset_.at(plane);
    out.stride.at(plane) = plane_bytes(format_, size_, plane).width;
  }
  return out;
}

ImageView cropped(const ImageView& picture, const Rect& area) {
  ImageView out = picture;
  out.size = area.size();
  for (int plane = 0; plane < plane_count(picture.format); ++plane) {
    // Where the area starts, in rows and bytes: the extent of what lies above and left of it.
    const int column = area.x == 0 ? 0 : plane_bytes(picture.format, {area.x, 1}, plane).width;
    const int row = area.y == 0 ? 0 : plane_bytes(picture.format, {1, area.y}, plane).height;
    out.data.at(plane) += picture.stride.at(plane) * row + column;
  }
  return out;
}

static_assert(std::endian::native == std::endian::little, "a packed pixel's alpha is on top");

std::span<const std::uint32_t> packed_words(const ImageView& picture, int y) {
  return {reinterpret_cast<const std::uint32_t*>(picture.row(0, y).data()),
          static_cast<std::size_t>(picture.size.width)};
}

bool is_opaque(const ImageView& picture) {
  if (picture.format == PixelFormat::I420) return true;
  const bool is_packed = plane_count(picture.format) == 1;
  const std::size_t step = is_packed ? 4 : 1;
  for (int y = 0; y < picture.size.height; ++y) {
    const auto row = picture.row(is_packed ? 0 : 3, y);
    unsigned all = kOpaque;
    for (std::size_t at = step - 1; at < row.size(); at += step) all &= row[at];
    if (all != kOpaque) return false;
  }
  return true;
}

std::optional<std::uint8_t> common_alpha(const ImageView& picture) {
  if (picture.format != PixelFormat::A420) return kOpaque;
  const std::uint8_t alpha = *picture.data[3];
  for (int y = 0; y < picture.size.height; ++y) {
    const auto row = picture.row(3, y);
    if (!std::all_of(row.begin(), row.end(), [alpha](auto a) { return a == alpha; })) return {};
  }
  return alpha;
}

bool same_pixels(const ImageView& a, const ImageView& b) {
  if (a.format != b.format || a.size != b.size) return false;
  for (int plane = 0; plane < plane_count(a.format); ++plane) {
    const int rows = plane_bytes(a.format, a.size, plane).height;
    for (int y = 0; y < rows; ++y) {
      const auto left = a.row(plane, y);
      const auto right = b.row(plane, y);
      if (std::memcmp(left.data(), right.data(), left.size()) != 0) return false;
    }
  }
  return true;
}

}  // namespace anim
