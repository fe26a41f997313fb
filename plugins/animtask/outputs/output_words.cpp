// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/outputs/output_words.h"

#include "gst/core/text.h"

namespace anim {

Failure without_sample(const AnimationRequest& request, const Circumstances& circumstances,
                       const std::string& detail) {
  const auto& [damaged, is_ended_early] = circumstances;
  if (request.mode == SamplingMode::Key && !damaged && !is_ended_early) {
    return {
        TaskCode::InvalidArgument,
        Error{ErrorCode::InvalidArgument,
              request.path + "/Mode: key finds no random access point in this part of the video",
              detail}};
  }
  if (damaged) {
    return {TaskCode::SourceUnreadable,
            Error{ErrorCode::ReadFailed,
                  in_quotes(*damaged) + " is damaged before the first picture of " + request.path,
                  detail}};
  }
  if (is_ended_early) {
    return {TaskCode::Cancelled,
            Error{ErrorCode::InvalidArgument,
                  "the task was ended before the first picture of " + request.path, detail}};
  }
  return {TaskCode::StartTimeOutOfRange,
          Error{ErrorCode::OutOfRange,
                request.path + "/StartTime: " + readable(request.start_time) +
                    " s is at or after the end of the video: there is no picture to sample",
                detail}};
}

}  // namespace anim
