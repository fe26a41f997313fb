// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/lzw.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "gst/core/lzw_table.h"

namespace anim {
namespace {

using Match = LossyMatcher::Match;

constexpr int kWidest = 12;

/// Codes into bytes, the lowest bit first.
class BitWriter {
 public:
  void put(LzwCode code, int width) {
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

/// How well the codes since the last clear code serve. A new table takes thousands of codes to
/// become good; so the one that is full stays until its codes, lately, cover fewer pixels for their
/// bits than all since the last clear code did, those of its beginning included (the marginal value
/// theorem, Charnov 1976).
class Yield {
 public:
  void add(std::size_t pixels, int bits) {
    pixels_ += pixels;
    bits_ += static_cast<std::uint64_t>(bits);
    const auto now = static_cast<std::int64_t>(pixels << kFraction);
    lately_ += (now - lately_) / kMemory;
  }
  void start_over() { pixels_ = bits_ = 0; }

  /// For codes that are `bits` wide.
  [[nodiscard]] bool falls(int bits) const {
    return static_cast<double>(lately_) * static_cast<double>(bits_) <
           std::ldexp(static_cast<double>(pixels_), kFraction) * bits;
  }

 private:
  static constexpr int kFraction = 16;          // bits
  static constexpr std::int64_t kMemory = 128;  // codes
  std::uint64_t pixels_ = 0;
  std::uint64_t bits_ = 0;
  std::int64_t lately_ = 0;  ///< pixels a code, a running mean
};

class Compressor {
 public:
  /// `lossy` may be null.
  Compressor(std::span<const std::uint8_t> indices, int index_bits, LossyMatcher* lossy)
      : indices_(indices), index_bits_(index_bits), width_(index_bits + 1), lossy_(lossy) {
    start_over();
  }

  Bytes run() {
    for (std::size_t at = 0; at < indices_.size();) {
      const Match match = lossy_ != nullptr ? lossy_->take_longest(table_, at) : longest(at);
      out_.put(match.code, width_);
      yield_.add(match.length, width_);
      at += match.length;
      learn(match.code, at);
    }
    out_.put(end_code(), width_);
    return out_.finished();
  }

 private:
  [[nodiscard]] LzwCode clear_code() const {
    return LzwCode{1} << static_cast<unsigned>(index_bits_);
  }
  [[nodiscard]] LzwCode end_code() const { return clear_code() + 1; }

  void start_over() {
    out_.put(clear_code(), width_);
    table_.clear();
    yield_.start_over();
    next_code_ = end_code() + 1;
    width_ = index_bits_ + 1;
  }

  [[nodiscard]] Match longest(std::size_t at) const {
    Match match{indices_[at], 1};
    for (++at; at < indices_.size(); ++at, ++match.length) {
      const LzwCode longer = table_.find(match.code, indices_[at]);
      if (longer == LzwTable::kNone) break;
      match.code = longer;
    }
    return match;
  }

  /// After a code the reader makes an entry of its string and the index that follows, also where
  /// lossy matching has left the string that it knows already.
  void learn(LzwCode code, std::size_t at) {
    const bool is_end = at == indices_.size();
    if (next_code_ == kMostLzwCodes) {
      if (!is_end && yield_.falls(width_)) start_over();
      return;
    }
    const LzwCode taken = take_code();
    if (is_end || table_.find(code, indices_[at]) != LzwTable::kNone) return;
    table_.add(code, indices_[at], taken);
  }

  /// A reader's table lags one entry behind, so a code may be one above what the width can hold
  /// before the width must grow.
  LzwCode take_code() {
    const LzwCode code = next_code_++;
    if (next_code_ > LzwCode{1} << static_cast<unsigned>(width_) && width_ < kWidest) ++width_;
    return code;
  }

  std::span<const std::uint8_t> indices_;
  int index_bits_;
  int width_;  ///< of the next code, in bits
  LossyMatcher* lossy_;
  LzwCode next_code_ = 0;
  LzwTable table_;
  Yield yield_;
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
  return Compressor(indices, index_bits, nullptr).run();
}

Bytes lzw_compressed(std::vector<std::uint8_t>& indices, int index_bits,
                     const LossyMatching& lossy) {
  LossyMatcher matcher(indices, lossy);
  return Compressor(indices, index_bits, &matcher).run();
}

}  // namespace anim
