// SPDX-License-Identifier: LGPL-2.1-or-later
// A ring whose units say their times.
#pragma once

#include <cstddef>
#include <string>

#include "gst/core/group_ring.h"

namespace anim::test {

using Ring = GroupRing<int, std::string>;
inline constexpr std::size_t kPlenty = 1'000'000;

constexpr Nanoseconds at(int time) {
  return Nanoseconds(time);
}

inline bool add(Ring& ring, int time, bool is_entry, const std::string& format = "a",
                bool shown = true) {
  return ring.add({.payload = time, .time = at(time), .is_shown = shown, .bytes = 10}, is_entry,
                  format);
}

/// Groups of five units, 10 apart.
inline Ring groups_of_five(int groups) {
  Ring ring;
  for (int i = 0; i < groups * 5; ++i) add(ring, i * 10, i % 5 == 0);
  return ring;
}

}  // namespace anim::test
