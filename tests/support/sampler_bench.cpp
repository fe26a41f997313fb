// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/sampler_bench.h"

#include <cstddef>
#include <numeric>

#include <doctest/doctest.h>

namespace anim::test {

GstFlowReturn SamplerBench::push(GstClockTime pts, GstClockTime duration) {
  return gst_harness_push(harness(), frame(pushed_++, pts, duration).release());
}

void SamplerBench::push_many(int count, GstClockTime from) {
  for (int i = 0; i < count; ++i) REQUIRE(push(from + i * 100 * kMs, 100 * kMs) == GST_FLOW_OK);
}

std::vector<SampleOut> SamplerBench::pull() const {
  std::vector<SampleOut> all;
  const auto ms = [](guint64 time) { return time == GST_CLOCK_TIME_NONE ? time : time / kMs; };
  while (const auto buffer = pull_buffer()) {
    guint8 number = 0;
    gst_buffer_extract(buffer.get(), 0, &number, 1);
    all.push_back({number, ms(GST_BUFFER_PTS(buffer.get())), ms(GST_BUFFER_DURATION(buffer.get())),
                   GST_BUFFER_OFFSET(buffer.get())});
  }
  return all;
}

std::vector<int> SamplerBench::pull_frames() const {
  std::vector<int> frames;
  for (const SampleOut& out : pull()) frames.push_back(out.frame);
  return frames;
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

std::vector<int> counting(int from, int until) {
  std::vector<int> numbers(static_cast<std::size_t>(until - from));
  std::iota(numbers.begin(), numbers.end(), from);
  return numbers;
}

}  // namespace anim::test
