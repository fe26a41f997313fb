// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_refinement.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

#include "gst/core/shade.h"

namespace anim {
namespace {

// Of larger ones more is drawn that was shown well: with 8, stills gain 0.2 to 0.6 points less, for
// about as many bytes a point.
constexpr int kBlockSide = 4;
constexpr int kFewestPixels = kBlockSide * kBlockSide / 2;  // of a block that stay
// Neighbours' mean squared difference, in square levels, that hides as much error again.
constexpr double kMasking = 120;

/// What is seen of a few pixels: the error of their mean colour, and less of their grain.
class SeenError {
 public:
  void add(Rgb shown, Rgb wanted) {
    ++pixels_;
    const double luma = (shade_luma(shown) - shade_luma(wanted)) / static_cast<double>(kShadeLevel);
    luma_ += luma;
    squares_ += luma * luma;
    yellow_ += (shown.g - wanted.g) - (shown.b - wanted.b);
  }
  /// Squared, in square levels, for each pixel once. Of one pixel at least. Beside luma counts what
  /// blue is off from green: blocks that are chosen so gain up to a fifth more points of
  /// SSIMULACRA2 for as many bytes than by the error of all channels, and than with red's, too;
  /// with the grain, 0.1 more on most clips.
  [[nodiscard]] double square() const {
    const double mean = (luma_ * luma_ + kYellowWeight * yellow_ * yellow_) / pixels_;
    return mean + kGrainWeight * (squares_ - luma_ * luma_ / pixels_);
  }

 private:
  static constexpr double kYellowWeight = 1.0 / 20;
  static constexpr double kGrainWeight = 0.07;

  int pixels_ = 0;
  double luma_ = 0;
  double squares_ = 0;  ///< of luma
  double yellow_ = 0;
};

/// Calls `visit(x, y, place on the canvas)` for each pixel of `rect`.
template <class Visit>
void visit(const Rect& rect, Size canvas, Visit visit) {
  for (int y = rect.y; y < rect.bottom(); ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * canvas.width;
    for (int x = rect.x; x < rect.right(); ++x) visit(x, y, row + x);
  }
}

/// How badly `screen` shows those pixels of `rect` that stay; without error when they are few.
ShownBlock look_at(const Rect& rect, const std::vector<Argb>& stays, const GifScreen& screen) {
  ShownBlock block{rect};
  SeenError error;
  double differences = 0;
  int pixels = 0;
  int pairs = 0;
  int luma = 0;
  visit(rect, screen.size(), [&](int x, int y, std::size_t place) {
    const Argb wanted = stays[place];
    if (wanted == 0) return;
    ++pixels;
    luma += shade_luma(rgb_of(wanted));
    error.add(rgb_of(screen.shown(place)), rgb_of(wanted));
    const auto compare = [&](bool is_inside, std::size_t distance) {
      if (!is_inside || stays[place - distance] == 0) return;
      differences += color_distance(rgb_of(stays[place - distance]), rgb_of(wanted));
      ++pairs;
    };
    compare(x > rect.x, 1);
    compare(y > rect.y, static_cast<std::size_t>(screen.size().width));
  });
  if (pixels < kFewestPixels) return block;
  block.luma = luma / pixels;
  const double busy = differences / std::max(pairs, 1) / kLevelDistance;
  block.error = error.square() / pixels / (1 + busy / kMasking);
  return block;
}

/// The worst first.
std::vector<ShownBlock> worst_blocks(const std::vector<Argb>& stays, const GifScreen& screen,
                                     double least_error) {
  assert(stays.size() == static_cast<std::size_t>(screen.size().area()));
  const Size size = screen.size();
  std::vector<ShownBlock> blocks;
  for (int y = 0; y < size.height; y += kBlockSide) {
    for (int x = 0; x < size.width; x += kBlockSide) {
      const Rect rect{x, y, std::min(kBlockSide, size.width - x),
                      std::min(kBlockSide, size.height - y)};
      const ShownBlock block = look_at(rect, stays, screen);
      if (block.error > least_error) blocks.push_back(block);
    }
  }
  std::stable_sort(blocks.begin(), blocks.end(),
                   [](const ShownBlock& a, const ShownBlock& b) { return a.error > b.error; });
  return blocks;
}

/// One part of so many of the blocks, the darkest: colours that are alike are better met by a table
/// for them alone.
void keep_darkest(std::vector<ShownBlock>& blocks, std::size_t parts) {
  std::stable_sort(blocks.begin(), blocks.end(),
                   [](const ShownBlock& a, const ShownBlock& b) { return a.luma < b.luma; });
  blocks.resize((blocks.size() + parts - 1) / parts);
}

Rect around(const Rect& a, const Rect& b) {
  const int x = std::min(a.x, b.x);
  const int y = std::min(a.y, b.y);
  return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

/// `change` with a larger rectangle.
void grow(GifChange& change, const Rect& rect) {
  const auto pixels = static_cast<std::size_t>(rect.size().area());
  std::vector<Argb> grown(pixels);
  std::vector<std::uint8_t> dwells(pixels, 1);
  const Rect inner{change.rect.x - rect.x, change.rect.y - rect.y, change.rect.width,
                   change.rect.height};
  std::size_t from = 0;
  visit(inner, rect.size(), [&](int, int, std::size_t place) {
    grown[place] = change.pixels[from];
    dwells[place] = change.dwells[from++];
  });
  change.rect = rect;
  change.pixels = std::move(grown);
  change.dwells = std::move(dwells);
}

/// Draws the pixels of `block` that stay; `change` covers it.
void add(GifChange& change, const Rect& block, Size canvas) {
  visit(block, canvas, [&](int x, int y, std::size_t place) {
    const std::size_t row = static_cast<std::size_t>(y - change.rect.y) * change.rect.width;
    const std::size_t inside = row + static_cast<std::size_t>(x - change.rect.x);
    if (change.stays[place] == 0 || change.pixels[inside] != 0) return;
    change.pixels[inside] = change.stays[place];
    change.dwells[inside] = kLongestDwell;
  });
}

}  // namespace

WorstBlocks::WorstBlocks(const std::vector<Argb>& stays, const GifScreen& screen,
                         double least_error)
    : canvas_(screen.size()), blocks_(worst_blocks(stays, screen, least_error)) {}

void WorstBlocks::draw(GifChange& change, double share) const {
  const std::size_t parts = 1 + static_cast<std::size_t>(change.more_refine);
  const std::size_t most = parts * blocks_in(share);
  const auto end = blocks_.begin() + static_cast<std::ptrdiff_t>(std::min(most, blocks_.size()));
  std::vector<ShownBlock> blocks(blocks_.begin(), end);
  keep_darkest(blocks, parts);
  Rect rect = change.rect;
  for (const ShownBlock& block : blocks) rect = around(rect, block.rect);
  grow(change, rect);
  for (const ShownBlock& block : blocks) add(change, block.rect, canvas_);
}

/// One at least of any share.
std::size_t WorstBlocks::blocks_in(double share) const {
  if (share <= 0) return 0;
  const double blocks = share * static_cast<double>(canvas_.area()) / (kBlockSide * kBlockSide);
  return std::max<std::size_t>(1, static_cast<std::size_t>(blocks));
}

}  // namespace anim
