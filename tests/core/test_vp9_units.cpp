// SPDX-License-Identifier: LGPL-2.1-or-later
// The roles of VP9 frames and superframes: headers written here, and a frame of libvpx.
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/vp9_units.h"
#include "tests/core/bit_writer.h"

namespace {

using anim::Bytes;
using anim::Entry;
using anim::test::BitWriter;

void write_profile(BitWriter& out, unsigned profile) {
  out.bits(2, 2);
  out.flag((profile & 1) != 0);
  out.flag((profile & 2) != 0);
  if (profile == 3) out.flag(false);
}

Bytes frame(bool is_key, bool is_shown, unsigned profile = 0) {
  BitWriter out;
  write_profile(out, profile);
  out.flag(false);
  out.flag(!is_key);
  out.flag(is_shown);
  out.flag(false);
  if (is_key) out.bits(0x498342, 24);
  out.bits(0, 32);
  return out.bytes();
}

Bytes existing_frame() {
  BitWriter out;
  write_profile(out, 0);
  out.flag(true);
  out.bits(5, 3);
  return out.bytes();
}

const Bytes kKey = frame(true, true);
const Bytes kHiddenKey = frame(true, false);
const Bytes kInter = frame(false, true);
const Bytes kHiddenInter = frame(false, false);

Bytes superframe(const std::vector<Bytes>& frames, unsigned size_bytes = 2) {
  Bytes out;
  const auto marker = static_cast<std::uint8_t>(0xC0 | (size_bytes - 1) << 3 | (frames.size() - 1));
  Bytes index{marker};
  for (const Bytes& bytes : frames) {
    out.insert(out.end(), bytes.begin(), bytes.end());
    for (unsigned i = 0; i < size_bytes; ++i) {
      index.push_back(static_cast<std::uint8_t>(i < 2 ? bytes.size() >> (8 * i) : 0));
    }
  }
  index.push_back(marker);
  out.insert(out.end(), index.begin(), index.end());
  return out;
}

void check_role(const Bytes& unit, Entry entry, bool is_shown) {
  const auto role = anim::make_vp9_rules()->read(unit);
  REQUIRE(role);
  CHECK(role->entry == entry);
  CHECK(role->is_shown == is_shown);
  CHECK(role->is_reference);
  CHECK(role->headers.empty());
}

bool has_role(const Bytes& unit) {
  return anim::make_vp9_rules()->read(unit).has_value();
}

// libvpx 1.12, two passes, the second frame.
const Bytes kLibvpxInter{0x86, 0x00, 0x40, 0x92, 0x9C, 0x00, 0x43, 0xA0,
                         0x00, 0x03, 0x20, 0x00, 0x00, 0x42, 0x40};

}  // namespace

TEST_CASE("single frames") {
  check_role(kKey, Entry::Closed, true);
  check_role(kHiddenKey, Entry::Closed, false);
  check_role(kInter, Entry::None, true);
  check_role(kHiddenInter, Entry::None, false);
  check_role(existing_frame(), Entry::None, true);
  check_role(kLibvpxInter, Entry::None, true);
}

TEST_CASE("every profile") {
  for (unsigned profile = 0; profile < 4; ++profile) {
    CAPTURE(profile);
    check_role(frame(true, true, profile), Entry::Closed, true);
    check_role(frame(false, false, profile), Entry::None, false);
  }
}

TEST_CASE("a superframe shows its one shown frame") {
  for (unsigned size_bytes = 1; size_bytes <= 4; ++size_bytes) {
    CAPTURE(size_bytes);
    check_role(superframe({kHiddenInter, kInter}, size_bytes), Entry::None, true);
  }
  check_role(superframe({kHiddenInter, kHiddenInter}), Entry::None, false);
  check_role(superframe({kHiddenInter, existing_frame()}), Entry::None, true);
}

TEST_CASE("decoding may begin at a superframe whose first frame is a key frame") {
  check_role(superframe({kHiddenKey, kInter}), Entry::Closed, true);
  check_role(superframe({kKey, kHiddenInter}), Entry::Closed, true);
  check_role(superframe({kHiddenInter, kKey}), Entry::None, true);
}

TEST_CASE("a superframe of several shown frames has no role") {
  CHECK_FALSE(has_role(superframe({kKey, kInter})));
  CHECK_FALSE(has_role(superframe({kInter, existing_frame()})));
}

TEST_CASE("what is cut or no VP9 has no role") {
  CHECK_FALSE(has_role({}));
  CHECK_FALSE(has_role({0x00, 0x00, 0x00}));
  CHECK_FALSE(has_role({kKey.begin(), kKey.begin() + 3}));
  Bytes sync = kKey;
  sync[2] ^= 1;
  CHECK_FALSE(has_role(sync));
  BitWriter reserved;
  reserved.bits(0b10111, 5);
  reserved.bits(0, 32);
  CHECK_FALSE(has_role(reserved.bytes()));
}

TEST_CASE("a superframe whose index is wrong has no role") {
  const Bytes good = superframe({kHiddenInter, kInter});
  REQUIRE(has_role(good));
  Bytes no_marker = good;
  no_marker[no_marker.size() - 6] = 0;
  CHECK_FALSE(has_role(no_marker));
  Bytes too_large = good;
  too_large[too_large.size() - 3] = 200;
  CHECK_FALSE(has_role(too_large));
  Bytes empty_frame = good;
  empty_frame[empty_frame.size() - 5] = 0;
  empty_frame[empty_frame.size() - 3] = 0;
  CHECK_FALSE(has_role(empty_frame));
  CHECK_FALSE(has_role({0xC7, 0xC7}));
}
