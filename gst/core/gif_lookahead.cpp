// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_lookahead.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <utility>

#include "gst/core/divisor.h"
#include "gst/core/vector_clones.h"

namespace anim {
namespace {

constexpr Ticks kTicksPerSecond = 100;
constexpr Ticks kLongestStay = kTicksPerSecond * 2;  // is the longest dwell

/// What is shown for so long, as GifChange counts it.
std::uint8_t dwell_of(Ticks shown) {
  const Ticks rounded = (shown * kDwellsPerSecond + kTicksPerSecond / 2) / kTicksPerSecond;
  return static_cast<std::uint8_t>(std::clamp<Ticks>(rounded, 1, kLongestDwell));
}

/// Blue, green and red of an opaque colour, and that it is one, in 16 bits each.
std::uint64_t sum_of(Argb color) {
  const std::uint64_t all = color;
  return (all & 0xFF) | (all & 0xFF00) << 8 | (all & 0xFF0000) << 16 | std::uint64_t{1} << 48;
}

/// Adds `colors` to the sums of those pixels that are of pictures from `oldest` on, but before
/// `latest`.
ANIM_VECTOR_CLONES
void add_colors(const Argb* colors, const std::uint32_t* origins, std::uint32_t oldest,
                std::uint32_t latest, std::size_t count, std::uint64_t* sums) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool stays = (origins[i] >= oldest) & (origins[i] != latest);
    sums[i] += stays ? sum_of(colors[i]) : 0;
  }
}

/// Of pixels that are `drawn` by a picture (not 0) begins what is known: their picture is `origin`.
ANIM_VECTOR_CLONES
void begin_row(const Argb* drawn, int count, std::uint32_t origin, std::uint32_t* origins,
               std::uint64_t* sums) {
  for (int i = 0; i < count; ++i) {
    origins[i] = drawn[i] != 0 ? origin : origins[i];
    sums[i] = drawn[i] != 0 ? sum_of(drawn[i]) : sums[i];
  }
}

/// By the number of pictures that a pixel stands for.
constexpr auto kDivisors = [] {
  std::array<Divisor, 256> divisors;
  for (std::size_t i = 1; i < divisors.size(); ++i) divisors[i] = Divisor(static_cast<int>(i));
  return divisors;
}();

}  // namespace

GifLookahead::GifLookahead(Size size, GifCanvas::Rules rules)
    : size_(size),
      canvas_(size, rules),
      origins_(static_cast<std::size_t>(size.area())),
      sums_(origins_.size()) {}

Result<bool> GifLookahead::look(const ImageView& picture, Ticks start) {
  auto change = canvas_.draw(picture);
  if (!change) return change.error();
  ++seen_;
  latest_ = start;
  if (!*change) {
    stay();
    if (!has_rested()) return false;
    hold(canvas_.nothing(), start);
    return true;
  }
  changed_at_ = seen_;
  draw(**change);
  stay();
  hold(std::move(**change), start);
  return true;
}

/// `change` is of the latest picture.
void GifLookahead::hold(GifChange change, Ticks start) {
  change.dwells.assign(change.pixels.size(), 1);
  held_.push_back({seen_, start, std::move(change)});
}

/// Whether now, and only now, what has not changed for long is refined. Exact pixels need nothing.
bool GifLookahead::has_rested() const {
  return seen_ - changed_at_ == kRefinementPeriod &&
         std::any_of(origins_.begin(), origins_.end(), [](auto origin) { return origin != 0; });
}

/// The pixels that `change` draws are of the latest picture. Exact ones are final.
void GifLookahead::draw(const GifChange& change) {
  const std::vector<Shown> frames = this->frames(latest_);
  if (change.clears) {
    settle_area({0, 0, size_.width, size_.height}, frames);
    std::fill(origins_.begin(), origins_.end(), 0);
  }
  const std::uint32_t origin = change.is_exact ? 0 : seen_;
  const std::uint32_t fewest = is_brief(latest_) ? 2 : 1;
  const Argb* drawn = change.pixels.data();
  for (int y = change.rect.y; y < change.rect.bottom(); ++y, drawn += change.rect.width) {
    const std::size_t row = static_cast<std::size_t>(y) * size_.width + change.rect.x;
    for (int x = 0; x < change.rect.width; ++x) {
      const std::size_t i = row + x;
      if (drawn[x] == 0 || count(i) < fewest) continue;
      const Shown shown = frame_of(i, frames);
      if (shown.held != nullptr) settle(shown, change.rect.x + x, y);
    }
    begin_row(drawn, change.rect.width, origin, &origins_[row], &sums_[row]);
  }
}

/// The pixels that the latest picture does not draw stand for it as well, unless their frame has
/// been given away.
void GifLookahead::stay() {
  if (held_.empty()) return;
  const std::vector<Argb>& picture = canvas_.picture();
  add_colors(picture.data(), origins_.data(), held_.front().number, seen_, picture.size(),
             sums_.data());
}

/// How many pictures a pixel stands for.
std::uint32_t GifLookahead::count(std::size_t pixel) const {
  return static_cast<std::uint32_t>(sums_[pixel] >> 48);
}

Argb GifLookahead::mean(std::size_t pixel) const {
  const std::uint32_t count = this->count(pixel);
  assert(count < kDivisors.size());
  const Divisor& divisor = kDivisors[count];
  const auto level = [&](int shift) {
    return divisor.quotient(static_cast<int>((sums_[pixel] >> shift & 0xFFFF) + count / 2));
  };
  return opaque({level(32), level(16), level(0)});
}

/// The held frames by their number, from the oldest's on, as they are shown `until` then; nothing
/// where there is none.
std::vector<GifLookahead::Shown> GifLookahead::frames(Ticks until) {
  std::vector<Shown> frames;
  for (Held& held : held_) {
    frames.resize(held.number - held_.front().number);
    frames.push_back({&held, dwell_of(until - held.start)});
  }
  return frames;
}

/// The one of `frames` that a pixel is shown of; nothing when it is not held.
GifLookahead::Shown GifLookahead::frame_of(std::size_t pixel, std::span<const Shown> frames) const {
  if (frames.empty()) return {};
  const std::uint32_t place = origins_[pixel] - frames.front().held->number;
  return place < frames.size() ? frames[place] : Shown{};
}

/// Whether what no second picture shows, and is so of the latest frame, is gone before it matters.
bool GifLookahead::is_brief(Ticks until) const {
  return held_.empty() || dwell_of(until - held_.back().start) == 1;
}

/// What a pixel of a frame has become goes into it.
void GifLookahead::settle(const Shown& shown, int x, int y) {
  GifChange& change = shown.held->change;
  const auto place = static_cast<std::size_t>(y - change.rect.y) * change.rect.width +
                     static_cast<std::size_t>(x - change.rect.x);
  change.pixels[place] = mean(static_cast<std::size_t>(y) * size_.width + x);
  change.dwells[place] = shown.dwell;
}

/// Settles the pixels of `area` that are of `frames`.
void GifLookahead::settle_area(const Rect& area, std::span<const Shown> frames) {
  for (int y = area.y; y < area.bottom(); ++y) {
    std::size_t i = static_cast<std::size_t>(y) * size_.width + area.x;
    for (int x = area.x; x < area.right(); ++x, ++i) {
      const Shown shown = frame_of(i, frames);
      if (shown.held != nullptr) settle(shown, x, y);
    }
  }
}

std::vector<const GifChange*> GifLookahead::held() const {
  std::vector<const GifChange*> out;
  for (const Held& held : held_) out.push_back(&held.change);
  return out;
}

bool GifLookahead::is_due() const {
  if (seen_ - held_.front().number >= kLookahead) return true;
  std::int64_t pixels = 0;
  for (const Held& held : held_) pixels += held.change.rect.size().area();
  return held_.size() > 1 && pixels > kMostHeld;
}

/// Settles the pixels that are still of the oldest change, and tells the canvas what they are.
void GifLookahead::settle_all(Held& oldest, Ticks until) {
  const Rect& rect = oldest.change.rect;
  const Shown shown = {&oldest, dwell_of(until - oldest.start)};
  for (int y = rect.y; y < rect.bottom(); ++y) {
    std::size_t i = static_cast<std::size_t>(y) * size_.width + rect.x;
    for (int x = rect.x; x < rect.right(); ++x, ++i) {
      if (origins_[i] != oldest.number) continue;
      settle(shown, x, y);
      canvas_.become(i, mean(i));
    }
  }
}

/// Only what was seen to stay is worth it.
bool GifLookahead::may_refine(const Held& oldest) const {
  return oldest.number >= refines_at_ && seen_ - oldest.number >= kLookahead &&
         !oldest.change.is_exact;
}

/// What frames before `number` have drawn and none that is held does. Exact pixels need nothing.
std::vector<Argb> GifLookahead::staying(std::uint32_t number) const {
  std::vector<Argb> out(origins_.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (origins_[i] != 0 && origins_[i] < number) out[i] = canvas_.drawn(i);
  }
  return out;
}

std::optional<GifChange> GifLookahead::next(std::optional<Ticks> end) {
  if (held_.empty() || !(end || is_due())) return std::nullopt;
  Held& oldest = held_.front();
  // What the first picture shows to the end stays when the animation begins anew.
  const bool is_endless = end && oldest.number == 1;
  settle_all(oldest, is_endless ? oldest.start + kLongestStay : end.value_or(latest_));
  if (may_refine(oldest)) {
    oldest.change.stays = staying(oldest.number);
    refines_at_ = oldest.number + kRefinementPeriod;
  }
  std::optional<GifChange> change(std::move(oldest.change));
  held_.pop_front();
  return change;
}

}  // namespace anim
