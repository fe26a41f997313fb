// SPDX-License-Identifier: LGPL-2.1-or-later
// What is written down of a run while it goes on, and told at its end: phases, warnings, outputs,
// the result for the application, the message for the topic.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/task.h"
#include "gst/core/task_result.h"
#include "plugins/animtask/failure.h"
#include "plugins/animtask/net/stores.h"
#include "plugins/animtask/sources/extent.h"
#include "plugins/animtask/sources/source_counts.h"

namespace anim {

/// "MediaConvert-<uuid>", another one each time.
[[nodiscard]] std::string new_task_id();

/// The record of one task. Warnings may come from any thread; the rest from one at a time.
class TaskRecord {
 public:
  /// `task` and `stores` must outlive the record.
  TaskRecord(GstElement* element, const Task& task, std::string task_id, std::string storage_root,
             const Stores& stores);

  [[nodiscard]] Moment begun() const { return result_.start_time; }

  /// Tells of a phase that begins ("open", "sample", "encode", "store").
  void begin_phase(const char* code, const char* text);
  /// Tells the same of all phases that have begun and not ended.
  void end_phases(GstProgressType type, const char* text);

  /// Notes a warning and posts it.
  void warn(const std::string& text);
  /// The same of a source whose video ended before the length that its container states.
  void warn_of_shortfall(const std::string& uri, const Extent::Shortfall& extent);
  /// Notes a WARNING message of a child, which goes its own way.
  void note_warning(GstMessage* message);
  [[nodiscard]] std::vector<std::string> warnings() const;

  void note_source(const SourceCounts& counts);
  void note_outputs(std::vector<OutputResult> outputs);
  /// The result (JSON) of a task that has made these outputs, if nothing goes wrong any more.
  [[nodiscard]] std::string success_json(const std::vector<OutputResult>& outputs) const;
  void note_failure(const Failure& failure, std::vector<std::string> published);

  /// Tells the topic and the webhook, hands the result (JSON) to `take` and posts it. Servers that
  /// do not answer may take up to a minute; of a task that was stopped some seconds.
  void conclude(const std::function<void(const std::string&)>& take);

 private:
  void notify();
  void note_delivery(Delivery delivery);
  [[nodiscard]] TaskResult copy() const;

  GstElement* element_;
  const Task& task_;
  const std::string storage_root_;
  const Stores& stores_;
  std::vector<const char*> phases_;  ///< that have begun and not ended
  mutable std::mutex mutex_;         // guards what follows
  TaskResult result_;
};

}  // namespace anim
