// SPDX-License-Identifier: LGPL-2.1-or-later
// Why a task failed: the code of its result, and the sentence for the user.
#pragma once

#include <optional>
#include <string>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/task_result.h"

namespace anim {

/// One reason. `error.message` is what the ERROR message and the result say.
struct Failure {
  TaskCode code = TaskCode::InternalError;
  Error error;
};

/// A failure whose code follows from the error's.
[[nodiscard]] Failure failure_of(Error error);

/// An ERROR message of a child as an error of ours: the child's sentence, its debug text as detail,
/// the code after its domain.
[[nodiscard]] Error error_of(GstMessage* message);

/// The HTTP status that an ERROR message of a reader is about.
[[nodiscard]] std::optional<long> http_status(GstMessage* message);

/// Whether an ERROR message is about the data of a stream, not about reaching it.
[[nodiscard]] bool is_stream_error(GstMessage* message);

}  // namespace anim
