// SPDX-License-Identifier: LGPL-2.1-or-later
// Start codes, 00 00 01 and a byte that says what follows: MPEG-1, MPEG-2 and MPEG-4 video, and the
// byte streams of H.264 and H.265.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace anim {

/// The bytes of a start code's prefix.
inline constexpr std::size_t kStartCodePrefix = 3;

/// Where the first prefix at or after `from` begins; `bytes.size()` when there is none.
[[nodiscard]] std::size_t find_start_code(std::span<const std::uint8_t> bytes, std::size_t from);

/// A start code with what follows it, up to the next one.
struct Section {
  std::uint8_t code = 0;
  std::size_t offset = 0;              ///< of the prefix, in the unit
  std::span<const std::uint8_t> body;  ///< after the code
};

/// Nothing when `unit` does not begin with a start code (after zeros), or ends within one.
[[nodiscard]] std::optional<std::vector<Section>> split_sections(
    std::span<const std::uint8_t> unit);

}  // namespace anim
