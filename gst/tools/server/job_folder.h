// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a service and the jobs that run its tasks meet: files alone, on a disk that all machines of
// a cluster have.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/service/task_entry.h"
#include "gst/core/task_result.h"
#include "gst/tools/batch/batch_state.h"

namespace anim::server {

/// A name for the jobs of the service whose state is in `folder`; made once. Fails where there is
/// one that cannot be read: with another name its jobs would be started a second time.
[[nodiscard]] Result<std::string> job_key(const std::string& folder);

/// The percents that a worker has told of last in its log; 0 while there is none.
[[nodiscard]] int progress_in(const std::string& log);

/// For one thread. A task has its file while it has no end; a result stays for an hour behind it,
/// so that a worker that comes late finds it.
class JobFolder {
 public:
  JobFolder(std::string folder, std::string storage_root)
      : folder_(std::move(folder)),
        storage_root_(std::move(storage_root)),
        state_(folder_ + "/state") {}

  /// Makes what is not there yet, and the folder above it, for this user alone. Fails where others
  /// may write.
  [[nodiscard]] Status open() const;

  // For the worker: --batch, --state, and a file for what it says.
  [[nodiscard]] std::string tasks() const { return folder_ + "/tasks"; }
  [[nodiscard]] const std::string& state() const { return state_.folder(); }
  [[nodiscard]] std::string logs() const { return folder_ + "/logs"; }

  /// Writes the task down for its worker. Fails for a task that is none, too.
  [[nodiscard]] Status add(const service::TaskEntry& task) const;

  [[nodiscard]] bool has_file(const service::TaskEntry& task) const;
  [[nodiscard]] bool has_result(const std::string& id) const;
  /// Whether a worker has been at the task: it is at it, or there is a result.
  [[nodiscard]] bool has_worker(const std::string& id) const;
  /// The ids that have results, in one look.
  [[nodiscard]] std::set<std::string> ended() const { return state_.ended(); }

  /// How the task has ended: its worker's result; where there is none, `otherwise`, which no worker
  /// overtakes then. Nothing while a worker is at it; fails where that cannot be read or written
  /// down.
  [[nodiscard]] Result<std::optional<TaskResult>> close(const service::TaskEntry& task,
                                                        const TaskResult& otherwise) const;

  /// Removes a task's file, so that no job runs it any more.
  void remove(const service::TaskEntry& task) const;
  /// Removes the files of all tasks but those of these numbers.
  void keep_only(const std::set<std::int64_t>& numbers) const;
  /// Removes, after an hour, what workers have said and what is known of tasks, but for those of
  /// the ids `open`, which have no end.
  void remove_old(const std::set<std::string>& open) const;

 private:
  [[nodiscard]] Result<std::optional<std::string>> closed(const service::TaskEntry& task,
                                                          const TaskResult& otherwise) const;

  std::string folder_;
  std::string storage_root_;
  tools::BatchState state_;
};

}  // namespace anim::server
