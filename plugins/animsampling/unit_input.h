// SPDX-License-Identifier: LGPL-2.1-or-later
// The units that come in, as the gate looks at them: their roles by their format, their times by
// the segment.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "gst/glue/unit_format.h"
#include "gst/glue/unit_reader.h"
#include "plugins/animsampling/input_segment.h"

namespace anim {

/// Of the streaming thread.
class UnitInput {
 public:
  /// A run begins: nothing is known.
  void reset() { *this = UnitInput(); }

  /// Whether `caps` change nothing.
  [[nodiscard]] bool is_known(const GstCaps* caps) const;
  /// Whether units of `format` (nothing: of no rule) are of another codec than those so far.
  [[nodiscard]] bool is_other_codec(const std::optional<UnitFormat>& format) const;
  /// Nobody reads units of the new format before read_on().
  void set_format(std::optional<UnitFormat> format);
  /// Where reads() was true since the format was set.
  [[nodiscard]] Codec codec() const { return format_->codec; }

  /// No reader goes with a segment that plays backwards or is not in time.
  void begin(const GstSegment& segment);
  /// Another segment follows, of the same stream or of another one.
  void flush();
  void end_stream();
  [[nodiscard]] bool is_segment_doubtful() const { return is_segment_doubtful_; }
  [[nodiscard]] const InputSegment& segment() const { return segment_; }

  /// Units begin anew, of which the parameter sets so far are known; no-one reads them where there
  /// is no rule.
  void read_on();
  /// Units are no longer read.
  void stop_reading() { reader_.reset(); }
  [[nodiscard]] bool reads() const { return reader_.has_value(); }

  /// Nothing when it is not understood, or not read.
  [[nodiscard]] std::optional<UnitReader::Unit> read(GstBuffer* buffer);

 private:
  std::optional<UnitFormat> format_;
  std::optional<UnitReader> reader_;
  InputSegment segment_;
  bool is_segment_doubtful_ = false;
};

}  // namespace anim
