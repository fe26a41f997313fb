// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/vp8/modes.h"
#include "tests/support/vp8_bool_decoder.h"

namespace {

using anim::vp8::BlockMode;
using anim::vp8::BoolEncoder;
using anim::vp8::SubblockMode;

constexpr int kTimes = 2000;
// The coder's own rounding makes what is improbable cheaper than its probability says.
constexpr double kSlack = 0.1;

/// The bits that `put` takes, when it is done often.
template <class Put>
double bits_of(Put put) {
  BoolEncoder out;
  for (int i = 0; i < kTimes; ++i) put(out);
  return 8.0 * static_cast<double>(out.take().size()) / kTimes;
}

SubblockMode read_subblock_mode(anim::test::Vp8BoolDecoder& decoder, int above, int left) {
  const auto& probabilities = anim::vp8::kSubblockModeProbabilities[above][left];
  int node = 0;
  do {
    const int bit = decoder.get(probabilities.at(node)) ? 1 : 0;
    node = anim::vp8::kSubblockModeTree.at(2 * node + bit);
  } while (node > 0);
  return static_cast<SubblockMode>(-node);
}

}  // namespace

TEST_CASE("modes cost what they take") {
  for (int i = 0; i < anim::vp8::kBlockModes; ++i) {
    CAPTURE(i);
    const auto mode = static_cast<BlockMode>(i);
    CHECK(bits_of([&](BoolEncoder& out) { put_luma_mode(out, mode); }) ==
          doctest::Approx(luma_mode_cost(mode) / 256.0).epsilon(kSlack));
    CHECK(bits_of([&](BoolEncoder& out) { put_chroma_mode(out, mode); }) ==
          doctest::Approx(chroma_mode_cost(mode) / 256.0).epsilon(kSlack));
  }
  CHECK(bits_of([](BoolEncoder& out) { anim::vp8::put_divided_luma(out); }) ==
        doctest::Approx(anim::vp8::divided_luma_cost() / 256.0).epsilon(kSlack));
}

TEST_CASE("subblock modes come back, at their cost") {
  for (int above = 0; above < anim::vp8::kSubblockModes; ++above) {
    for (int left = 0; left < anim::vp8::kSubblockModes; ++left) {
      const auto over = static_cast<SubblockMode>(above);
      const auto beside = static_cast<SubblockMode>(left);
      BoolEncoder out;
      for (int mode = 0; mode < anim::vp8::kSubblockModes; ++mode) {
        put_subblock_mode(out, over, beside, static_cast<SubblockMode>(mode));
      }
      anim::test::Vp8BoolDecoder decoder(out.take());
      for (int mode = 0; mode < anim::vp8::kSubblockModes; ++mode) {
        REQUIRE(read_subblock_mode(decoder, above, left) == static_cast<SubblockMode>(mode));
      }
    }
  }
  const auto& costs = subblock_mode_costs(SubblockMode::Vertical, SubblockMode::LeftDown);
  for (int i = 0; i < anim::vp8::kSubblockModes; ++i) {
    const auto mode = static_cast<SubblockMode>(i);
    CHECK(bits_of([&](BoolEncoder& out) {
            put_subblock_mode(out, SubblockMode::Vertical, SubblockMode::LeftDown, mode);
          }) == doctest::Approx(costs.at(i) / 256.0).epsilon(kSlack));
  }
}
