// SPDX-License-Identifier: LGPL-2.1-or-later
// The newest part of an encoded stream, in groups of pictures that can be decoded by themselves.
//
//   [group] [group] [group .....   <- units come in
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

#include "gst/core/display_order.h"
#include "gst/core/timing.h"

namespace anim {

/// What a decoder takes at once.
template <class Payload>
struct RingUnit {
  Payload payload;
  Nanoseconds time{0};
  bool is_shown = true;  ///< decoding it gives out a picture
  std::size_t bytes = 0;
  std::optional<std::int64_t> place{};    ///< as in PictureTime
  std::optional<Nanoseconds> distance{};  ///< as in PictureTime

  [[nodiscard]] PictureTime picture_time() const { return {time, place, distance}; }
};

/// A unit at which decoding may begin, and those up to the next one, in decoding order.
template <class Payload, class Format>
struct PictureGroup {
  Format format;
  Nanoseconds begin{0};  ///< when its first unit's picture is shown
  /// All pictures that are shown before the first unit's have come: `begin` is certain.
  bool is_settled = false;
  std::vector<RingUnit<Payload>> units{};
  std::size_t bytes = 0;
};

/// A group as the ring and clips share it. The ring adds to the newest one: whoever reads it does
/// so where nothing is added.
template <class Payload, class Format>
using SharedGroup = std::shared_ptr<const PictureGroup<Payload, Format>>;

/// Whether a unit of a group is shown before its first one.
template <class Payload, class Format>
bool precedes_first(const RingUnit<Payload>& unit, const PictureGroup<Payload, Format>& group) {
  return !group.units.empty() &&
         is_shown_before(unit.picture_time(), group.units.front().picture_time());
}

/// The groups of a clip, oldest first.
template <class Payload, class Format>
using GroupSpan = std::deque<SharedGroup<Payload, Format>>;

/// Whether the first of the groups shows nothing at `from` or later. The pictures that an open
/// group shows before its first unit belong to the time of the group before it, so a group is
/// needed until the next one's beginning.
template <class Span>
bool first_ends_before(const Span& groups, Nanoseconds from) {
  return groups.size() > 1 && groups[1]->is_settled && groups[1]->begin <= from;
}

/// Lets go the groups at the front that show nothing at `from` or later, and returns their bytes.
template <class Span>
std::size_t drop_before(Span& groups, Nanoseconds from) {
  std::size_t bytes = 0;
  while (first_ends_before(groups, from)) {
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
    if (is_entry) begin_group(unit, format);
    Group& group = *groups_.back();
    if (unit.is_shown) place(unit, group);
    bytes_ += unit.bytes;
    group.bytes += unit.bytes;
    group.units.push_back(std::move(unit));
    return true;
  }

  /// Lets go what shows nothing at `from` or later, then the oldest groups until the rest is at
  /// most `most` bytes, the newest too: then an entry must come first.
  void trim(Nanoseconds from, std::size_t most) {
    while (first_ends_before(groups_, from)) drop_first();
    while (!groups_.empty() && bytes_ > most) drop_first();
    if (groups_.empty()) open_ = false;
  }

  void clear() {
    groups_.clear();
    bytes_ = 0;
    open_ = false;
    newest_.reset();
    newest_told_.reset();
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
  /// All of the groups before is shown before it, though it may have an earlier time.
  void begin_group(const Unit& first, const Format& format) {
    const auto& before = newest_told_;
    const Nanoseconds begin = before ? shown_after(first.time, *before) : first.time;
    if (!groups_.empty()) groups_.back()->is_settled = true;
    groups_.push_back(std::make_shared<Group>(Group{.format = format, .begin = begin}));
  }

  void place(const Unit& unit, Group& group) {
    newest_ = std::max(newest_.value_or(unit.time), unit.time);
    if (!unit.distance) newest_told_ = std::max(newest_told_.value_or(unit.time), unit.time);
    if (precedes_first(unit, group)) {
      group.begin = shown_after(group.begin, unit.time);
    } else if (!group.units.empty()) {
      group.is_settled = true;
    }
  }

  void drop_first() {
    bytes_ -= groups_.front()->bytes;
    groups_.pop_front();
  }

  std::deque<std::shared_ptr<Group>> groups_;
  std::size_t bytes_ = 0;
  bool open_ = false;  ///< the newest group takes units
  std::optional<Nanoseconds> newest_;
  std::optional<Nanoseconds> newest_told_;  ///< without times that are guesses
};

}  // namespace anim
