// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/task_database.h"

namespace anim::server {
namespace {

// Every write is on the disk before it is told of; readers do not wait for writers.
constexpr const char* kSettings = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
)";

/// Of what kSchema makes; a database says its own.
constexpr std::int64_t kVersion = 1;
constexpr const char* kSetVersion = "PRAGMA user_version = 1";

/// From the first builds, which had no version, to 1.
constexpr const char* kAddRequestIds = R"(
ALTER TABLE tasks ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
UPDATE tasks SET request_id = hex(randomblob(16));
)";

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS projects (
  name TEXT PRIMARY KEY, description TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tasks (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, event_id TEXT NOT NULL,
  request_id TEXT NOT NULL, project TEXT NOT NULL, state INTEGER NOT NULL,
  created INTEGER NOT NULL, ended INTEGER,
  code TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', user_data TEXT NOT NULL,
  definition TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, mark TEXT NOT NULL UNIQUE);
CREATE INDEX IF NOT EXISTS tasks_by_state ON tasks (state, number);
CREATE INDEX IF NOT EXISTS tasks_by_project ON tasks (project, id);
CREATE INDEX IF NOT EXISTS tasks_by_start ON tasks (project, created, number);
CREATE INDEX IF NOT EXISTS tasks_by_end ON tasks (ended);
CREATE INDEX IF NOT EXISTS tasks_by_end_in_project ON tasks (project, coalesce(ended, 0), number);
CREATE TABLE IF NOT EXISTS tags (
  number INTEGER NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
  name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (number, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL REFERENCES tasks (number),
  channel INTEGER NOT NULL, target TEXT NOT NULL, receiver TEXT NOT NULL, name TEXT NOT NULL,
  json TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_due ON messages (due, id, receiver);
CREATE INDEX IF NOT EXISTS messages_by_target ON messages (channel, target);
CREATE INDEX IF NOT EXISTS messages_by_task ON messages (number);
)";

Status bring_up_to_date(Database& database) {
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version == kVersion) return success();
  if (*version > kVersion) {
    return Error{ErrorCode::Unsupported,
                 "it is of version " + std::to_string(*version) +
                     " and was made by a later build; this one knows " + std::to_string(kVersion),
                 {}};
  }
  const auto columns = database.number("SELECT count(*) FROM pragma_table_info('tasks')");
  if (!columns) return columns.error();
  return *columns > 0 ? database.execute(kAddRequestIds) : success();
}

/// In one transaction, as several connections are opened at once.
Status make_schema(Database& database) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  if (Status status = bring_up_to_date(database); !status) return status;
  if (Status status = database.execute(kSchema); !status) return status;
  if (Status status = database.execute(kSetVersion); !status) return status;
  return transaction->commit();
}

}  // namespace

Result<Database> open_task_database(const std::string& folder) {
  auto database = Database::open(folder + "/tasks.db");
  if (!database) return database.error();
  if (Status status = database->execute(kSettings); !status) return status.error();
  if (Status status = make_schema(*database); !status) return status.error();
  return database;
}

}  // namespace anim::server
