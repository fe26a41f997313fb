// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/exact_changes.h"

#include <algorithm>
#include <span>
#include <utility>

namespace anim {
namespace {

constexpr std::uint32_t kAlpha = 0xFF000000;

/// Row `y` of a picture of our own, as words 0xAARRGGBB.
std::span<std::uint32_t> words(Image& picture, int y) {
  const auto width = static_cast<std::size_t>(picture.size().width);
  return {reinterpret_cast<std::uint32_t*>(picture.plane(0)) + width * y, width};
}

/// A copy in which what is wholly transparent has no colour.
Image cleared(const ImageView& picture) {
  Image out(picture);
  for (int y = 0; y < out.size().height; ++y) {
    for (std::uint32_t& word : words(out, y)) word = (word & kAlpha) == 0 ? 0 : word;
  }
  return out;
}

/// The smallest rectangle around the differences of two pictures of one size.
Rect difference(Image& a, Image& b) {
  const auto [width, height] = a.size();
  int left = width;
  int right = 0;
  int top = height;
  int bottom = 0;
  for (int y = 0; y < height; ++y) {
    const auto one = words(a, y);
    const auto other = words(b, y);
    const auto first = std::mismatch(one.begin(), one.end(), other.begin()).first;
    if (first == one.end()) continue;
    const auto last = std::mismatch(one.rbegin(), one.rend(), other.rbegin()).first;
    left = std::min(left, static_cast<int>(first - one.begin()));
    right = std::max(right, static_cast<int>(one.rend() - last));
    top = std::min(top, y);
    bottom = y + 1;
  }
  return bottom == 0 ? Rect{} : Rect{left, top, right - left, bottom - top};
}

/// A rectangle that a frame may have.
Rect at_even_corner(const Rect& area) {
  const int x = area.x & ~1;
  const int y = area.y & ~1;
  return {x, y, area.right() - x, area.bottom() - y};
}

/// `now` without the pixels that are the same in `then`; empty when laying it over `then` does not
/// give `now` (something becomes less opaque) or nothing is the same.
Image overlay_of(Image& now, Image& then) {
  Image out(now.view());
  bool saves = false;
  for (int y = 0; y < out.size().height; ++y) {
    const auto to = words(out, y);
    const auto old = words(then, y);
    for (std::size_t x = 0; x < to.size(); ++x) {
      if (to[x] == old[x]) {
        to[x] = 0;
        saves = true;
      } else if ((to[x] & kAlpha) != kAlpha) {
        return {};
      }
    }
  }
  return saves ? std::move(out) : Image();
}

}  // namespace

ExactChange ExactChanges::update(const ImageView& picture) {
  Image now = cleared(picture);
  if (shown_.size() != now.size()) {
    shown_ = std::move(now);
    return {{0, 0, picture.size.width, picture.size.height}, Image(shown_.view()), {}};
  }
  const Rect changed = difference(now, shown_);
  if (changed.is_empty()) return {};
  ExactChange out{at_even_corner(changed), {}, {}};
  out.whole = Image(cropped(now.view(), out.area));
  Image before(cropped(shown_.view(), out.area));
  out.overlay = overlay_of(out.whole, before);
  shown_ = std::move(now);
  return out;
}

}  // namespace anim
