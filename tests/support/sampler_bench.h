// SPDX-License-Identifier: LGPL-2.1-or-later
// An intervalsampler in a harness, and frames of a few bytes for it.
#pragma once

#include <string>
#include <vector>

#include "gst/glue/handle.h"
#include "tests/support/filter_bench.h"

namespace anim::test {

inline constexpr GstClockTime kMs = GST_MSECOND;
inline constexpr const char* kCaps10 = "video/x-raw,format=GRAY8,width=4,height=2,framerate=10/1";
/// The same rate, another size.
inline constexpr const char* kOtherCaps10 =
    "video/x-raw,format=GRAY8,width=8,height=1,framerate=10/1";

/// A sample as it comes out.
struct SampleOut {
  int frame;  ///< its first byte
  guint64 pts_ms;
  guint64 duration_ms;
  guint64 offset;
  bool operator==(const SampleOut&) const = default;
};

class SamplerBench : public FilterBench {
 public:
  explicit SamplerBench(const std::string& settings, const char* caps = kCaps10)
      : SamplerBench(Line{"intervalsampler " + settings}, caps) {}

  /// As of gst-launch-1.0; the sampler is named s.
  struct Line {
    std::string text;
  };
  SamplerBench(const Line& line, const char* caps) : FilterBench(line.text, caps) {}

  [[nodiscard]] static glue::Owned<GstBuffer> frame(int number, GstClockTime pts,
                                                    GstClockTime duration) {
    return FilterBench::frame(number, 8, pts, duration);
  }

  /// The next frame, numbered from 0 on.
  GstFlowReturn push(GstClockTime pts, GstClockTime duration = GST_CLOCK_TIME_NONE);
  /// `count` frames 100 ms apart.
  void push_many(int count, GstClockTime from = 0);

  [[nodiscard]] std::vector<SampleOut> pull() const;
  [[nodiscard]] std::vector<int> pull_frames() const;

 private:
  int pushed_ = 0;
};

[[nodiscard]] bool contains(const std::string& text, const char* part);
[[nodiscard]] std::vector<int> counting(int from, int until);

}  // namespace anim::test
