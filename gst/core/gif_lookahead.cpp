// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_lookahead.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace anim {
namespace {

constexpr Ticks kTicksPerSecond = 100;
constexpr Ticks kLongestStay = kTicksPerSecond * 2;  // is the longest dwell

/// What is shown for so long, as GifChange counts it.
std::uint8_t dwell_of(Ticks shown) {
  const Ticks rounded = (shown * kDwellsPerSecond + kTicksPerSecond / 2) / kTicksPerSecond;
  return static_cast<std::uint8_t>(std::clamp<Ticks>(rounded, 1, kLongestDwell));
}

}  // namespace

GifLookahead::GifLookahead(Size size, GifCanvas::Rules rules)
    : size_(size),
      canvas_(size, rules),
      origins_(static_cast<std::size_t>(size.area())),
      sums_(origins_.size()),
      counts_(origins_.size()) {}

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
  if (change.clears) {
    for (std::size_t i = 0; i < origins_.size(); ++i) settle(i, latest_);
    std::fill(origins_.begin(), origins_.end(), 0);
  }
  const std::uint32_t origin = change.is_exact ? 0 : seen_;
  const bool is_brief = this->is_brief(latest_);
  const Argb* drawn = change.pixels.data();
  for (int y = change.rect.y; y < change.rect.bottom(); ++y) {
    std::size_t i = static_cast<std::size_t>(y) * size_.width + change.rect.x;
    for (int x = 0; x < change.rect.width; ++x, ++i, ++drawn) {
      if (*drawn == 0) continue;
      if (!is_brief || counts_[i] > 1) settle(i, latest_);
      origins_[i] = origin;
      const Rgb color = rgb_of(*drawn);
      sums_[i] = {color.r, color.g, color.b};
      counts_[i] = 1;
    }
  }
}

/// The pixels that the latest picture does not draw stand for it as well, unless their frame has
/// been given away.
void GifLookahead::stay() {
  if (held_.empty()) return;
  const std::vector<Argb>& picture = canvas_.picture();
  const std::uint32_t oldest = held_.front().number;
  for (std::size_t i = 0; i < picture.size(); ++i) {
    if (origins_[i] < oldest || origins_[i] == seen_) continue;
    const Rgb color = rgb_of(picture[i]);
    Sums& sums = sums_[i];
    sums[0] = static_cast<std::uint16_t>(sums[0] + color.r);
    sums[1] = static_cast<std::uint16_t>(sums[1] + color.g);
    sums[2] = static_cast<std::uint16_t>(sums[2] + color.b);
    ++counts_[i];
  }
}

Argb GifLookahead::mean(std::size_t pixel) const {
  const int count = counts_[pixel];
  const auto level = [&](std::size_t channel) {
    return static_cast<std::uint8_t>((sums_[pixel][channel] + count / 2) / count);
  };
  return opaque({level(0), level(1), level(2)});
}

/// The held frame that a pixel is shown of, if it is still held.
GifLookahead::Held* GifLookahead::frame_of(std::size_t pixel) {
  const auto is_older = [](const Held& held, std::uint32_t number) { return held.number < number; };
  const auto found = std::lower_bound(held_.begin(), held_.end(), origins_[pixel], is_older);
  return found != held_.end() && found->number == origins_[pixel] ? &*found : nullptr;
}

/// Whether what no second picture shows, and is so of the latest frame, is gone before it matters.
bool GifLookahead::is_brief(Ticks until) const {
  return held_.empty() || dwell_of(until - held_.back().start) == 1;
}

/// What a pixel that is shown `until` then has become goes into its frame.
void GifLookahead::settle(std::size_t pixel, Ticks until) {
  if (origins_[pixel] == 0 || held_.empty()) return;
  Held* held = frame_of(pixel);
  if (held == nullptr) return;
  const Rect& rect = held->change.rect;
  const auto width = static_cast<std::size_t>(size_.width);
  const std::size_t row = pixel / width - static_cast<std::size_t>(rect.y);
  const std::size_t column = pixel % width - static_cast<std::size_t>(rect.x);
  const std::size_t place = row * static_cast<std::size_t>(rect.width) + column;
  held->change.pixels[place] = mean(pixel);
  held->change.dwells[place] = dwell_of(until - held->start);
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
void GifLookahead::settle_all(const Held& oldest, Ticks until) {
  const Rect& rect = oldest.change.rect;
  for (int y = rect.y; y < rect.bottom(); ++y) {
    std::size_t i = static_cast<std::size_t>(y) * size_.width + rect.x;
    for (int x = 0; x < rect.width; ++x, ++i) {
      if (origins_[i] != oldest.number) continue;
      settle(i, until);
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
