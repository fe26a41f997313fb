// SPDX-License-Identifier: LGPL-2.1-or-later
// The samples of streams at random through the gate are those of decoding in full.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/unit_gate.h"
#include "tests/core/gate_model.h"

using namespace anim::gate_model;
using anim::FrameDemand;
using anim::SamplingPlan;
using anim::Zero;

namespace {

/// Checks the samples through the gate, and returns how many units pass.
std::size_t check_samples(const Stream& stream, Random& random) {
  std::vector<SamplingPlan> plans;
  for (int i = random.up_to(2); i >= 0; --i) plans.push_back(random_plan(random));
  const auto limits = random.chance(20) ? anim::GateLimits{.bytes = 2000} : anim::GateLimits{};
  const Zero zero = random.chance(30) ? Zero::SegmentStart : Zero::FirstFrame;
  const auto passes = gated(stream, FrameDemand(plans, zero), kReordered, limits);
  require_same_samples(stream, passes, plans, zero, random);
  return static_cast<std::size_t>(std::count(passes.begin(), passes.end(), true));
}

/// The stream without its first pictures, as one that is joined in its middle.
Stream joined_at(std::size_t first, const Stream& stream) {
  Stream out(stream.begin() + static_cast<std::ptrdiff_t>(first), stream.end());
  for (Picture& picture : out) {
    std::erase_if(picture.predicted_from, [&](std::size_t other) { return other < first; });
    for (std::size_t& other : picture.predicted_from) other -= first;
  }
  return out;
}

}  // namespace

TEST_CASE("the samples are those of decoding everything") {
  std::size_t units = 0;
  std::size_t passed = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    Random random(seed + 1'000'000);
    const Stream stream = StreamMaker(seed).make(1 + random.up_to(8));
    passed += check_samples(stream, random);
    units += stream.size();
  }
  CHECK(passed < units * 3 / 4);
}

TEST_CASE("the samples of a stream that begins in the middle, whatever its decoder shows first") {
  std::size_t units = 0;
  std::size_t passed = 0;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    CAPTURE(seed);
    Random random(seed + 2'000'000);
    const Stream whole = StreamMaker(seed).make(2 + random.up_to(8));
    const auto last = static_cast<int>(std::min<std::size_t>(whole.size(), 30)) - 1;
    const Stream stream = joined_at(static_cast<std::size_t>(random.up_to(last)), whole);
    passed += check_samples(stream, random);
    units += stream.size();
  }
  CHECK(passed < units * 9 / 10);
}
