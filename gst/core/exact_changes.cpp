// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/exact_changes.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace anim {
namespace {

constexpr std::uint32_t kAlpha = 0xFF000000;

/// What no pixel of a cleared picture is: a colour without opacity.
constexpr std::uint32_t kUnknown = 0x00FFFFFF;

/// Row `y` of a picture of our own, as words 0xAARRGGBB.
std::span<std::uint32_t> words(Image& picture, int y) {
  const auto width = static_cast<std::size_t>(picture.size().width);
  return {reinterpret_cast<std::uint32_t*>(picture.plane(0)) + width * y, width};
}

/// A pixel without its colour where that cannot be seen.
std::uint32_t cleared(std::uint32_t word) {
  return (word & kAlpha) == 0 ? 0 : word;
}

Image cleared(const ImageView& picture) {
  Image out(picture);
  for (int y = 0; y < out.size().height; ++y) {
    for (std::uint32_t& word : words(out, y)) word = cleared(word);
  }
  return out;
}

/// The smallest rectangle around the differences of a picture from what is shown, of one size.
Rect difference(const ImageView& picture, const ImageView& shown) {
  const auto is_same = [](std::uint32_t now, std::uint32_t then) { return cleared(now) == then; };
  const auto [width, height] = picture.size;
  int left = width;
  int right = 0;
  int top = height;
  int bottom = 0;
  for (int y = 0; y < height; ++y) {
    const auto now = packed_words(picture, y);
    const auto then = packed_words(shown, y);
    if (std::memcmp(now.data(), then.data(), now.size_bytes()) == 0) continue;
    const auto first = std::mismatch(now.begin(), now.end(), then.begin(), is_same).first;
    if (first == now.end()) continue;
    const auto last = std::mismatch(now.rbegin(), now.rend(), then.rbegin(), is_same).first;
    left = std::min(left, static_cast<int>(first - now.begin()));
    right = std::max(right, static_cast<int>(now.rend() - last));
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
Image overlay_of(const ImageView& now, const ImageView& then) {
  Image out(now);
  bool saves = false;
  for (int y = 0; y < out.size().height; ++y) {
    const auto to = words(out, y);
    const auto old = packed_words(then, y);
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

ExactChange ExactChanges::change_to(const ImageView& picture) const {
  const auto [width, height] = picture.size;
  if (shown_.size() != picture.size) return {{0, 0, width, height}, cleared(picture), {}};
  const Rect changed = difference(picture, shown_.view());
  if (changed.is_empty()) return {};
  ExactChange out{at_even_corner(changed), {}, {}};
  out.whole = cleared(cropped(picture, out.area));
  out.overlay = overlay_of(out.whole.view(), cropped(shown_.view(), out.area));
  return out;
}

void ExactChanges::show(const ExactChange& change) {
  if (change.area.is_empty()) return;
  if (shown_.is_empty() || change.area.size() == shown_.size()) {
    shown_ = Image(change.whole.view());
  } else {
    shown_.replace(change.area, change.whole.view());
  }
}

void ExactChanges::forget(const Rect& area) {
  if (shown_.is_empty()) return;
  for (int y = area.y; y < area.bottom(); ++y) {
    const auto row = words(shown_, y);
    std::fill_n(row.begin() + area.x, area.width, kUnknown);
  }
}

}  // namespace anim
