// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/kept_frames.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace anim {
namespace {

using glue::adopt;
using glue::Owned;

/// A pool with a bound would run dry while its frames are kept.
bool is_of_bounded_pool(GstBuffer* buffer) {
  if (buffer->pool == nullptr) return false;
  const auto config = adopt(gst_buffer_pool_get_config(buffer->pool));
  guint most = 0;
  gst_buffer_pool_config_get_params(config.get(), nullptr, nullptr, nullptr, &most);
  return most > 0;
}

}  // namespace

Status KeptFrames::keep(Owned<GstBuffer> frame, Nanoseconds time,
                        std::optional<Nanoseconds> duration, std::uint64_t most_bytes) {
  bytes_ += gst_buffer_get_size(frame.get());
  if (most_bytes > 0 && bytes_ > most_bytes) {
    return Error{ErrorCode::LimitExceeded,
                 "to play backwards, all frames are kept in memory: after " +
                     std::to_string(frames_.size()) + " frames they are larger than " +
                     std::to_string(most_bytes) +
                     " bytes (max-bytes); take fewer frames or make them smaller",
                 {}};
  }
  if (is_of_bounded_pool(frame.get())) frame = adopt(gst_buffer_copy_deep(frame.get()));
  frames_.push_back(std::move(frame));
  times_.push_back(time);
  newest_duration_ = duration;
  return success();
}

std::vector<Nanoseconds> KeptFrames::durations(Nanoseconds fallback) const {
  std::vector<Nanoseconds> out;
  for (std::size_t i = 1; i < times_.size(); ++i) {
    out.push_back(std::max(times_[i] - times_[i - 1], Nanoseconds(0)));
  }
  if (times_.empty()) return out;
  const auto previous = times_.size() > 1 ? std::optional(times_[times_.size() - 2]) : std::nullopt;
  const Nanoseconds last = times_.back();
  out.push_back(end_of_last_frame(last, newest_duration_, previous, fallback) - last);
  return out;
}

Owned<GstBuffer> KeptFrames::picture(const Showing& showing) {
  Owned<GstBuffer>& frame = frames_[showing.frame];
  return adopt(showing.is_last ? gst_buffer_make_writable(frame.release())
                               : gst_buffer_copy(frame.get()));
}

}  // namespace anim
