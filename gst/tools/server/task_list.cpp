// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/task_list.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace anim::server {
namespace {

using service::TaskQuery;
using service::TaskSort;
using service::TimeRange;

/// Conditions with their values, joined by AND.
class Conditions {
 public:
  void add(const std::string& sql) { sql_ += (sql_.empty() ? " WHERE " : " AND ") + sql; }
  template <class Value>
  void add_value(Value value) {
    values_.emplace_back(std::move(value));
  }
  void add(const std::string& sql, std::int64_t value) {
    add(sql);
    add_value(value);
  }
  void add(const std::string& sql, const std::string& value) {
    add(sql);
    add_value(value);
  }

  [[nodiscard]] const std::string& sql() const { return sql_; }
  void bind(Statement& statement) const {
    for (const auto& value : values_) {
      std::visit([&](const auto& v) { statement.bind(v); }, value);
    }
  }

 private:
  std::string sql_;
  std::vector<std::variant<std::int64_t, std::string>> values_;
};

const char* key_of(TaskSort sort) {
  switch (sort) {
    case TaskSort::TaskId:
      return "id";
    case TaskSort::StartTime:
      return "created";
    case TaskSort::EndTime:
      return "coalesce(ended, 0)";
  }
  return "";
}

const char* states_of(const std::string& status) {
  if (status == "Succeeded") return "state = 2";
  return status == "Failed" ? "state = 3" : "state IN (0, 1)";
}

void add_range(Conditions& conditions, const std::string& column, const TimeRange& range) {
  if (range.start) conditions.add(column + " >= ?", range.start->count());
  if (range.end) conditions.add(column + " <= ?", range.end->count());
}

void add_cursor(Conditions& conditions, const TaskQuery& query) {
  if (!query.after) return;
  conditions.add(std::string("(") + key_of(query.sort) + ", number) " +
                 (query.is_descending ? "<" : ">") + " (?, ?)");
  if (query.sort == TaskSort::TaskId) {
    conditions.add_value(query.after->key);
  } else {
    conditions.add_value(std::int64_t{std::stoll(query.after->key)});
  }
  conditions.add_value(query.after->number);
}

}  // namespace

std::string task_columns(bool with_definition) {
  return std::string(
             "SELECT number, id, event_id, project, state, created, ended, code, message, "
             "user_data, ") +
         (with_definition ? "definition" : "''") + ", attempts, request_id FROM tasks";
}

Result<Statement> list_statement(Database& database, const TaskQuery& query) {
  Conditions conditions;
  conditions.add("project = ?", query.project);
  if (query.status) conditions.add(states_of(*query.status));
  for (const auto& [name, value] : query.tags) {
    conditions.add(
        "EXISTS (SELECT 1 FROM tags WHERE tags.number = tasks.number AND name = ? AND value = ?)",
        name);
    conditions.add_value(value);
  }
  add_range(conditions, "created", query.started);
  add_range(conditions, "ended", query.ended);
  add_cursor(conditions, query);
  const std::string order = query.is_descending ? " DESC" : " ASC";
  auto statement =
      database.prepare(task_columns(query.with_definition) + conditions.sql() + " ORDER BY " +
                       key_of(query.sort) + order + ", number" + order + " LIMIT ?");
  if (!statement) return statement.error();
  conditions.bind(*statement);
  statement->bind(query.max_results + 1);
  return statement;
}

}  // namespace anim::server
