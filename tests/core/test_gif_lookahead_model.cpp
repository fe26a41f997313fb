// SPDX-License-Identifier: LGPL-2.1-or-later
// GifLookahead beside the same rules written down pixel by pixel, on random small animations.
#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_lookahead.h"

namespace {

using anim::Argb;
using anim::GifCanvas;
using anim::GifChange;
using anim::GifLookahead;
using anim::Image;
using anim::Rect;
using anim::Size;
using anim::Ticks;

std::uint8_t dwell_of(Ticks shown) {
  const Ticks rounded = (shown * anim::kDwellsPerSecond + 50) / 100;
  return static_cast<std::uint8_t>(std::clamp<Ticks>(rounded, 1, anim::kLongestDwell));
}

/// The changes that a GifLookahead gives away, slowly.
class Model {
 public:
  Model(Size size, GifCanvas::Rules rules)
      : size_(size), canvas_(size, rules), pixels_(static_cast<std::size_t>(size.area())) {}

  bool look(const anim::ImageView& picture, Ticks start) {
    std::optional<GifChange> change = canvas_.draw(picture).value();
    ++seen_;
    latest_ = start;
    if (change) changed_at_ = seen_;
    for (int y = 0; y < size_.height; ++y) {
      for (int x = 0; x < size_.width; ++x) pass(change, x, y);
    }
    const int refined = static_cast<int>(seen_ - changed_at_ - GifLookahead::kRefinementPeriod);
    const bool is_time = refined >= 0 && refined < anim::kStillRefinements &&
                         std::any_of(pixels_.begin(), pixels_.end(),
                                     [](const Pixel& pixel) { return pixel.origin != 0; });
    if (!change && !is_time) return false;
    held_.push_back({seen_, start, change ? std::move(*change) : canvas_.nothing()});
    held_.back().change.dwells.assign(held_.back().change.pixels.size(), 1);
    if (is_time) held_.back().change.more_refine = anim::kStillRefinements - 1 - refined;
    return true;
  }

  std::optional<GifChange> next(std::optional<Ticks> end) {
    if (held_.empty()) return std::nullopt;
    Held& oldest = held_.front();
    const bool is_due = seen_ - oldest.number >= GifLookahead::kLookahead;
    if (!end && !is_due) return std::nullopt;
    const Ticks until = end && oldest.number == 1 ? oldest.start + 200 : end.value_or(latest_);
    const bool refines = is_due && oldest.number >= refines_at_ && !oldest.change.is_exact;
    if (refines) oldest.change.stays.resize(pixels_.size());
    for (int i = 0; i < size_.area(); ++i) {
      const Pixel& pixel = pixels_[static_cast<std::size_t>(i)];
      if (pixel.origin == oldest.number) {
        settle(oldest, until, pixel, i % size_.width, i / size_.width);
        canvas_.become(static_cast<std::size_t>(i), pixel.mean());
      }
    }
    if (refines) {
      refines_at_ =
          oldest.number + (oldest.change.more_refine > 0 ? 1 : GifLookahead::kRefinementPeriod);
      for (std::size_t i = 0; i < pixels_.size(); ++i) {
        const std::uint32_t origin = pixels_[i].origin;
        if (origin != 0 && origin < oldest.number) oldest.change.stays[i] = canvas_.drawn(i);
      }
    }
    std::optional<GifChange> change(std::move(oldest.change));
    held_.pop_front();
    return change;
  }

 private:
  struct Held {
    std::uint32_t number;
    Ticks start;
    GifChange change;
  };
  struct Pixel {
    std::uint32_t origin = 0;
    int count = 0;
    int r = 0;
    int g = 0;
    int b = 0;

    void add(anim::Rgb color) {
      ++count;
      r += color.r;
      g += color.g;
      b += color.b;
    }
    [[nodiscard]] Argb mean() const {
      const auto level = [this](int sum) {
        return static_cast<std::uint8_t>((sum + count / 2) / count);
      };
      return anim::opaque({level(r), level(g), level(b)});
    }
  };

  Held* held_of(const Pixel& pixel) {
    const auto found = std::find_if(held_.begin(), held_.end(),
                                    [&](const Held& held) { return held.number == pixel.origin; });
    return found == held_.end() ? nullptr : &*found;
  }

  static Argb drawn_at(const GifChange& change, int x, int y) {
    const Rect& rect = change.rect;
    const bool is_inside = x >= rect.x && x < rect.right() && y >= rect.y && y < rect.bottom();
    return is_inside
               ? change.pixels[static_cast<std::size_t>((y - rect.y) * rect.width + x - rect.x)]
               : 0;
  }

  /// A pixel of the latest picture, which makes `change`.
  void pass(const std::optional<GifChange>& change, int x, int y) {
    const auto i = static_cast<std::size_t>(y * size_.width + x);
    Pixel& pixel = pixels_[i];
    const bool clears = change && change->clears;
    const Argb drawn = change ? drawn_at(*change, x, y) : 0;
    const bool is_brief = held_.empty() || dwell_of(latest_ - held_.back().start) == 1;
    Held* held = held_of(pixel);
    if (held != nullptr && (clears || (drawn != 0 && pixel.count >= (is_brief ? 2 : 1)))) {
      settle(*held, latest_, pixel, x, y);
    }
    if (clears) pixel.origin = 0;
    if (drawn != 0) {
      pixel = {.origin = change->is_exact ? 0 : seen_};
      pixel.add(anim::rgb_of(drawn));
    } else if (held_of(pixel) != nullptr) {
      pixel.add(anim::rgb_of(canvas_.picture()[i]));
    }
  }

  static void settle(Held& held, Ticks until, const Pixel& pixel, int x, int y) {
    const Rect& rect = held.change.rect;
    const auto place = static_cast<std::size_t>((y - rect.y) * rect.width + x - rect.x);
    held.change.pixels[place] = pixel.mean();
    held.change.dwells[place] = dwell_of(until - held.start);
  }

  Size size_;
  GifCanvas canvas_;
  std::vector<Pixel> pixels_;
  std::deque<Held> held_;
  std::uint32_t seen_ = 0;
  std::uint32_t changed_at_ = 0;
  std::uint32_t refines_at_ = 2;
  Ticks latest_ = 0;
};

/// Pictures of noise on slopes in which something else changes at a time.
class Pictures {
 public:
  Pictures(Size size, bool has_alpha, unsigned seed)
      : picture_(anim::PixelFormat::Bgra, size), has_alpha_(has_alpha), random_(seed) {
    paint({0, 0, size.width, size.height}, false);
  }

  const Image& next() {
    const unsigned what = random_() % 8;
    if (what < 5) paint(somewhere(), what == 0);
    return picture_;
  }

 private:
  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }

  Rect somewhere() {
    const auto [width, height] = picture_.size();
    const int x = below(width);
    const int y = below(height);
    return {x, y, 1 + below(width - x), 1 + below(height - y)};
  }

  void paint(const Rect& rect, bool is_flat) {
    const auto level = static_cast<std::uint8_t>(random_());
    const bool is_clear = has_alpha_ && random_() % 3 == 0;
    for (int y = rect.y; y < rect.bottom(); ++y) {
      for (int x = rect.x; x < rect.right(); ++x) {
        std::uint8_t* pixel =
            picture_.plane(0) + picture_.view().stride[0] * y + std::ptrdiff_t{4} * x;
        for (int channel = 0; channel < 3; ++channel) {
          const unsigned more = is_flat ? 0 : static_cast<unsigned>(3 * x + 5 * y) + random_() % 9;
          pixel[channel] = static_cast<std::uint8_t>(level + more);
        }
        pixel[3] = is_clear ? 0 : 255;
      }
    }
  }

  Image picture_;
  bool has_alpha_;
  std::mt19937 random_;
};

void check_same(const std::optional<GifChange>& change, const std::optional<GifChange>& expected) {
  REQUIRE(change.has_value() == expected.has_value());
  if (!change) return;
  CHECK(change->rect == expected->rect);
  CHECK(change->clears == expected->clears);
  CHECK(change->is_exact == expected->is_exact);
  CHECK(change->pixels == expected->pixels);
  CHECK(change->dwells == expected->dwells);
  CHECK(change->stays == expected->stays);
  CHECK(change->more_refine == expected->more_refine);
}

/// Counts what was met, to tell that the pictures are worth it.
struct Met {
  int clears = 0;
  int exact = 0;
  int refining = 0;
};

Met compare(Size size, GifCanvas::Rules rules, Ticks step, unsigned seed) {
  Met met;
  GifLookahead frames(size, rules);
  Model model(size, rules);
  Pictures pictures(size, rules.has_alpha, seed);
  std::mt19937 random(seed);
  Ticks now = 0;
  const auto take_all = [&](std::optional<Ticks> end) {
    while (true) {
      const auto change = frames.next(end);
      check_same(change, model.next(end));
      if (!change) return;
      met.clears += change->clears ? 1 : 0;
      met.exact += change->is_exact ? 1 : 0;
      met.refining += change->stays.empty() ? 0 : 1;
    }
  };
  for (int i = 0; i < 60; ++i, now += step) {
    const Image& picture = pictures.next();
    REQUIRE(frames.look(picture.view(), now).value() == model.look(picture.view(), now));
    // Mostly at once, as Animation asks; sometimes several have come.
    if (random() % 4 != 0) take_all(std::nullopt);
  }
  take_all(now);
  return met;
}

}  // namespace

TEST_CASE("changes, means, dwells and what stays are those of the rules, pixel by pixel") {
  Met met;
  unsigned seed = 0;
  for (const Size size : {Size{1, 1}, Size{7, 5}, Size{9, 4}, Size{65, 3}, Size{34, 40}}) {
    for (const bool has_alpha : {false, true}) {
      for (const Ticks step : {2, 9, 30}) {
        CAPTURE(size.width);
        CAPTURE(has_alpha);
        CAPTURE(step);
        const GifCanvas::Rules rules = {.most_colors = 16, .tolerance = 6, .has_alpha = has_alpha};
        const Met found = compare(size, rules, step, ++seed);
        met.clears += found.clears;
        met.exact += found.exact;
        met.refining += found.refining;
      }
    }
  }
  CHECK(met.clears > 50);
  CHECK(met.exact > 50);
  CHECK(met.refining > 10);
}
