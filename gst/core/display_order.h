// SPDX-License-Identifier: LGPL-2.1-or-later
// In which order and when the pictures of a stream are shown whose times cannot be trusted.
//
// Receivers of live streams set times anew by when packets arrive. Pictures that are sent before
// others which are shown first (B-frames) may then get a time after the next one's. Decoders give
// them out in the order that the codec tells, and no player shows one before the one before it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gst/core/sampling.h"
#include "gst/core/timing.h"
#include "gst/core/unit_rules.h"

namespace anim {

/// When a picture is shown, as far as its stream tells.
struct PictureTime {
  Nanoseconds time{0};  ///< a guess where there is a `distance`
  /// In the order in which the pictures of its group are shown; nothing: the time tells it.
  std::optional<std::int64_t> place{};
  /// It has no time of its own, and is shown so long after the picture before it.
  std::optional<Nanoseconds> distance{};
};

/// Of pictures of one group.
[[nodiscard]] bool is_shown_before(const PictureTime& a, const PictureTime& b);

/// The shortest time on screen: samplers tell such instants apart.
inline constexpr Nanoseconds kAtOnce = kRounding + Nanoseconds(1);

/// Further than a receiver moves a picture beyond those that are shown after it. One that is so far
/// off has a wrong time, and moves no other.
inline constexpr Nanoseconds kMostMoved{kSecond};

/// When a picture of `time` is shown after another one that is shown at `after`.
[[nodiscard]] Nanoseconds shown_after(Nanoseconds time, Nanoseconds after);

/// When the pictures of a group are shown, each after the one before it in the order of places (of
/// times, where one has no place). `after`: the time of the picture before the group, if there is
/// one. A picture whose own time is not later than that of the picture before it follows at once.
[[nodiscard]] std::vector<Nanoseconds> display_times(std::span<const PictureTime> pictures,
                                                     std::optional<Nanoseconds> after);

/// Tells the places of pictures in their groups, in decoding order.
class DisplayPlaces {
 public:
  explicit DisplayPlaces(const UnitOrder& order) : order_(order) {}

  struct Picture {
    bool is_entry = false;  ///< a group begins
    bool is_reference = true;
    std::optional<std::int64_t> order_count{};  ///< as in UnitRole
    Nanoseconds time{0};                        ///< or a guess
  };

  /// Nothing when it is not known. Nor is that of any picture up to the next group then, or when
  /// times contradict it: where packets were lost, counts go wrong.
  [[nodiscard]] std::optional<std::int64_t> place(const Picture& picture);

  /// A picture that is not understood: its place is not known.
  void lose() { is_lost_ = true; }

 private:
  [[nodiscard]] std::optional<std::int64_t> counted(const Picture& picture);
  [[nodiscard]] std::int64_t beside_anchor(bool is_anchor);
  [[nodiscard]] bool contradicts(std::int64_t place, Nanoseconds time) const;

  UnitOrder order_;
  std::int64_t anchors_ = 0;  ///< or pictures, where none is put before another one
  std::int64_t before_anchor_ = 0;
  std::optional<std::int64_t> last_place_;  ///< the greatest of the group
  Nanoseconds last_time_{0};                ///< of that picture
  bool is_lost_ = false;                    ///< until the next group
};

}  // namespace anim
