// SPDX-License-Identifier: LGPL-2.1-or-later
// What came of a task: its result and its completion message as JSON, and the table of codes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/geometry.h"
#include "gst/core/task.h"
#include "gst/core/timing.h"
#include "gst/core/uri_template.h"

namespace anim {

/// A moment: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
using Moment = std::chrono::milliseconds;

[[nodiscard]] UtcTime utc_time(Moment moment);

/// "2024-08-20T07:03:07.360Z".
[[nodiscard]] std::string iso_time(Moment moment);

/// Why a task failed; None when it did not.
enum class TaskCode {
  None,
  InvalidArgument,
  Unsupported,
  LimitExceeded,
  StartTimeOutOfRange,
  ResourceNotFound,
  SourceUnreadable,
  NoVideoStream,
  DecoderMissing,
  EncodeFailed,
  OutputFailed,
  DiskFull,
  Cancelled,
  InternalError,
};

/// A row of the table of codes.
struct TaskCodeRow {
  TaskCode code;
  std::string_view name;   ///< as in the result's Code
  std::string_view cause;  ///< one sentence for the docs
};

/// Every code but None.
[[nodiscard]] std::span<const TaskCodeRow> task_codes();

/// The code's name; "" for None.
[[nodiscard]] std::string_view to_string(TaskCode code);
/// The code of that name: None of "", InternalError of an unknown one.
[[nodiscard]] TaskCode task_code_named(std::string_view name);

/// The code that an error of the core counts as. NoVideoStream, DecoderMissing and Cancelled are
/// for the caller alone to know.
[[nodiscard]] TaskCode task_code(ErrorCode code);

/// One animation that was made.
struct OutputResult {
  std::string uri;  ///< expanded
  AnimationFormat format = AnimationFormat::Webp;
  Size size;
  std::uint64_t frame_count = 0;    ///< samples shown: what the service bills
  std::uint64_t stored_frames = 0;  ///< frames in the file, after merging equal ones
  Nanoseconds duration{0};          ///< of one play
  unsigned loop_count = 0;          ///< total plays; 0 = for ever
  std::uint64_t bytes = 0;
  std::string md5;  ///< 32 lower-case hexadecimal digits
};

/// How the message at the end of a task went its way, once for each channel.
struct Delivery {
  std::string channel;  ///< "Folder", "MNS" or "Webhook"
  std::string target;   ///< the topic's name, or the URL without what may be secret in it
  bool is_delivered = false;
  unsigned attempts = 0;
  std::string message;  ///< why not; "" when delivered
};

struct TaskResult {
  std::string task_id;  ///< "MediaConvert-<uuid>"
  TaskCode code = TaskCode::None;
  std::string message;  ///< what went wrong; "" when nothing did
  Moment start_time{0};
  Moment end_time{0};
  std::string user_data;
  std::vector<std::string> ignored;   ///< JSON paths
  std::vector<std::string> warnings;  ///< sentences
  std::uint64_t decoded_frames = 0;
  std::uint64_t skipped_units = 0;          ///< frames or fields, read and not decoded
  std::optional<std::uint64_t> bytes_read;  ///< of a source over HTTP
  std::vector<OutputResult> outputs;        ///< of a task that succeeded, in the order of the JSON
  /// URIs that are in their places although the task failed: publishing stopped half-way.
  std::vector<std::string> published;
  std::vector<Delivery> deliveries;
};

/// The result as JSON, one object, indented by two spaces. Bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string result_json(const TaskResult& result);
/// A result (JSON, an object) with these deliveries in place of its own.
[[nodiscard]] std::string with_deliveries(const std::string& result,
                                          std::span<const Delivery> deliveries);

/// Numbers that tell one message from another, made by the caller.
struct MessageIds {
  std::string event_id;
  std::string request_id;
};

/// The completion message of a task, for success and failure: an envelope in JSON whose "content"
/// is JSON in a string, as the service sends it. Of failed tasks, Animations lists what was
/// published.
[[nodiscard]] std::string message_json(const Task& task, const TaskResult& result,
                                       const MessageIds& ids);

}  // namespace anim
