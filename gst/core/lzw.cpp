// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/lzw.h"

#include <algorithm>
#include <cassert>
#include <vector>

namespace anim {
namespace {

using Code = std::uint32_t;

constexpr Code kMostCodes = 4096;
constexpr int kWidest = 12;

/// Codes into bytes, the lowest bit first.
class BitWriter {
 public:
  void put(Code code, int width) {
    waiting_ |= std::uint64_t{code} << static_cast<unsigned>(count_);
    count_ += width;
    for (; count_ >= 8; count_ -= 8) {
      bytes_.push_back(static_cast<std::uint8_t>(waiting_));
      waiting_ >>= 8U;
    }
  }

  [[nodiscard]] Bytes finished() {
    if (count_ > 0) bytes_.push_back(static_cast<std::uint8_t>(waiting_));
    return std::move(bytes_);
  }

 private:
  Bytes bytes_;
  std::uint64_t waiting_ = 0;
  int count_ = 0;  ///< bits in waiting_
};

/// The strings that have a code: (prefix's code, next index) -> code, by open addressing.
class StringTable {
 public:
  void clear() { std::fill(places_.begin(), places_.end(), kEmpty); }

  /// The place of the string, or the empty one where it belongs.
  std::uint32_t& place_of(Code prefix, std::uint8_t next) {
    const std::uint32_t key = prefix << 8U | next;
    std::size_t place = (key * 0x9E3779B1U) >> (32U - kBits);
    while (places_[place] != kEmpty && places_[place] >> kWidest != key) {
      place = (place + 1) % places_.size();
    }
    return places_[place];
  }

  static bool is_empty(std::uint32_t place) { return place == kEmpty; }
  static Code code_in(std::uint32_t place) { return place % kMostCodes; }
  static std::uint32_t filled(Code prefix, std::uint8_t next, Code code) {
    return (prefix << 8U | next) << kWidest | code;
  }

 private:
  static constexpr unsigned kBits = 14;                // four places for each code
  static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;  // no string: code 4095 is never a prefix
  std::vector<std::uint32_t> places_ = std::vector<std::uint32_t>(std::size_t{1} << kBits, kEmpty);
};

class Compressor {
 public:
  explicit Compressor(int index_bits) : index_bits_(index_bits) { start_over(); }

  Bytes run(std::span<const std::uint8_t> indices) {
    if (!indices.empty()) compress(indices);
    out_.put(end_code(), width_);
    return out_.finished();
  }

 private:
  [[nodiscard]] Code clear_code() const { return Code{1} << static_cast<unsigned>(index_bits_); }
  [[nodiscard]] Code end_code() const { return clear_code() + 1; }

  void start_over() {
    // The very first clear code has the width that all codes after one have.
    out_.put(clear_code(), width_ == 0 ? index_bits_ + 1 : width_);
    table_.clear();
    next_code_ = end_code() + 1;
    width_ = index_bits_ + 1;
  }

  /// A reader's table lags one entry behind, so a code may be one above what the width can hold
  /// before the width must grow.
  Code take_code() {
    const Code code = next_code_++;
    if (next_code_ > Code{1} << static_cast<unsigned>(width_) && width_ < kWidest) ++width_;
    return code;
  }

  void compress(std::span<const std::uint8_t> indices) {
    Code prefix = indices.front();
    for (const std::uint8_t index : indices.subspan(1)) {
      std::uint32_t& place = table_.place_of(prefix, index);
      if (!StringTable::is_empty(place)) {
        prefix = StringTable::code_in(place);
        continue;
      }
      out_.put(prefix, width_);
      if (next_code_ < kMostCodes) {
        place = StringTable::filled(prefix, index, take_code());
      } else {
        start_over();
      }
      prefix = index;
    }
    out_.put(prefix, width_);
    if (next_code_ < kMostCodes) take_code();  // the reader makes an entry before the end code
  }

  int index_bits_;
  int width_ = 0;
  Code next_code_ = 0;
  StringTable table_;
  BitWriter out_;
};

}  // namespace

int lzw_index_bits(std::size_t entries) {
  assert(entries >= 1 && entries <= 256);
  int bits = 2;
  while ((std::size_t{1} << static_cast<unsigned>(bits)) < entries) ++bits;
  return bits;
}

Bytes lzw_compressed(std::span<const std::uint8_t> indices, int index_bits) {
  assert(index_bits >= 2 && index_bits <= 8);
  return Compressor(index_bits).run(indices);
}

}  // namespace anim
