// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include <doctest/doctest.h>

#include "gst/core/tonemap.h"

using anim::HdrTransfer;
using anim::ToneMapper;

namespace {

std::array<float, 3> mapped(const ToneMapper& mapper, float r, float g, float b) {
  mapper.run(&r, &g, &b, 1);
  return {r, g, b};
}

}  // namespace

TEST_CASE("the peak comes from the light level, then the mastering display, then a default") {
  CHECK(anim::signal_peak(400, 1000) == 4);
  CHECK(anim::signal_peak(0, 4000) == 40);
  CHECK(anim::signal_peak(0, 0) == 10);
}

TEST_CASE("the peak becomes white and black stays black") {
  // PQ codes 1000 cd/m2 as 0.751827 (SMPTE ST 2084); HLG's nominal peak is 1.
  const ToneMapper pq(HdrTransfer::Pq, 10);
  const ToneMapper hlg(HdrTransfer::Hlg, 10);
  for (const float component : mapped(pq, 0.751827F, 0.751827F, 0.751827F)) {
    CHECK(component == doctest::Approx(1).epsilon(0.002));
  }
  for (const float component : mapped(hlg, 1, 1, 1)) {
    CHECK(component == doctest::Approx(1).epsilon(0.002));
  }
  for (const float component : mapped(pq, 0, 0, 0)) CHECK(component == doctest::Approx(0));
  for (const float component : mapped(hlg, 0, 0, 0)) CHECK(component == doctest::Approx(0));
}

TEST_CASE("grey stays grey and brighter stays brighter") {
  for (const HdrTransfer transfer : {HdrTransfer::Pq, HdrTransfer::Hlg}) {
    const ToneMapper mapper(transfer, 10);
    float before = -1;
    for (int i = 0; i <= 100; ++i) {
      const float level = static_cast<float>(i) / 100;
      const auto rgb = mapped(mapper, level, level, level);
      CAPTURE(level);
      CHECK(rgb[0] == doctest::Approx(rgb[1]).epsilon(0.001));
      CHECK(rgb[2] == doctest::Approx(rgb[1]).epsilon(0.001));
      CHECK(rgb[1] >= before);
      before = rgb[1];
    }
  }
}

TEST_CASE("a mid grey comes out as Hable's curve says") {
  // PQ 0.508078 is 100 cd/m2, light 1: hable(1) / hable(10) = 0.220 / 0.664, to the power 1 / 2.4.
  const ToneMapper pq(HdrTransfer::Pq, 10);
  const auto rgb = mapped(pq, 0.508078F, 0.508078F, 0.508078F);
  CHECK(rgb[1] == doctest::Approx(0.6317).epsilon(0.01));
}

TEST_CASE("colours outside BT.709 are brought inside") {
  const ToneMapper pq(HdrTransfer::Pq, 10);
  const auto green = mapped(pq, 0, 0.7F, 0);
  CHECK(green[0] == doctest::Approx(0));
  CHECK(green[1] > 0.9F);
  CHECK(green[2] == doctest::Approx(0));
}

TEST_CASE("values outside the signal's range do no harm") {
  const ToneMapper hlg(HdrTransfer::Hlg, 10);
  for (const float component : mapped(hlg, -0.5F, 2.0F, 1.2F)) {
    CHECK(component >= 0);
    CHECK(component <= 1);
  }
}
