// SPDX-License-Identifier: LGPL-2.1-or-later
// What a clip takes of a ring's groups.
//
//   ring:   [group] [group] [group .....
//   clip:              from ======= to     -> from the group that shows `from`
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "gst/core/display_order.h"
#include "gst/core/group_ring.h"
#include "gst/core/sampling.h"
#include "gst/core/timing.h"

namespace anim {

/// Units of one format, for one decoder.
template <class Payload, class Format>
struct ClipStretch {
  Format format;
  Nanoseconds begin{0};  ///< the first picture's time
  std::vector<RingUnit<Payload>> units;
};

/// What [from, to] of a stream is decoded from.
template <class Payload, class Format>
struct ClipUnits {
  std::vector<ClipStretch<Payload, Format>> stretches;  ///< in order; empty: nothing is shown
  RingUnit<Payload> first;          ///< whose picture is on screen at `from`, or the first after it
  RingUnit<Payload> last;           ///< whose picture is on screen at `to`
  std::optional<Nanoseconds> next;  ///< the time of the picture after it, as far as one has come
};

/// When each unit's picture is shown, as display_times() says, after `newest`, which becomes the
/// last of them. A unit without a picture is moved as the one before it.
template <class Group>
std::vector<Nanoseconds> unit_times(const Group& group, std::optional<Nanoseconds>& newest) {
  std::vector<PictureTime> pictures;
  for (const auto& unit : group.units) {
    if (unit.is_shown) pictures.push_back(unit.picture_time());
  }
  if (group.units.front().is_shown) pictures.front().time = group.begin;
  const auto shown = display_times(pictures, newest);
  for (const Nanoseconds time : shown) newest = std::max(newest.value_or(time), time);
  std::vector<Nanoseconds> times;
  Nanoseconds moved{0};
  auto next = shown.begin();
  for (const auto& unit : group.units) {
    if (unit.is_shown) moved = *next++ - unit.time;
    times.push_back(unit.time + moved);
  }
  return times;
}

/// How many units of the group, from its first on, show what is on screen up to `to`: all of one
/// that begins by then, of a later one those up to its last picture that is shown before its first.
template <class Group>
std::size_t units_until(const Group& group, const std::vector<Nanoseconds>& times, Nanoseconds to) {
  if (group.begin <= to) return group.units.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < group.units.size(); ++i) {
    if (group.units[i].is_shown && times[i] <= to) count = i + 1;
  }
  return count;
}

/// Takes the units of a clip, group by group.
template <class Payload, class Format>
class ClipTaker {
 public:
  /// Samplers begin with a picture that comes within kRounding.
  ClipTaker(Nanoseconds from, Nanoseconds to) : from_(from + kRounding), to_(to) {}

  void take(const PictureGroup<Payload, Format>& group) {
    const std::vector<Nanoseconds> times = unit_times(group, newest_);
    find_next(group, times);
    is_over_ = is_over_ || (begins_stretch(group) && group.begin > to_);
    if (is_over_) return;
    take_units(group, times);
    is_over_ = group.begin > to_;
  }

  ClipUnits<Payload, Format> taken() {
    if (!first_) return {};
    out_.first = *first_;
    out_.last = *last_;
    return std::move(out_);
  }

 private:
  using Group = PictureGroup<Payload, Format>;
  using Unit = RingUnit<Payload>;

  [[nodiscard]] bool begins_stretch(const Group& group) const {
    return out_.stretches.empty() || out_.stretches.back().format != group.format;
  }

  void find_next(const Group& group, const std::vector<Nanoseconds>& times) {
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!group.units[i].is_shown || times[i] <= to_) continue;
      out_.next = std::min(out_.next.value_or(times[i]), times[i]);
    }
  }

  /// Of the first group of a decoder, the pictures that are shown before its first unit are left
  /// out: they depend on what is not there.
  void take_units(const Group& group, const std::vector<Nanoseconds>& times) {
    const bool is_new = begins_stretch(group);
    if (is_new) out_.stretches.push_back({group.format, group.begin, {}});
    const std::size_t count = units_until(group, times, to_);
    for (std::size_t i = 0; i < count; ++i) {
      Unit unit = group.units[i];
      if (is_new && precedes_first(unit, group)) continue;
      unit.time = times[i];
      if (unit.is_shown && unit.time <= to_) look_at(unit);
      out_.stretches.back().units.push_back(std::move(unit));
    }
  }

  void look_at(const Unit& unit) {
    if (!last_ || unit.time >= last_->time) last_ = unit;
    const bool is_nearer = first_ && unit.time <= from_ && unit.time >= first_->time;
    const bool comes_sooner = first_ && first_->time > from_ && unit.time < first_->time;
    if (!first_ || is_nearer || comes_sooner) first_ = unit;
  }

  Nanoseconds from_;
  Nanoseconds to_;
  ClipUnits<Payload, Format> out_;
  std::optional<Unit> first_;
  std::optional<Unit> last_;
  std::optional<Nanoseconds> newest_;  ///< the latest time of the groups taken
  bool is_over_ = false;
};

/// A copy of what shows from `from` to `to` (both included), with the times at which it is shown.
template <class Payload, class Format>
ClipUnits<Payload, Format> clip_units(const GroupSpan<Payload, Format>& groups, Nanoseconds from,
                                      Nanoseconds to) {
  ClipTaker<Payload, Format> taker(from, to);
  for (const auto& group : groups) taker.take(*group);
  return taker.taken();
}

/// The unit whose picture is on screen at `time`, or comes within kRounding; null before the first.
template <class Payload, class Format>
const RingUnit<Payload>* on_screen(const ClipUnits<Payload, Format>& units, Nanoseconds time) {
  const RingUnit<Payload>* found = nullptr;
  for (const auto& stretch : units.stretches) {
    for (const RingUnit<Payload>& unit : stretch.units) {
      if (!unit.is_shown || unit.time > time + kRounding) continue;
      if (found == nullptr || unit.time >= found->time) found = &unit;
    }
  }
  return found;
}

}  // namespace anim
