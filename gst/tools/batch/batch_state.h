// SPDX-License-Identifier: LGPL-2.1-or-later
// The folder in which workers and the caller of a batch say what has become of its tasks. Files
// alone: it may lie on a disk that several machines share. What is in it is written whole or not at
// all. What cannot be read is ReadFailed, which is not the same as not being there.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "gst/core/error.h"
#include "gst/core/task_result.h"
#include "gst/tools/server/worker_process.h"

namespace anim::tools {

class BatchState {
 public:
  explicit BatchState(std::string folder) : folder_(std::move(folder)) {}

  /// Makes the folder unless it is there.
  [[nodiscard]] Status open() const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

  /// Writes down the file of tasks that is led, for its workers: they are not to find another one.
  [[nodiscard]] Status note_tasks(const std::string& text) const;
  [[nodiscard]] std::string tasks_file() const { return folder_ + "/tasks"; }

  /// The result (JSON) of a task that has ended; it never changes.
  [[nodiscard]] Result<std::optional<std::string>> result(const std::string& id) const;
  [[nodiscard]] bool has_result(const std::string& id) const;
  /// The tasks that have results, in one look.
  [[nodiscard]] std::set<std::string> ended() const;
  /// The result of a task whose messages are still to be sent.
  [[nodiscard]] Result<std::optional<std::string>> untold_result(const std::string& id) const;
  /// The result of a task whose outputs were about to be put in their places.
  [[nodiscard]] Result<std::optional<std::string>> journaled_result(const std::string& id) const;

  /// Writes down how a task ended, before its messages are sent.
  [[nodiscard]] Status note_end(const std::string& id, const std::string& json) const;
  /// Writes down its result and forgets what was under way. Gives the result that holds: the first.
  [[nodiscard]] Result<std::string> note_result(const std::string& id, std::string json) const;
  /// Forgets what was under way of a task that has a result; its worker may have been ended before.
  void tidy(const std::string& id) const;

  /// When the task was begun for the first time, which may be now.
  [[nodiscard]] Result<Moment> begun(const std::string& id, Moment now) const;
  [[nodiscard]] std::string journal(const std::string& id) const;

  /// Somebody works at the task, on whatever machine.
  [[nodiscard]] bool is_locked(const std::string& id) const;
  /// Waits until nobody else works at the task.
  [[nodiscard]] Result<server::Descriptor> lock(const std::string& id) const;
  /// Nothing while somebody works at the task.
  [[nodiscard]] Result<std::optional<server::Descriptor>> try_lock(const std::string& id) const;
  /// For whoever leads the batch; fails when there is somebody.
  [[nodiscard]] Result<server::Descriptor> lock_all() const;

 private:
  [[nodiscard]] std::string file(const std::string& id, const char* kind) const;

  std::string folder_;
};

}  // namespace anim::tools
