// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/task_store.h"

#include <algorithm>
#include <utility>

#include "gst/tools/server/task_database.h"
#include "gst/tools/server/task_list.h"

namespace anim::server {
namespace {

using service::Project;
using service::TaskEntry;
using service::TaskPage;
using service::TaskQuery;
using service::TaskState;

TaskEntry entry_of(const Statement& row) {
  TaskEntry task;
  task.number = row.integer(0);
  task.id = row.text(1);
  task.event_id = row.text(2);
  task.project = row.text(3);
  task.state = static_cast<TaskState>(row.integer(4));
  task.created = Moment(row.integer(5));
  if (const auto ended = row.optional_integer(6)) task.ended = Moment(*ended);
  task.code = row.text(7);
  task.message = row.text(8);
  task.user_data = row.text(9);
  task.definition = row.text(10);
  task.attempts = static_cast<unsigned>(row.integer(11));
  task.request_id = row.text(12);
  return task;
}

Project project_of(const Statement& row) {
  return {row.text(0), row.text(1), Moment(row.integer(2))};
}

/// While this is there, what is written may be lost when the power fails, not when the service
/// ends.
class Unsynchronized {
 public:
  explicit Unsynchronized(Database& database) : database_(database) {
    (void)database_.execute("PRAGMA synchronous = NORMAL");
  }
  Unsynchronized(const Unsynchronized&) = delete;
  Unsynchronized& operator=(const Unsynchronized&) = delete;
  ~Unsynchronized() { (void)database_.execute("PRAGMA synchronous = FULL"); }

 private:
  Database& database_;
};

}  // namespace

Result<TaskStore> TaskStore::open(const std::string& folder) {
  auto database = open_task_database(folder);
  if (!database) return database.error();
  return TaskStore(std::move(*database));
}

// ---- projects -----------------------------------------------------------------------------------

Result<bool> TaskStore::add_project(const Project& project, std::int64_t most) {
  const std::lock_guard lock(*mutex_);
  auto insert = database_.prepare(
      "INSERT OR IGNORE INTO projects (name, description, created) "
      "SELECT ?, ?, ? WHERE (SELECT count(*) FROM projects) < ?");
  if (!insert) return insert.error();
  insert->bind(project.name).bind(project.description).bind(project.created.count()).bind(most);
  if (Status status = insert->run(); !status) return status.error();
  if (database_.changes() == 1) return true;
  auto same = database_.prepare("SELECT 1 FROM projects WHERE name = ?");
  if (!same) return same.error();
  const auto is_there = same->bind(project.name).step();
  if (!is_there) return is_there.error();
  if (*is_there) return false;
  return Error{ErrorCode::LimitExceeded,
               "there are " + std::to_string(most) + " projects, as many as are allowed",
               {}};
}

Result<std::optional<Project>> TaskStore::project(std::string_view name) {
  const std::lock_guard lock(*mutex_);
  auto statement =
      database_.prepare("SELECT name, description, created FROM projects WHERE name = ?");
  if (!statement) return statement.error();
  const auto row = statement->bind(name).step();
  if (!row) return row.error();
  return *row ? std::optional(project_of(*statement)) : std::nullopt;
}

Result<std::vector<Project>> TaskStore::projects(std::string_view after, std::int64_t most) {
  const std::lock_guard lock(*mutex_);
  auto statement = database_.prepare(
      "SELECT name, description, created FROM projects WHERE name > ? ORDER BY name LIMIT ?");
  if (!statement) return statement.error();
  statement->bind(after).bind(most);
  std::vector<Project> out;
  while (true) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return out;
    out.push_back(project_of(*statement));
  }
}

// ---- tasks --------------------------------------------------------------------------------------

Status TaskStore::add_tags(std::int64_t number, const TaskEntry& task) {
  for (const auto& [name, value] : task.tags) {
    auto statement = database_.prepare("INSERT INTO tags (number, name, value) VALUES (?, ?, ?)");
    if (!statement) return statement.error();
    Status status = statement->bind(number).bind(name).bind(value).run();
    if (!status) return status;
  }
  return success();
}

Result<Added> TaskStore::add(const TaskEntry& task, std::string_view mark, std::int64_t queue) {
  const std::lock_guard lock(*mutex_);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  const auto waiting = database_.number("SELECT count(*) FROM tasks WHERE state = 0");
  if (!waiting) return waiting.error();
  if (*waiting >= queue) return Added::QueueFull;
  auto statement = database_.prepare(
      "INSERT INTO tasks (id, event_id, request_id, project, state, created, user_data, "
      "definition, mark) "
      "VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT (mark) DO NOTHING");
  if (!statement) return statement.error();
  statement->bind(task.id).bind(task.event_id).bind(task.request_id);
  statement->bind(task.project).bind(task.created.count());
  Status status = statement->bind(task.user_data).bind(task.definition).bind(mark).run();
  if (!status) return status.error();
  if (database_.changes() == 0) return Added::Replayed;
  if (status = add_tags(database_.last_key(), task); !status) return status.error();
  if (status = transaction->commit(); !status) return status.error();
  return Added::New;
}

// Of texts that clients and workers make as long as they like.
std::size_t bytes_of(const TaskEntry& task) {
  return task.definition.size() + task.user_data.size() + task.message.size();
}

Result<std::vector<TaskEntry>> TaskStore::entries(Statement& statement, std::size_t most_bytes) {
  std::vector<TaskEntry> out;
  for (std::size_t bytes = 0; bytes <= most_bytes;) {
    const auto row = statement.step();
    if (!row) return row.error();
    if (!*row) break;
    out.push_back(entry_of(statement));
    bytes += bytes_of(out.back());
  }
  for (TaskEntry& task : out) {
    auto tags = database_.prepare("SELECT name, value FROM tags WHERE number = ?");
    if (!tags) return tags.error();
    tags->bind(task.number);
    for (auto row = tags->step();; row = tags->step()) {
      if (!row) return row.error();
      if (!*row) break;
      task.tags.emplace(tags->text(0), tags->text(1));
    }
  }
  return out;
}

Result<std::optional<TaskEntry>> TaskStore::task(std::string_view project, std::string_view id) {
  const std::lock_guard lock(*mutex_);
  auto statement = database_.prepare(task_columns(true) + " WHERE id = ? AND project = ?");
  if (!statement) return statement.error();
  const auto found = entries(statement->bind(id).bind(project));
  if (!found) return found.error();
  return found->empty() ? std::nullopt : std::optional(found->front());
}

Result<TaskPage> TaskStore::tasks(const TaskQuery& query) {
  const std::lock_guard lock(*mutex_);
  if (!query.wants_tasks) return TaskPage{};
  auto statement = list_statement(database_, query);
  if (!statement) return statement.error();
  auto found = entries(*statement, kMostPageBytes);
  if (!found) return found.error();
  TaskPage page{std::move(*found), {}};
  std::size_t bytes = 0;
  for (const TaskEntry& task : page.tasks) bytes += bytes_of(task);
  const bool is_full = bytes > kMostPageBytes;  // the next page may be empty
  const auto most = static_cast<std::size_t>(query.max_results);
  if (!is_full && page.tasks.size() <= most) return page;
  page.tasks.resize(std::min(page.tasks.size(), most));
  page.next = next_token(query, page.tasks.back());
  return page;
}

Result<std::optional<TaskEntry>> TaskStore::claim() {
  const std::lock_guard lock(*mutex_);
  // If the power fails, the task waits again, as it should: no need to wait for the disk.
  const Unsynchronized unsynchronized(database_);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  auto oldest = database_.prepare(task_columns(true) + " WHERE state = 0 ORDER BY number LIMIT 1");
  if (!oldest) return oldest.error();
  const auto found = entries(*oldest);
  if (!found) return found.error();
  if (found->empty()) return std::optional<TaskEntry>();
  TaskEntry task = found->front();
  auto statement =
      database_.prepare("UPDATE tasks SET state = 1, attempts = attempts + 1 WHERE number = ?");
  if (!statement) return statement.error();
  if (Status status = statement->bind(task.number).run(); !status) return status.error();
  if (Status status = transaction->commit(); !status) return status.error();
  task.state = TaskState::Running;
  ++task.attempts;
  return std::optional(std::move(task));
}

Result<std::vector<TaskEntry>> TaskStore::running() {
  const std::lock_guard lock(*mutex_);
  auto statement = database_.prepare(task_columns(true) + " WHERE state = 1");
  if (!statement) return statement.error();
  return entries(*statement);
}

Status TaskStore::requeue(std::int64_t number) {
  const std::lock_guard lock(*mutex_);
  auto statement = database_.prepare("UPDATE tasks SET state = 0 WHERE number = ? AND state = 1");
  if (!statement) return statement.error();
  return statement->bind(number).run();
}

Status TaskStore::unclaim(std::int64_t number) {
  const std::lock_guard lock(*mutex_);
  auto statement = database_.prepare(
      "UPDATE tasks SET state = 0, attempts = attempts - 1 WHERE number = ? AND state = 1");
  if (!statement) return statement.error();
  return statement->bind(number).run();
}

Status TaskStore::finish(std::int64_t number, const TaskEnd& end) {
  const std::lock_guard lock(*mutex_);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  auto statement = database_.prepare(
      "UPDATE tasks SET state = ?, code = ?, message = ?, ended = ? WHERE number = ? AND state = "
      "1");
  if (!statement) return statement.error();
  statement->bind(static_cast<std::int64_t>(end.state)).bind(end.code).bind(end.message);
  Status status = statement->bind(end.time.count()).bind(number).run();
  if (!status) return status;
  if (database_.changes() != 1) {
    return Error{ErrorCode::Internal, "a task ended that did not run", std::to_string(number)};
  }
  for (const OutgoingMessage& message : end.messages) {
    status = insert_message(database_, number, message, end.time);
    if (!status) return status;
  }
  return transaction->commit();
}

Result<std::int64_t> TaskStore::queued() {
  const std::lock_guard lock(*mutex_);
  return database_.number("SELECT count(*) FROM tasks WHERE state = 0");
}

Result<std::int64_t> TaskStore::forget_before(Moment time) {
  const std::lock_guard lock(*mutex_);
  auto statement = database_.prepare(
      "DELETE FROM tasks WHERE number IN (SELECT number FROM tasks WHERE ended < ? AND NOT EXISTS "
      "(SELECT 1 FROM messages WHERE messages.number = tasks.number) LIMIT 500)");
  if (!statement) return statement.error();
  if (Status status = statement->bind(time.count()).run(); !status) return status.error();
  return database_.changes();
}

}  // namespace anim::server
