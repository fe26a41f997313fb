// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/display_order.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace anim {

bool is_shown_before(const PictureTime& a, const PictureTime& b) {
  return a.place && b.place ? *a.place < *b.place : a.time < b.time;
}

Nanoseconds shown_after(Nanoseconds time, Nanoseconds after) {
  return time < after - kMostMoved ? time : std::max(time, after + kAtOnce);
}

std::vector<Nanoseconds> display_times(std::span<const PictureTime> pictures,
                                       std::optional<Nanoseconds> after) {
  const bool have_places = std::all_of(pictures.begin(), pictures.end(),
                                       [](const PictureTime& p) { return p.place.has_value(); });
  std::vector<std::size_t> order(pictures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return have_places ? *pictures[a].place < *pictures[b].place
                       : pictures[a].time < pictures[b].time;
  });
  std::vector<Nanoseconds> times(pictures.size());
  for (const std::size_t i : order) {
    const PictureTime& picture = pictures[i];
    Nanoseconds time = picture.time;
    if (after && picture.distance) time = *after + *picture.distance;
    if (after) time = shown_after(time, *after);
    times[i] = time;
    after = time;
  }
  return times;
}

// A picture without reference is shown before the anchor that it follows in decoding order, and
// after the anchor before that.
std::int64_t DisplayPlaces::beside_anchor(bool is_anchor) {
  constexpr std::int64_t kMostBetween = 1 << 20;
  if (is_anchor) {
    ++anchors_;
    before_anchor_ = 0;
    return anchors_ * kMostBetween;
  }
  before_anchor_ = std::min(before_anchor_ + 1, kMostBetween - 1);
  return (anchors_ - 1) * kMostBetween + before_anchor_;
}

std::optional<std::int64_t> DisplayPlaces::counted(const Picture& picture) {
  if (order_.reorder_limit == 0) return ++anchors_;
  if (order_.disposable_precedes_anchor) return beside_anchor(picture.is_reference);
  return picture.order_count;
}

// Where one picture is shown before another, it comes later by no more than what it was moved by.
bool DisplayPlaces::contradicts(std::int64_t place, Nanoseconds time) const {
  constexpr Nanoseconds kMoved{300'000'000};
  return last_place_ && place < *last_place_ && time > last_time_ + kMoved;
}

std::optional<std::int64_t> DisplayPlaces::place(const Picture& picture) {
  if (picture.is_entry) {
    last_place_.reset();
    is_lost_ = false;
  }
  const auto place = counted(picture);
  if (!place || contradicts(*place, picture.time)) lose();
  if (is_lost_) return std::nullopt;
  if (!last_place_ || *place > *last_place_) {
    last_place_ = place;
    last_time_ = picture.time;
  }
  return place;
}

}  // namespace anim
