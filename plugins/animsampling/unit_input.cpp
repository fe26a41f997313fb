// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/unit_input.h"

#include <utility>

namespace anim {

bool UnitInput::is_known(const GstCaps* caps) const {
  const auto format = unit_format(caps);
  return !is_other_codec(format) && format->codec_data == format_->codec_data;
}

bool UnitInput::is_other_codec(const std::optional<UnitFormat>& format) const {
  return !format || !format_ || format->codec != format_->codec;
}

void UnitInput::set_format(std::optional<UnitFormat> format) {
  format_ = std::move(format);
  reader_.reset();
}

void UnitInput::begin(const GstSegment& segment) {
  is_segment_doubtful_ = segment.format != GST_FORMAT_TIME || segment.rate < 0;
  segment_.begin(segment, false);
}

void UnitInput::flush() {
  is_segment_doubtful_ = false;
  segment_.flush();
}

void UnitInput::end_stream() {
  is_segment_doubtful_ = false;
  segment_.reset();
}

void UnitInput::read_on() {
  if (reader_) {
    reader_->restart();
  } else if (format_ && !is_segment_doubtful_) {
    reader_.emplace(*format_);
  }
}

std::optional<UnitReader::Unit> UnitInput::read(GstBuffer* buffer) {
  if (!reader_) return {};
  auto unit = reader_->read(buffer);
  if (!unit) return {};
  unit->unit.time = segment_.running_time(GST_BUFFER_PTS(buffer));
  unit->unit.duration = segment_.running_duration(buffer);
  return unit;
}

}  // namespace anim
