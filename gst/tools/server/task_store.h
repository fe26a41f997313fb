// SPDX-License-Identifier: LGPL-2.1-or-later
// Projects and tasks, in a file that outlives the service.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/service/task_entry.h"
#include "gst/core/service/task_query.h"
#include "gst/tools/server/message_store.h"
#include "gst/tools/server/sqlite.h"

namespace anim::server {

/// How a task ended.
struct TaskEnd {
  service::TaskState state = service::TaskState::Failed;
  std::string code = {};
  std::string message = {};
  Moment time{0};
  std::vector<OutgoingMessage> messages = {};
};

/// What became of a task that was to be added.
enum class Added {
  New,
  QueueFull,
  Replayed,  ///< there is a task of the same request
};

/// One connection. Thread-safe; several connections to one file do not wait for each other to read.
class TaskStore {
 public:
  /// A page of tasks ends behind the one with which its texts have so many bytes.
  static constexpr std::size_t kMostPageBytes = std::size_t{4} << 20;

  /// Opens "tasks.db" in `folder`, which exists.
  [[nodiscard]] static Result<TaskStore> open(const std::string& folder);

  /// Adds a project. False: it is there already. LimitExceeded: there are `most` others.
  [[nodiscard]] Result<bool> add_project(const service::Project& project, std::int64_t most);
  [[nodiscard]] Result<std::optional<service::Project>> project(std::string_view name);
  /// At most `most` projects by their names, behind the name `after`.
  [[nodiscard]] Result<std::vector<service::Project>> projects(std::string_view after,
                                                               std::int64_t most);

  /// Adds a task that waits, unless `queue` tasks wait already. `mark` tells its request from all
  /// others. It is on the disk when this returns.
  [[nodiscard]] Result<Added> add(const service::TaskEntry& task, std::string_view mark,
                                  std::int64_t queue);
  [[nodiscard]] Result<std::optional<service::TaskEntry>> task(std::string_view project,
                                                               std::string_view id);
  /// A page of some MiB at most: of long tasks it holds fewer than are asked for.
  [[nodiscard]] Result<service::TaskPage> tasks(const service::TaskQuery& query);

  /// The oldest task that waits, which runs from now on; nothing when none waits.
  [[nodiscard]] Result<std::optional<service::TaskEntry>> claim();
  /// All tasks that run, as far as the store knows.
  [[nodiscard]] Result<std::vector<service::TaskEntry>> running();
  /// Lets a task that ran wait again, before all that came later.
  [[nodiscard]] Status requeue(std::int64_t number);
  /// The same as if it had not been claimed: it was no attempt.
  [[nodiscard]] Status unclaim(std::int64_t number);
  /// Ends a task that runs, and keeps its messages until they are sent: both or neither.
  [[nodiscard]] Status finish(std::int64_t number, const TaskEnd& end);

  /// How many tasks wait.
  [[nodiscard]] Result<std::int64_t> queued();

  /// Forgets tasks that ended before `time` and have no message to be sent; at most some hundred at
  /// once. Their number.
  [[nodiscard]] Result<std::int64_t> forget_before(Moment time);

 private:
  explicit TaskStore(Database database) : database_(std::move(database)) {}

  [[nodiscard]] Result<std::vector<service::TaskEntry>> entries(Statement& statement,
                                                                std::size_t most_bytes = SIZE_MAX);
  [[nodiscard]] Status add_tags(std::int64_t number, const service::TaskEntry& task);

  Database database_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  // guards the connection
};

}  // namespace anim::server
