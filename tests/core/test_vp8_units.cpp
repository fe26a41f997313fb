// SPDX-License-Identifier: LGPL-2.1-or-later
// The roles of VP8 frames: headers written here, and frames of libvpx.
#include <optional>

#include <doctest/doctest.h>

#include "gst/core/vp8_units.h"

namespace {

using anim::Bytes;
using anim::Entry;

/// The boolean entropy encoder (RFC 6386, 7.3) at even probabilities.
class BoolEncoder {
 public:
  void flag(bool bit) {
    const std::uint32_t split = 1 + ((range_ - 1) * 128 >> 8);
    if (bit) {
      bottom_ += split;
      range_ -= split;
    } else {
      range_ = split;
    }
    for (; range_ < 128; range_ *= 2) shift();
  }

  void bits(std::uint32_t value, unsigned count) {
    while (count-- > 0) flag((value >> count & 1) != 0);
  }

  [[nodiscard]] Bytes finished() {
    for (int i = 0; i < 32; ++i) shift();
    return bytes_;
  }

 private:
  /// Moves a bit out of `bottom_`, whose ninth bit is a carry.
  void shift() {
    if ((bottom_ >> 8 & 1) != 0) carry();
    const bool bit = (bottom_ >> 7 & 1) != 0;
    if (size_ % 8 == 0) bytes_.push_back(0);
    if (bit) bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | 0x80U >> size_ % 8);
    ++size_;
    bottom_ = (bottom_ & 0x7F) << 1;
  }

  /// Adds one to all that was written.
  void carry() {
    bottom_ &= 0xFF;
    for (std::size_t at = size_; at-- > 0;) {
      const auto mask = static_cast<std::uint8_t>(0x80U >> at % 8);
      bytes_[at / 8] = static_cast<std::uint8_t>(bytes_[at / 8] ^ mask);
      if ((bytes_[at / 8] & mask) != 0) return;
    }
  }

  Bytes bytes_;
  std::size_t size_ = 0;  // in bits
  std::uint32_t range_ = 255;
  std::uint32_t bottom_ = 0;
};

struct Frame {
  bool is_key = false;
  bool is_shown = true;
  bool is_segmented = false;
  bool updates_map = false;
  bool updates_segments = false;
  std::optional<std::uint32_t> filter_delta{};  // of the intra frame, positive
  bool refreshes_golden = false;
  bool refreshes_alternate = false;
  std::uint32_t copy_to_golden = 0;
  std::uint32_t copy_to_alternate = 0;
  bool keeps_probabilities = false;
  bool refreshes_last = false;
};

void write_segmentation(BoolEncoder& out, const Frame& frame) {
  out.flag(frame.is_segmented);
  if (!frame.is_segmented) return;
  out.flag(frame.updates_map);
  out.flag(frame.updates_segments);
  if (frame.updates_segments) {
    out.flag(true);
    for (int i = 0; i < 4; ++i) {
      out.flag(true);
      out.bits(0x55, 8);
    }
    out.bits(0b0001, 4);
    out.bits(0x2A, 7);
  }
  if (frame.updates_map) {
    out.bits(0b01, 2);
    out.bits(0xC3, 8);
    out.flag(false);
  }
}

void write_filter(BoolEncoder& out, const Frame& frame) {
  out.bits(0x3FF, 10);
  out.flag(true);
  out.flag(frame.filter_delta.has_value());
  if (frame.filter_delta) {
    out.flag(true);
    out.bits(*frame.filter_delta, 6);
    out.flag(false);
    out.bits(0, 7);
  }
  out.bits(0x155, 2 + 7);
  out.bits(0b01, 2);
  out.bits(0x1F, 5);
  out.bits(0, 3);
}

void write_updates(BoolEncoder& out, const Frame& frame) {
  out.flag(frame.refreshes_golden);
  out.flag(frame.refreshes_alternate);
  if (!frame.refreshes_golden) out.bits(frame.copy_to_golden, 2);
  if (!frame.refreshes_alternate) out.bits(frame.copy_to_alternate, 2);
  out.bits(0b01, 2);
  out.flag(frame.keeps_probabilities);
  out.flag(frame.refreshes_last);
}

Bytes written(const Frame& frame) {
  BoolEncoder out;
  if (frame.is_key) out.bits(0, 2);
  write_segmentation(out, frame);
  write_filter(out, frame);
  if (!frame.is_key) write_updates(out, frame);
  const Bytes partition = out.finished();
  const auto tag = static_cast<std::uint32_t>(partition.size() << 5 | (frame.is_shown ? 0x10 : 0) |
                                              (frame.is_key ? 0 : 1));
  Bytes bytes;
  for (int i = 0; i < 3; ++i) bytes.push_back(static_cast<std::uint8_t>(tag >> (8 * i)));
  if (frame.is_key) bytes.insert(bytes.end(), {0x9D, 0x01, 0x2A, 16, 0, 16, 0});
  bytes.insert(bytes.end(), partition.begin(), partition.end());
  return bytes;
}

/// Whether the frame that follows a key frame is a reference.
bool is_reference(const Frame& frame) {
  const auto rules = anim::make_vp8_rules();
  REQUIRE(rules->read(written({.is_key = true})));
  const auto role = rules->read(written(frame));
  REQUIRE(role);
  CHECK(role->entry == Entry::None);
  return role->is_reference;
}

// libvpx 1.12, error-resilient, three temporal layers: the second and the third frame.
const Bytes kTopLayer{0xB1, 0x02, 0x00, 0x06, 0x1C, 0x24, 0x0C, 0x2C, 0x2C, 0x44, 0xCC, 0x24, 0x40,
                      0xCC, 0x00, 0x00, 0x00, 0x18, 0x58, 0x2F, 0xF4, 0x00, 0x08, 0x00, 0x00};
const Bytes kMiddleLayer{0xB1, 0x02, 0x00, 0x01, 0x1C, 0x24, 0x0C, 0x2C, 0x2C,
                         0x44, 0xCC, 0x24, 0x40, 0x1C, 0x10, 0x00, 0x00, 0x61,
                         0x60, 0xBF, 0xD0, 0x00, 0x20, 0x00, 0x00};

}  // namespace

TEST_CASE("decoding may begin at a key frame, shown or not") {
  for (const bool is_shown : {true, false}) {
    const auto role = anim::make_vp8_rules()->read(written({.is_key = true, .is_shown = is_shown}));
    REQUIRE(role);
    CHECK(role->entry == Entry::Closed);
    CHECK(role->is_reference);
    CHECK(role->is_shown == is_shown);
    CHECK(role->headers.empty());
  }
}

TEST_CASE("a hidden frame is not shown") {
  const auto rules = anim::make_vp8_rules();
  const auto role = rules->read(written({.is_shown = false, .refreshes_alternate = true}));
  REQUIRE(role);
  CHECK_FALSE(role->is_shown);
  CHECK(role->is_reference);
}

TEST_CASE("a frame that leaves nothing is no reference") {
  CHECK_FALSE(is_reference({}));
  CHECK_FALSE(is_reference({.filter_delta = 0}));  // what the key frame has set
}

TEST_CASE("a frame that leaves anything is a reference") {
  CHECK(is_reference({.is_segmented = true, .updates_map = true}));
  CHECK(is_reference({.is_segmented = true, .updates_map = true, .updates_segments = true}));
  CHECK(is_reference({.filter_delta = 5}));
  CHECK(is_reference({.refreshes_golden = true}));
  CHECK(is_reference({.refreshes_alternate = true}));
  CHECK(is_reference({.copy_to_golden = 2}));
  CHECK(is_reference({.copy_to_alternate = 1}));
  CHECK(is_reference({.keeps_probabilities = true}));
  CHECK(is_reference({.refreshes_last = true}));
}

TEST_CASE("a frame that states the filter's deltas as they are is no reference") {
  const auto rules = anim::make_vp8_rules();
  const Bytes frame = written({.filter_delta = 5});
  CHECK(rules->read(frame)->is_reference);
  CHECK_FALSE(rules->read(frame)->is_reference);
  SUBCASE("unless a seek lies between") {
    rules->restart();
    CHECK(rules->read(frame)->is_reference);
  }
  SUBCASE("unless a key frame lies between, which sets them to zero") {
    CHECK(rules->read(written({.is_key = true}))->is_reference);
    CHECK(rules->read(frame)->is_reference);
  }
}

TEST_CASE("a frame may take the map of segments of the one before it") {
  const auto rules = anim::make_vp8_rules();
  REQUIRE(rules->read(written({.is_key = true, .is_segmented = true, .updates_map = true})));
  const auto role = rules->read(written({.is_segmented = true}));
  REQUIRE(role);
  CHECK_FALSE(role->is_reference);
}

TEST_CASE("a map of segments that a frame without segments follows is in doubt") {
  const auto rules = anim::make_vp8_rules();
  REQUIRE(rules->read(written({.is_key = true, .is_segmented = true, .updates_map = true})));
  REQUIRE(rules->read(written({})));
  CHECK_FALSE(rules->read(written({.is_segmented = true})));
}

TEST_CASE("decoding does not begin at a key frame that takes the old map") {
  const auto rules = anim::make_vp8_rules();
  const auto role = rules->read(written({.is_key = true, .is_segmented = true}));
  REQUIRE(role);
  CHECK(role->entry == Entry::None);
  CHECK(role->is_reference);
}

TEST_CASE("frames of libvpx's temporal layers") {
  const auto rules = anim::make_vp8_rules();
  CHECK(rules->read(kTopLayer)->is_reference);  // its deltas are new
  CHECK_FALSE(rules->read(kTopLayer)->is_reference);
  CHECK(rules->read(kMiddleLayer)->is_reference);
  CHECK(rules->read(kMiddleLayer)->is_shown);
}

TEST_CASE("what is cut or no VP8 has no role") {
  Bytes frame = written({.is_key = true});
  for (std::size_t size = 0; size < frame.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(anim::make_vp8_rules()->read(std::span(frame).first(size)));
  }
  frame[4] = 0;  // in the start code
  CHECK_FALSE(anim::make_vp8_rules()->read(frame));
  const Bytes no_partition{0x11, 0x00, 0x00, 0xFF};
  CHECK_FALSE(anim::make_vp8_rules()->read(no_partition));
}
