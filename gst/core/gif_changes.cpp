// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_changes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "gst/core/bounds.h"
#include "gst/core/histogram.h"
#include "gst/core/vector_clones.h"

namespace anim {
namespace {

constexpr Argb kColorMask = 0x00FFFFFF;
constexpr std::uint32_t kVisibleAlpha = 128;
constexpr int kLargestTable = 256;
// Of a pixel in a block that moved: the squared difference that noise explains, in variances.
constexpr double kNoiseLimit = 4;
// A pixel of a block that is still as a whole may differ by more, in tolerances and in variances of
// noise; beyond that it is something small that came or went.
constexpr double kStillTolerance = 3;
constexpr double kStillNoiseLimit = 36;
constexpr double kSoonerTolerance = 0.5;  // tolerances, when most of a picture changes

/// The difference of a channel, as what is quickly squared.
float difference(Argb a, Argb b, unsigned shift) {
  return static_cast<float>(static_cast<int>(a >> shift & 0xFFU) -
                            static_cast<int>(b >> shift & 0xFFU));
}

/// Of a pixel, beside what was drawn there: whether it stays, is drawn only when most of the
/// picture is, or has changed.
enum Mark : std::uint8_t { kStays, kDrawnSooner, kChanged };

/// Marks which of `count` pixels may not stay as they were drawn (`carried`) to show `next`: those
/// whose color_distance() is above `most`, and those that only one of both draws. Those above
/// `sooner` (at most `most`) are drawn sooner.
ANIM_VECTOR_CLONES
void mark_row(const Argb* next, const Argb* carried, int count, float most, float sooner,
              std::uint8_t* changed) {
  for (int i = 0; i < count; ++i) {
    const float red = difference(next[i], carried[i], 16);
    const float green = difference(next[i], carried[i], 8);
    const float blue = difference(next[i], carried[i], 0);
    const float apart = kRedWeight * red * red + kGreenWeight * green * green +
                        kBlueWeight * blue * blue;  // whole numbers, so exact
    const bool are_drawn = (next[i] != 0) & (carried[i] != 0);
    const bool is_same = next[i] == carried[i];
    const bool is_near = is_same | (are_drawn & (apart <= most));
    const bool is_nearer = is_same | (are_drawn & (apart <= sooner));
    changed[i] = is_nearer ? kStays : is_near ? kDrawnSooner : kChanged;
  }
}

/// How many of them changed.
std::size_t count_changed(std::span<const std::uint8_t> marks) {
  return static_cast<std::size_t>(std::count(marks.begin(), marks.end(), kChanged));
}

/// Those that would be drawn sooner stay.
ANIM_VECTOR_CLONES
void let_stay(std::span<std::uint8_t> marks) {
  for (std::uint8_t& mark : marks) mark = mark == kChanged ? kChanged : kStays;
}

/// Words with alpha in their highest byte, which becomes all or nothing.
ANIM_VECTOR_CLONES
void load_row(const std::uint32_t* words, int count, bool has_alpha, Argb* out) {
  const std::uint32_t least = has_alpha ? kVisibleAlpha : 0;
  for (int i = 0; i < count; ++i) {
    out[i] = words[i] >> 24 >= least ? words[i] | ~kColorMask : 0;
  }
}

/// Red and blue change their places.
ANIM_VECTOR_CLONES
void swap_red_and_blue(Argb* pixels, int count) {
  for (int i = 0; i < count; ++i) {
    const Argb pixel = pixels[i];
    pixels[i] = (pixel & 0xFF00FF00) | (pixel >> 16 & 0xFF) | (pixel & 0xFF) << 16;
  }
}

/// The pixels of `next` that changed, nothing in the place of others.
ANIM_VECTOR_CLONES
void take_changed(const Argb* next, const std::uint8_t* changed, int count, Argb* out) {
  for (int i = 0; i < count; ++i) out[i] = changed[i] != 0 ? next[i] : 0;
}

/// Notes in `carried` what `pixels` draw, with a `mark` in place of alpha.
ANIM_VECTOR_CLONES
void carry_row(const Argb* pixels, Argb mark, int count, Argb* carried) {
  for (int i = 0; i < count; ++i) {
    carried[i] = pixels[i] == 0 ? carried[i] : (pixels[i] & kColorMask) | mark;
  }
}

}  // namespace

bool has_holes(std::span<const Argb> pixels) {
  return std::find(pixels.begin(), pixels.end(), Argb{0}) != pixels.end();
}

GifCanvas::GifCanvas(Size size, Rules rules)
    : size_(size),
      rules_(rules),
      blocks_(rules.tolerance),
      next_(static_cast<std::size_t>(size.area())),
      carried_(next_.size()),
      changed_(next_.size()) {}

Result<std::optional<GifChange>> GifCanvas::draw(const ImageView& picture) {
  if (Status status = load(picture); !status) return status.error();
  const bool is_exact = few_colors(next_).has_value();
  const bool clears = uncovers();
  if (clears) std::fill(carried_.begin(), carried_.end(), 0);
  compare_blocks(picture, is_exact);
  Rect rect = mark(is_exact);
  if (rect.is_empty() && !clears && !is_blank_) return std::optional<GifChange>();
  if (is_blank_) {
    rect = {0, 0, size_.width, size_.height};
  } else if (rules_.has_alpha) {
    rect = visible();
  }
  is_blank_ = false;
  GifChange change = take(rect);
  change.clears = clears;
  carry(change);
  return std::optional<GifChange>(std::move(change));
}

Status GifCanvas::load(const ImageView& picture) {
  const bool is_bgra = picture.format == PixelFormat::Bgra;
  if (!is_bgra && picture.format != PixelFormat::Rgba) {
    return Error{ErrorCode::Unsupported, "a GIF is made of BGRA or RGBA pictures", {}};
  }
  for (int y = 0; y < size_.height; ++y) {
    Argb* out = next_.data() + static_cast<std::ptrdiff_t>(y) * size_.width;
    load_row(packed_words(picture, y).data(), size_.width, rules_.has_alpha, out);
    if (!is_bgra) swap_red_and_blue(out, size_.width);
  }
  return success();
}

/// The colours of `pixels` when they fit in a table, with a transparent entry where one is needed.
std::optional<std::vector<Rgb>> GifCanvas::few_colors(const std::vector<Argb>& pixels) const {
  auto colors = exact_colors(pixels, rules_.most_colors);
  if (!colors || colors->size() < static_cast<std::size_t>(kLargestTable)) return colors;
  if (has_holes(pixels)) return std::nullopt;
  return colors;
}

/// Pixels that are compared exactly need no blocks, and neither do pictures without any tolerance.
void GifCanvas::compare_blocks(const ImageView& picture, bool exactly) {
  if (exactly || rules_.tolerance == 0) {
    blocks_.forget();
  } else {
    blocks_.look(picture);
  }
}

/// Whether a pixel that is drawn has to become transparent, which only clearing can do.
bool GifCanvas::uncovers() const {
  if (!rules_.has_alpha) return false;
  for (std::size_t i = 0; i < next_.size(); ++i) {
    if (next_[i] == 0 && carried_[i] != 0) return true;
  }
  return false;
}

/// The largest color_distance() of pixels that are the same in a block that moved.
GifCanvas::Limits GifCanvas::limits() const {
  const auto distance = [this](double tolerances, double variances) {
    const double levels = tolerances * rules_.tolerance;
    const double square = std::max(levels * levels, variances * blocks_.noise());
    return static_cast<int>(std::lround(kLevelDistance * square));
  };
  return {distance(1, kNoiseLimit), distance(kSoonerTolerance, kNoiseLimit),
          distance(kStillTolerance, kStillNoiseLimit)};
}

/// Calls `visit(first pixel, how many, whether they are of blocks that are still)` for the parts of
/// each row.
template <class Visit>
void GifCanvas::visit_blocks(Visit visit) const {
  std::size_t row = 0;
  for (int y = 0; y < size_.height; ++y, row += static_cast<std::size_t>(size_.width)) {
    for (int x = 0; x < size_.width;) {
      const int end = blocks_.end_of_alike(x, y);
      visit(row + static_cast<std::size_t>(x), end - x, blocks_.is_still(x, y));
      x = end;
    }
  }
}

/// Notes which pixels changed, and returns the box around them.
Rect GifCanvas::mark(bool exactly) {
  if (exactly || rules_.tolerance == 0) {
    mark_alike(exactly ? -1 : 0);
  } else {
    mark_blocks();
  }
  Bounds bounds;
  const auto width = static_cast<std::size_t>(size_.width);
  for (int y = 0; y < size_.height; ++y) {
    bounds.add_row(y, std::span(changed_).subspan(static_cast<std::size_t>(y) * width, width));
  }
  return bounds.rect();
}

/// Notes the pixels whose color_distance() is above `most`; below 0, also those that were drawn in
/// approximate colours.
void GifCanvas::mark_alike(int most) {
  const auto limit = static_cast<float>(most);
  const auto width = static_cast<std::size_t>(size_.width);
  for (std::size_t row = 0; row < next_.size(); row += width) {
    mark_row(&next_[row], &carried_[row], size_.width, limit, limit, &changed_[row]);
  }
}

/// When most of a picture changes, what moved is drawn sooner: pixels that are each drawn in
/// another picture take more bytes than all at once, and look worse. All of it would flicker where
/// nothing has changed.
void GifCanvas::mark_blocks() {
  const Limits limits = this->limits();
  visit_blocks([&](std::size_t first, int count, bool is_still) {
    const int most = is_still ? limits.still : limits.moved;
    const int sooner = is_still ? limits.still : limits.sooner;
    mark_row(&next_[first], &carried_[first], count, static_cast<float>(most),
             static_cast<float>(sooner), &changed_[first]);
  });
  if (2 * count_changed(changed_) <= changed_.size()) let_stay(changed_);
}

/// The box around all pixels that are not transparent; one pixel when all are.
Rect GifCanvas::visible() const {
  Bounds bounds;
  for (int y = 0; y < size_.height; ++y) {
    for (int x = 0; x < size_.width; ++x) {
      if (next_[static_cast<std::size_t>(y) * size_.width + x] != 0) bounds.add(x, y);
    }
  }
  const Rect rect = bounds.rect();
  return rect.is_empty() ? Rect{0, 0, 1, 1} : rect;
}

std::vector<Argb> GifCanvas::pixels_of(const Rect& rect, bool only_changed) const {
  std::vector<Argb> pixels(static_cast<std::size_t>(rect.size().area()));
  Argb* out = pixels.data();
  for (int y = rect.y; y < rect.bottom(); ++y, out += rect.width) {
    const std::size_t first = static_cast<std::size_t>(y) * size_.width + rect.x;
    if (only_changed) {
      take_changed(&next_[first], &changed_[first], rect.width, out);
    } else {
      std::copy_n(&next_[first], rect.width, out);
    }
  }
  return pixels;
}

/// The changed pixels of `rect`. All of its pixels when that is what keeps them exact: a full
/// table has no room for the transparent entry that unchanged pixels need.
GifChange GifCanvas::take(const Rect& rect) const {
  GifChange change{.rect = rect,
                   .pixels = pixels_of(rect, true),
                   .clears = false,
                   .is_exact = false,
                   .colors = {},
                   .dwells = {},
                   .stays = {}};
  auto colors = few_colors(change.pixels);
  // What is not among few colours by itself is not among few with its surroundings.
  if (!colors && rules_.most_colors == kLargestTable &&
      exact_colors(change.pixels, kLargestTable)) {
    std::vector<Argb> all = pixels_of(rect, false);
    colors = few_colors(all);
    if (colors) change.pixels = std::move(all);
  }
  change.is_exact = colors.has_value();
  if (colors) change.colors = std::move(*colors);
  return change;
}

GifChange GifCanvas::nothing() const {
  GifChange change;
  change.rect = rules_.has_alpha ? visible() : Rect{0, 0, 1, 1};
  change.pixels.resize(static_cast<std::size_t>(change.rect.size().area()));
  return change;
}

void GifCanvas::become(std::size_t pixel, Argb color) {
  carried_[pixel] = (color & kColorMask) | kApproximately;
}

void GifCanvas::carry(const GifChange& change) {
  const Argb mark = change.is_exact ? kExactly : kApproximately;
  const Argb* pixels = change.pixels.data();
  for (int y = change.rect.y; y < change.rect.bottom(); ++y, pixels += change.rect.width) {
    Argb* carried = carried_.data() + static_cast<std::ptrdiff_t>(y) * size_.width + change.rect.x;
    carry_row(pixels, mark, change.rect.width, carried);
  }
}

}  // namespace anim
