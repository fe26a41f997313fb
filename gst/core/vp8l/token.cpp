// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/token.h"

#include <array>
#include <utility>

namespace anim::vp8l {
namespace {

constexpr std::uint32_t kNearCodes = 120;
constexpr std::uint32_t kReach = 8;  // pixels to the left and right that have codes, and rows above

/// How far to the left and up each of the first codes leads.
constexpr std::array<std::pair<std::int8_t, std::int8_t>, kNearCodes> kNear = {{
    {0, 1},  {1, 0},  {1, 1},  {-1, 1}, {0, 2},  {2, 0},  {1, 2},  {-1, 2}, {2, 1},  {-2, 1},
    {2, 2},  {-2, 2}, {0, 3},  {3, 0},  {1, 3},  {-1, 3}, {3, 1},  {-3, 1}, {2, 3},  {-2, 3},
    {3, 2},  {-3, 2}, {0, 4},  {4, 0},  {1, 4},  {-1, 4}, {4, 1},  {-4, 1}, {3, 3},  {-3, 3},
    {2, 4},  {-2, 4}, {4, 2},  {-4, 2}, {0, 5},  {3, 4},  {-3, 4}, {4, 3},  {-4, 3}, {5, 0},
    {1, 5},  {-1, 5}, {5, 1},  {-5, 1}, {2, 5},  {-2, 5}, {5, 2},  {-5, 2}, {4, 4},  {-4, 4},
    {3, 5},  {-3, 5}, {5, 3},  {-5, 3}, {0, 6},  {6, 0},  {1, 6},  {-1, 6}, {6, 1},  {-6, 1},
    {2, 6},  {-2, 6}, {6, 2},  {-6, 2}, {4, 5},  {-4, 5}, {5, 4},  {-5, 4}, {3, 6},  {-3, 6},
    {6, 3},  {-6, 3}, {0, 7},  {7, 0},  {1, 7},  {-1, 7}, {5, 5},  {-5, 5}, {7, 1},  {-7, 1},
    {4, 6},  {-4, 6}, {6, 4},  {-6, 4}, {2, 7},  {-2, 7}, {7, 2},  {-7, 2}, {3, 7},  {-3, 7},
    {7, 3},  {-7, 3}, {5, 6},  {-5, 6}, {6, 5},  {-6, 5}, {8, 0},  {4, 7},  {-4, 7}, {7, 4},
    {-7, 4}, {8, 1},  {8, 2},  {6, 6},  {-6, 6}, {8, 3},  {5, 7},  {-5, 7}, {7, 5},  {-7, 5},
    {8, 4},  {6, 7},  {-6, 7}, {7, 6},  {-7, 6}, {8, 5},  {7, 7},  {-7, 7}, {8, 6},  {8, 7},
}};

constexpr std::size_t place_of(std::uint32_t left_and_reach, std::uint32_t up) {
  return std::size_t{up} * 2 * kReach + left_and_reach;
}

/// By rows up and pixels to the left (from -7 on): the code, 0 where there is none.
constexpr auto kCodes = [] {
  std::array<std::uint8_t, 2 * kReach * kReach> codes{};
  for (std::uint32_t i = 0; i < kNearCodes; ++i) {
    const auto left = static_cast<std::uint32_t>(kNear.at(i).first + static_cast<int>(kReach) - 1);
    codes.at(place_of(left, static_cast<std::uint32_t>(kNear.at(i).second))) =
        static_cast<std::uint8_t>(i + 1);
  }
  return codes;
}();

}  // namespace

std::uint32_t DistanceCodes::code_of(std::uint32_t distance) const {
  const std::uint32_t up = distance / width_;
  const std::uint32_t left = distance % width_;
  std::uint32_t code = 0;
  if (left <= kReach && up < kReach) code = kCodes[place_of(left + kReach - 1, up)];
  // A pixel to the right of the one above it.
  const std::uint32_t right = width_ - left;
  if (code == 0 && right < kReach && up + 1 < kReach) {
    code = kCodes[place_of(kReach - 1 - right, up + 1)];
  }
  return code != 0 ? code : distance + kNearCodes;
}

}  // namespace anim::vp8l
