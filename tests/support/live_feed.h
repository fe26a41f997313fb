// SPDX-License-Identifier: LGPL-2.1-or-later
// Pushes a recording into an appsrc as a live stream: in real time, without end, with faults on
// demand.
#pragma once

#include <cstdint>

#include <gst/gst.h>

#include "gst/glue/handle.h"
#include "tests/support/recording.h"

namespace live {

/// Of one thread, which calls push_until() often. Times are running times.
class Feed {
 public:
  /// `source` is an appsrc in a format of time; `recording` outlives this.
  Feed(GstElement* source, const Recording& recording)
      : source_(anim::glue::share(source)), recording_(&recording) {}

  /// From here on the recording begins anew at `time`.
  void begin(GstClockTime time) {
    begin_ = static_cast<GstClockTimeDiff>(time);
    next_ = 0;
    to_lose_ = 0;
    shift_to(0);
  }

  /// Pushes the units that a sender has sent until `now`: each one when it is to be decoded.
  void push_until(GstClockTime now) {
    while (due() <= static_cast<GstClockTimeDiff>(now)) {
      if (to_lose_ == 0) {
        push();
      } else {
        --to_lose_;
        is_discont_ = true;
      }
      if (++next_ == recording_->units.size()) {
        begin_ += static_cast<GstClockTimeDiff>(recording_->length);
        next_ = 0;
      }
    }
  }

  /// The next `units` are lost on their way.
  void lose(unsigned units) { to_lose_ += units; }

  /// The timestamps from here on are off by `by`; further back than to 0 they do not go.
  void shift_to(GstClockTimeDiff by) {
    shift_ = std::max(by, -due());
    is_discont_ = true;
  }

  /// The sender goes on with another recording.
  void change_to(const Recording& recording) {
    begin_ = due();
    recording_ = &recording;
    next_ = 0;
  }

  [[nodiscard]] std::uint64_t pushed() const { return pushed_; }

 private:
  [[nodiscard]] GstClockTimeDiff due() const { return begin_ + recording_->units[next_].dts; }

  static GstClockTime stamp(GstClockTimeDiff time) {
    return static_cast<GstClockTime>(std::max<GstClockTimeDiff>(time, 0));
  }

  void push() {
    const Unit& unit = recording_->units[next_];
    GstBuffer* buffer = gst_buffer_copy_deep(unit.data.get());
    GST_BUFFER_PTS(buffer) = stamp(begin_ + unit.pts + shift_);
    GST_BUFFER_DTS(buffer) = stamp(begin_ + unit.dts + shift_);
    GST_BUFFER_FLAG_UNSET(buffer, GST_BUFFER_FLAG_DISCONT);
    if (is_discont_) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
    is_discont_ = false;
    const auto sample =
        anim::glue::adopt(gst_sample_new(buffer, recording_->caps.get(), nullptr, nullptr));
    gst_buffer_unref(buffer);
    GstFlowReturn result = GST_FLOW_OK;
    g_signal_emit_by_name(source_.get(), "push-sample", sample.get(), &result);
    if (result == GST_FLOW_OK) ++pushed_;
  }

  anim::glue::Owned<GstElement> source_;
  const Recording* recording_;
  GstClockTimeDiff begin_ = 0;  ///< of the recording's first frame
  GstClockTimeDiff shift_ = 0;
  std::size_t next_ = 0;
  unsigned to_lose_ = 0;
  bool is_discont_ = true;
  std::uint64_t pushed_ = 0;
};

}  // namespace live
