// SPDX-License-Identifier: LGPL-2.1-or-later
// The newest part of an encoded stream, in groups of pictures that can be decoded by themselves,
// and what a clip of it takes.
//
//   ring:   [group] [group] [group .....   <- units come in
//   clip:              from ======= to     -> from the group that shows `from`
//
// A unit's payload (GStreamer's buffer, say) and a stream's format are the user's own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gst/core/timing.h"

namespace anim {

/// What a decoder takes at once.
template <class Payload>
struct RingUnit {
  Payload payload;
  Nanoseconds time{0};
  bool is_shown = true;  ///< decoding it gives out a picture
  std::size_t bytes = 0;
};

/// A unit at which decoding may begin, and those up to the next one, in decoding order.
template <class Payload, class Format>
struct PictureGroup {
  Format format;
  Nanoseconds begin{0};  ///< the time of its first unit
  std::vector<RingUnit<Payload>> units;
  std::size_t bytes = 0;
};

/// A group as the ring and clips share it. The ring adds to the newest one: whoever reads it does
/// so where nothing is added.
template <class Payload, class Format>
using SharedGroup = std::shared_ptr<const PictureGroup<Payload, Format>>;

/// The groups of a clip, oldest first.
template <class Payload, class Format>
using GroupSpan = std::deque<SharedGroup<Payload, Format>>;

/// Lets go the groups at the front that show nothing at `from` or later, and returns their bytes.
/// The pictures that an open group shows before its first unit belong to the time of the group
/// before it, so a group is needed until the next one's beginning.
template <class Span>
std::size_t drop_before(Span& groups, Nanoseconds from) {
  std::size_t bytes = 0;
  while (groups.size() > 1 && groups[1]->begin <= from) {
    bytes += groups.front()->bytes;
    groups.pop_front();
  }
  return bytes;
}

template <class Payload, class Format>
class GroupRing {
 public:
  using Group = PictureGroup<Payload, Format>;
  using Unit = RingUnit<Payload>;

  /// The next unit. `is_entry`: decoding may begin at it. False when it is not kept: no entry has
  /// come since the beginning, or since the format changed.
  bool add(Unit unit, bool is_entry, const Format& format) {
    const bool continues = !groups_.empty() && open_ && groups_.back()->format == format;
    open_ = is_entry || continues;
    if (!open_) return false;
    if (is_entry) groups_.push_back(std::make_shared<Group>(Group{format, unit.time, {}, 0}));
    if (unit.is_shown) newest_ = std::max(newest_.value_or(unit.time), unit.time);
    bytes_ += unit.bytes;
    groups_.back()->bytes += unit.bytes;
    groups_.back()->units.push_back(std::move(unit));
    return true;
  }

  /// Lets go what shows nothing at `from` or later, then the oldest groups until the rest is at
  /// most `most` bytes, the newest too: then an entry must come first.
  void trim(Nanoseconds from, std::size_t most) {
    while (groups_.size() > 1 && groups_[1]->begin <= from) drop_first();
    while (!groups_.empty() && bytes_ > most) drop_first();
    if (groups_.empty()) open_ = false;
  }

  void clear() {
    groups_.clear();
    bytes_ = 0;
    open_ = false;
    newest_.reset();
  }

  /// The groups that show `from` and what follows; all when it is before them.
  [[nodiscard]] GroupSpan<Payload, Format> since(Nanoseconds from) const {
    GroupSpan<Payload, Format> out(groups_.begin(), groups_.end());
    drop_before(out, from);
    return out;
  }

  /// The newest group; null when there is none.
  [[nodiscard]] SharedGroup<Payload, Format> last() const {
    if (groups_.empty()) return nullptr;
    return groups_.back();
  }

  [[nodiscard]] std::size_t groups() const { return groups_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// The latest time of a picture that has been kept, since clear().
  [[nodiscard]] std::optional<Nanoseconds> newest() const { return newest_; }
  /// The beginning of the oldest group; 0 when there is none.
  [[nodiscard]] Nanoseconds begin() const {
    return groups_.empty() ? Nanoseconds(0) : groups_.front()->begin;
  }
  /// From begin() to newest().
  [[nodiscard]] Nanoseconds length() const {
    if (groups_.empty() || !newest_) return Nanoseconds(0);
    return std::max(*newest_ - begin(), Nanoseconds(0));
  }

 private:
  void drop_first() {
    bytes_ -= groups_.front()->bytes;
    groups_.pop_front();
  }

  std::deque<std::shared_ptr<Group>> groups_;
  std::size_t bytes_ = 0;
  bool open_ = false;  ///< the newest group takes units
  std::optional<Nanoseconds> newest_;
};

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

/// How many units of the group, from its first on, show what is on screen up to `to`: all of one
/// that begins by then, of a later one those up to its last picture that is shown before its first.
template <class Group>
std::size_t units_until(const Group& group, Nanoseconds to) {
  if (group.begin <= to) return group.units.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < group.units.size(); ++i) {
    if (group.units[i].is_shown && group.units[i].time <= to) count = i + 1;
  }
  return count;
}

/// The time of the first picture after `time`.
template <class Span>
std::optional<Nanoseconds> next_after(const Span& groups, Nanoseconds time) {
  std::optional<Nanoseconds> next;
  for (const auto& group : groups) {
    for (const auto& unit : group->units) {
      if (unit.is_shown && unit.time > time) next = std::min(next.value_or(unit.time), unit.time);
    }
  }
  return next;
}

/// A copy of what shows from `from` to `to` (both included). Of the first group of a decoder, the
/// pictures that are shown before its first unit are left out: they depend on what is not there.
template <class Payload, class Format>
ClipUnits<Payload, Format> clip_units(const GroupSpan<Payload, Format>& groups, Nanoseconds from,
                                      Nanoseconds to) {
  ClipUnits<Payload, Format> out;
  const RingUnit<Payload>* first = nullptr;
  const RingUnit<Payload>* last = nullptr;
  for (const auto& group : groups) {
    const bool is_new = out.stretches.empty() || out.stretches.back().format != group->format;
    if (is_new && group->begin > to) break;
    if (is_new) out.stretches.push_back({group->format, group->begin, {}});
    const std::size_t count = units_until(*group, to);
    for (std::size_t i = 0; i < count; ++i) {
      const RingUnit<Payload>& unit = group->units[i];
      if (is_new && unit.time < group->begin) continue;
      out.stretches.back().units.push_back(unit);
      if (!unit.is_shown || unit.time > to) continue;
      if (last == nullptr || unit.time >= last->time) last = &unit;
      const bool is_nearer = first != nullptr && unit.time <= from && unit.time >= first->time;
      const bool comes_sooner = first != nullptr && first->time > from && unit.time < first->time;
      if (first == nullptr || is_nearer || comes_sooner) first = &unit;
    }
    if (group->begin > to) break;
  }
  if (first == nullptr) return {};
  out.first = *first;
  out.last = *last;
  out.next = next_after(groups, to);
  return out;
}

/// The unit whose picture is on screen at `time`; null before the first.
template <class Payload, class Format>
const RingUnit<Payload>* on_screen(const ClipUnits<Payload, Format>& units, Nanoseconds time) {
  const RingUnit<Payload>* found = nullptr;
  for (const auto& stretch : units.stretches) {
    for (const RingUnit<Payload>& unit : stretch.units) {
      if (!unit.is_shown || unit.time > time) continue;
      if (found == nullptr || unit.time >= found->time) found = &unit;
    }
  }
  return found;
}

}  // namespace anim
