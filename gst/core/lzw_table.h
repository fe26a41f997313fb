// SPDX-License-Identifier: LGPL-2.1-or-later
// The strings of indices that have a code while LZW compresses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace anim {

using LzwCode = std::uint32_t;
inline constexpr LzwCode kMostLzwCodes = 4096;

/// Each string is a shorter one (its prefix's code) and an index. Codes below 256 are the strings
/// of one index; they are always there. The strings that begin with another one and are longer by
/// one index are its children.
class LzwTable {
 public:
  static constexpr LzwCode kNone = 0;  ///< no code: 0 is a string of one index, so never a child

  LzwTable() { clear(); }

  /// Forgets all but the strings of one index.
  void clear();

  /// The code of the string, or kNone.
  [[nodiscard]] LzwCode find(LzwCode prefix, std::uint8_t next) const {
    return places_[place_of(prefix, next)] % kMostLzwCodes;
  }

  /// Gives a code to a string that has none.
  void add(LzwCode prefix, std::uint8_t next, LzwCode code);

  /// The children of a string: the one added last, and from one to the next; kNone ends them.
  [[nodiscard]] LzwCode first_child(LzwCode code) const { return first_child_[code]; }
  [[nodiscard]] LzwCode next_child(LzwCode child) const { return next_child_[child]; }
  /// The last index of a string that was added, and the string before it.
  [[nodiscard]] std::uint8_t last_index(LzwCode code) const { return last_index_[code]; }
  [[nodiscard]] LzwCode prefix(LzwCode code) const { return prefix_[code]; }

 private:
  // Open addressing, four places for each code; a place holds prefix, index and code.
  static constexpr unsigned kPlaceBits = 14;
  static constexpr unsigned kCodeBits = 12;
  static std::uint32_t key_of(LzwCode prefix, std::uint8_t next) { return prefix << 8U | next; }

  /// Where the string is, or the empty place where it belongs.
  [[nodiscard]] std::size_t place_of(LzwCode prefix, std::uint8_t next) const {
    const std::uint32_t key = key_of(prefix, next);
    std::size_t place = (key * 0x9E3779B1U) >> (32U - kPlaceBits);
    while (places_[place] != kNone && places_[place] >> kCodeBits != key) {
      place = (place + 1) % places_.size();
    }
    return place;
  }

  std::vector<std::uint32_t> places_ = std::vector<std::uint32_t>(std::size_t{1} << kPlaceBits);
  std::array<std::uint16_t, kMostLzwCodes> first_child_{};
  std::array<std::uint16_t, kMostLzwCodes> next_child_{};
  std::array<std::uint8_t, kMostLzwCodes> last_index_{};
  std::array<std::uint16_t, kMostLzwCodes> prefix_{};
};

}  // namespace anim
