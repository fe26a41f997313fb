// SPDX-License-Identifier: LGPL-2.1-or-later
// A samplegate in a harness, and units for it: of MJPEG, where every unit is a whole picture,
// whatever its bytes; and of H.264 with headers alone, which wait for each other.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gst/core/image.h"
#include "gst/glue/handle.h"
#include "tests/support/filter_bench.h"

namespace anim::test {

inline constexpr GstClockTime kFrame = 40 * GST_MSECOND;
inline constexpr const char* kJpeg = "image/jpeg,framerate=25/1";
inline constexpr const char* kH264 = "video/x-h264,stream-format=byte-stream,alignment=au";

class GateBench : public FilterBench {
 public:
  explicit GateBench(const std::string& settings, const char* caps = kJpeg)
      : FilterBench("samplegate " + settings, caps) {}

  GstFlowReturn push(int number, GstClockTime pts);
  GstFlowReturn push(glue::Owned<GstBuffer> buffer, GstClockTime pts);
  /// Units `from` to `until`, 40 ms each; the first flow that is not OK ends it.
  GstFlowReturn push_many(int from, int until);

  /// The numbers of what passed since the last look.
  [[nodiscard]] std::vector<int> passed() const;
  /// The times of what passed since the last look.
  [[nodiscard]] std::vector<GstClockTime> passed_times() const;
  [[nodiscard]] bool has_ended() const { return static_cast<bool>(pull_event(GST_EVENT_EOS)); }
};

/// Units of H.264 as far as the gate reads them, filled up to a size. Those of a kind share their
/// memory.
class H264Units {
 public:
  explicit H264Units(std::size_t bytes);

  [[nodiscard]] glue::Owned<GstBuffer> idr() const { return unit(idr_); }
  [[nodiscard]] glue::Owned<GstBuffer> reference() const { return unit(reference_); }
  [[nodiscard]] glue::Owned<GstBuffer> disposable() const { return unit(disposable_); }
  /// Without a picture.
  [[nodiscard]] glue::Owned<GstBuffer> empty() const { return unit(empty_); }

 private:
  static glue::Owned<GstBuffer> unit(const glue::Owned<GstBuffer>& of_kind) {
    return glue::adopt(gst_buffer_copy(of_kind.get()));
  }

  glue::Owned<GstBuffer> idr_;
  glue::Owned<GstBuffer> reference_;
  glue::Owned<GstBuffer> disposable_;
  glue::Owned<GstBuffer> empty_;
};

}  // namespace anim::test
