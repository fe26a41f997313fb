// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads headers bit by bit, the most significant bit first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace anim {

/// Reads past the end give zeros and are remembered: check is_good() once, after the last read.
class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  /// The next `count` bits, at most 32.
  [[nodiscard]] std::uint32_t bits(unsigned count) {
    std::uint32_t value = 0;
    for (; count > 0; --count) value = value << 1 | (flag() ? 1U : 0U);
    return value;
  }

  [[nodiscard]] bool flag() {
    const std::size_t byte = position_ / 8;
    const std::size_t shift = 7 - position_ % 8;
    ++position_;
    if (byte >= bytes_.size()) {
      is_good_ = false;
      return false;
    }
    return (bytes_[byte] >> shift & 1) != 0;
  }

  void skip(std::size_t count) {
    position_ += count;
    if (position_ > bytes_.size() * 8) is_good_ = false;
  }

  /// An unsigned Exp-Golomb code: ue(v) of ITU-T H.264, 9.1.
  [[nodiscard]] std::uint32_t exp_golomb() {
    unsigned zeros = 0;
    while (is_good_ && !flag()) ++zeros;
    if (zeros > 31) {
      is_good_ = false;
      return 0;
    }
    return (1U << zeros) - 1 + bits(zeros);
  }

  /// A signed one: se(v), 9.1.1.
  [[nodiscard]] std::int32_t signed_exp_golomb() {
    const auto code = static_cast<std::int64_t>(exp_golomb());
    return static_cast<std::int32_t>(code % 2 != 0 ? (code + 1) / 2 : -code / 2);
  }

  [[nodiscard]] std::size_t position() const { return position_; }  ///< bits read so far
  [[nodiscard]] bool is_good() const { return is_good_; }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
  bool is_good_ = true;
};

}  // namespace anim
