// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_lookahead.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <limits>
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

/// Adds `colors` to the sums of those pixels that are of pictures from `oldest` on.
ANIM_VECTOR_CLONES
void add_colors(const Argb* colors, const std::uint32_t* origins, std::uint32_t oldest,
                std::size_t count, std::uint64_t* __restrict sums) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] += origins[i] >= oldest ? sum_of(colors[i]) : 0;
  }
}

/// The same, but of pixels that are `drawn` (not 0) begins what is known: their picture is
/// `origin`, whose `colors` they have.
ANIM_VECTOR_CLONES
void begin_or_add(const Argb* drawn, const Argb* colors, std::uint32_t origin, std::uint32_t oldest,
                  std::size_t count, std::uint32_t* __restrict origins,
                  std::uint64_t* __restrict sums) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool begins = drawn[i] != 0;
    const bool stands = begins | (origins[i] >= oldest);
    const std::uint64_t before = begins ? 0 : sums[i];
    sums[i] = before + (stands ? sum_of(colors[i]) : 0);
    origins[i] = begins ? origin : origins[i];
  }
}

/// Marks (1, others 0) pixels that are `drawn` (not 0), of pictures `oldest` to `newest`, and stand
/// for `fewest` pictures or more.
ANIM_VECTOR_CLONES
void mark_settled(const Argb* drawn, const std::uint32_t* origins, const std::uint64_t* sums,
                  std::uint32_t oldest, std::uint32_t newest, std::uint32_t fewest,
                  std::size_t count, std::uint8_t* marks) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_settled = (drawn[i] != 0) & (origins[i] - oldest <= newest - oldest) &
                            (static_cast<std::uint32_t>(sums[i] >> 48) >= fewest);
    marks[i] = is_settled ? 1 : 0;
  }
}

/// Marks pixels that are of one picture.
ANIM_VECTOR_CLONES
void mark_of(const std::uint32_t* origins, std::uint32_t picture, std::size_t count,
             std::uint8_t* marks) {
  for (std::size_t i = 0; i < count; ++i) marks[i] = origins[i] == picture ? 1 : 0;
}

/// Puts the places of those of the first `count` of `marks` that are 1 in `found`, which has room
/// for all, and returns how many they are. A branch for each would be foretold wrongly too often;
/// there is one for each eight, which are often all 0.
std::size_t find_marked(const std::uint8_t* marks, std::size_t count, std::uint32_t* found) {
  constexpr std::size_t kAtOnce = sizeof(std::uint64_t);
  std::size_t number = 0;
  for (std::size_t i = 0; i < count; i += kAtOnce) {
    const std::size_t end = std::min(count, i + kAtOnce);
    std::uint64_t any = 0;
    std::memcpy(&any, marks + i, end - i);
    if (any == 0) continue;
    for (std::size_t k = i; k < end; ++k) {
      found[number] = static_cast<std::uint32_t>(k);
      number += marks[k];
    }
  }
  return number;
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
      sums_(origins_.size()),
      marks_(static_cast<std::size_t>(size.width)),
      places_(marks_.size()) {}

Result<bool> GifLookahead::look(const ImageView& picture, Ticks start) {
  auto change = canvas_.draw(picture);
  if (!change) return change.error();
  ++seen_;
  latest_ = start;
  if (!*change) {
    for (int y = 0; y < size_.height; ++y) stay(0, y, size_.width);
    const std::optional<int> number = still_refinement();
    if (!number) return false;
    GifChange nothing = canvas_.nothing();
    nothing.more_refine = kStillRefinements - 1 - *number;
    hold(std::move(nothing), start);
    return true;
  }
  changed_at_ = seen_;
  draw(**change);
  hold(std::move(**change), start);
  return true;
}

/// `change` is of the latest picture.
void GifLookahead::hold(GifChange change, Ticks start) {
  change.dwells.assign(change.pixels.size(), 1);
  held_.push_back({seen_, start, std::move(change)});
}

/// Which of the frames that refine a still, from 0 on, the latest picture makes; nothing when it
/// makes none. Exact pixels need nothing.
std::optional<int> GifLookahead::still_refinement() const {
  const auto number = static_cast<int>(seen_ - changed_at_) - static_cast<int>(kRefinementPeriod);
  if (number < 0 || number >= kStillRefinements) return std::nullopt;
  const bool is_any =
      std::any_of(origins_.begin(), origins_.end(), [](auto origin) { return origin != 0; });
  return is_any ? std::optional(number) : std::nullopt;
}

/// The latest picture is on screen: the pixels that `change` draws are of it, and exact ones are
/// final.
void GifLookahead::draw(const GifChange& change) {
  if (change.clears) {
    settle_shown();
    std::fill(origins_.begin(), origins_.end(), 0);
  }
  const std::vector<Shown> frames = this->frames(latest_);
  const Rect& rect = change.rect;
  // Row by row, while what is known of it is at hand.
  for (int y = 0; y < size_.height; ++y) {
    if (y < rect.y || y >= rect.bottom()) {
      stay(0, y, size_.width);
      continue;
    }
    stay(0, y, rect.x);
    const std::size_t first = static_cast<std::size_t>(y - rect.y) * rect.width;
    const auto drawn = std::span(change.pixels).subspan(first, rect.width);
    settle_row(rect.x, y, drawn, frames);
    begin(rect.x, y, drawn, change.is_exact ? 0 : seen_);
    stay(rect.right(), y, size_.width);
  }
}

/// Settles all pixels of held changes, which are about to be cleared. What was shown before the
/// latest one that clears is not any more.
void GifLookahead::settle_shown() {
  const auto cleared = std::find_if(held_.rbegin(), held_.rend(),
                                    [](const Held& held) { return held.change.clears; });
  const auto first = cleared == held_.rend() ? held_.begin() : std::prev(cleared.base());
  std::for_each(first, held_.end(), [&](Held& held) { settle_all(held, latest_, false); });
}

/// The pixels of a row from (x, y) on that are `drawn` anew stay in `frames` as what they have
/// become.
void GifLookahead::settle_row(int x, int y, std::span<const Argb> drawn,
                              std::span<const Shown> frames) {
  if (frames.empty()) return;
  const std::uint32_t fewest = is_brief(latest_) ? 2 : 1;
  const std::uint32_t oldest = this->oldest();
  const std::size_t first = index(x, y);
  mark_settled(drawn.data(), &origins_[first], &sums_[first], oldest, held_.back().number, fewest,
               drawn.size(), marks_.data());
  for (const std::uint32_t place : marked(drawn.size())) {
    const std::size_t i = first + place;
    const Shown& shown = frames[origins_[i] - oldest];
    assert(shown.held != nullptr);  // a picture that pixels are of has its change held, or had it
    settle(shown, i, x + static_cast<int>(place), y);
  }
}

/// The places of the first `count` of marks_ that are 1. Valid until it is asked again.
std::span<const std::uint32_t> GifLookahead::marked(std::size_t count) {
  return std::span(places_).first(find_marked(marks_.data(), count, places_.data()));
}

/// The pixels of a row from (x, y) on that are `drawn`, as the latest picture has them, are of the
/// picture `origin`; others stay.
void GifLookahead::begin(int x, int y, std::span<const Argb> drawn, std::uint32_t origin) {
  const std::size_t i = index(x, y);
  begin_or_add(drawn.data(), &canvas_.picture()[i], origin, oldest(), drawn.size(), &origins_[i],
               &sums_[i]);
}

/// The pixels of a row from `x` to `end`, which the latest picture does not draw, stand for it as
/// well, unless their frame has been given away.
void GifLookahead::stay(int x, int y, int end) {
  if (held_.empty() || x >= end) return;
  const std::size_t i = index(x, y);
  add_colors(&canvas_.picture()[i], &origins_[i], oldest(), static_cast<std::size_t>(end - x),
             &sums_[i]);
}

/// The number of the oldest picture whose change is held; one that no picture has when none is.
std::uint32_t GifLookahead::oldest() const {
  return held_.empty() ? std::numeric_limits<std::uint32_t>::max() : held_.front().number;
}

std::size_t GifLookahead::index(int x, int y) const {
  return static_cast<std::size_t>(y) * size_.width + x;
}

Argb GifLookahead::mean(std::size_t pixel) const {
  const auto count = static_cast<std::uint32_t>(sums_[pixel] >> 48);
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

/// Whether what no second picture shows, and is so of the latest frame, is gone before it matters.
bool GifLookahead::is_brief(Ticks until) const {
  return held_.empty() || dwell_of(until - held_.back().start) == 1;
}

/// What a pixel of a frame has become goes into it, and is returned.
Argb GifLookahead::settle(const Shown& shown, std::size_t pixel, int x, int y) {
  GifChange& change = shown.held->change;
  const auto place = static_cast<std::size_t>(y - change.rect.y) * change.rect.width +
                     static_cast<std::size_t>(x - change.rect.x);
  change.dwells[place] = shown.dwell;
  return change.pixels[place] = mean(pixel);
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

/// Settles the pixels that are still of a frame, and tells the canvas what they are if it shows
/// them.
void GifLookahead::settle_all(Held& held, Ticks until, bool is_on_canvas) {
  const Rect& rect = held.change.rect;
  const Shown shown = {&held, dwell_of(until - held.start)};
  for (int y = rect.y; y < rect.bottom(); ++y) {
    const std::size_t first = index(rect.x, y);
    const auto width = static_cast<std::size_t>(rect.width);
    mark_of(&origins_[first], held.number, width, marks_.data());
    for (const std::uint32_t place : marked(width)) {
      const std::size_t i = first + place;
      const Argb color = settle(shown, i, rect.x + static_cast<int>(place), y);
      if (is_on_canvas) canvas_.become(i, color);
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
  settle_all(oldest, is_endless ? oldest.start + kLongestStay : end.value_or(latest_), true);
  if (may_refine(oldest)) {
    oldest.change.stays = staying(oldest.number);
    // Frames that refine one still follow each other.
    refines_at_ = oldest.number + (oldest.change.more_refine > 0 ? 1 : kRefinementPeriod);
  }
  std::optional<GifChange> change(std::move(oldest.change));
  held_.pop_front();
  return change;
}

}  // namespace anim
