// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/lzw_table.h"

#include <algorithm>
#include <cassert>

namespace anim {

void LzwTable::clear() {
  std::fill(places_.begin(), places_.end(), kNone);
  first_child_.fill(kNone);
}

void LzwTable::add(LzwCode prefix, std::uint8_t next, LzwCode code) {
  assert(code != kNone && code < kMostLzwCodes && find(prefix, next) == kNone);
  places_[place_of(prefix, next)] = key_of(prefix, next) << kCodeBits | code;
  next_child_.at(code) = first_child_.at(prefix);
  first_child_.at(prefix) = static_cast<std::uint16_t>(code);
  last_index_.at(code) = next;
  prefix_.at(code) = static_cast<std::uint16_t>(prefix);
}

}  // namespace anim
