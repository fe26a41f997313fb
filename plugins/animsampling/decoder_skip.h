// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells the decoder, over QoS, which frames no sample needs (property skip-decoding).
#pragma once

#include <optional>
#include <string>

#include <gst/gst.h>

#include "gst/core/skip_ahead.h"
#include "gst/core/timing.h"
#include "plugins/animsampling/input_segment.h"
#include "plugins/animsampling/unit_times.h"

namespace anim {

/// Of the streaming thread. Where skipping might change a sample it turns itself off for the rest
/// of the run, with one warning.
class DecoderSkip {
 public:
  /// `self` and its sink pad are not owned and must outlive this.
  DecoderSkip(GstElement* self, GstPad* sink) : self_(self), sink_(sink) {}

  /// A run begins: what was turned off may be tried again.
  void reset() { is_off_ = false; }
  /// No frame came since start or flush.
  void start_over(bool is_wanted);
  /// The run ends.
  void stop() { times_.stop(); }
  /// What is upstream, or its frame rate, may have changed.
  void look_again();

  /// A frame at running time `time` in the segment `input`; `next_sample` as in SkipAhead.
  void frame(Nanoseconds time, std::optional<Nanoseconds> next_sample, const InputSegment& input);

 private:
  [[nodiscard]] bool look(const InputSegment& input);
  void turn_off(const std::string& why);
  void withdraw();
  void tell(Nanoseconds deadline);

  GstElement* self_;
  GstPad* sink_;
  SkipAhead ahead_;
  UnitTimes times_;  ///< of the units before the decoder
  bool is_wanted_ = false;
  bool is_off_ = false;
  bool has_looked_ = false;
  bool has_told_ = false;  ///< a deadline, which the decoder still knows
};

}  // namespace anim
