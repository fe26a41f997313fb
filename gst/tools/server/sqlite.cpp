// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/sqlite.h"

#include <chrono>

namespace anim::server {
namespace {

constexpr std::chrono::milliseconds kBusyTime(10'000);

Error failure(sqlite3* handle, int code) {
  const bool is_full = (code & 0xFF) == SQLITE_FULL;
  return {is_full ? ErrorCode::NoSpaceLeft : ErrorCode::WriteFailed,
          std::string("the database of tasks: ") + sqlite3_errmsg(handle),
          {}};
}

}  // namespace

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), ++bound_, value);
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  // A null pointer would be NULL.
  const char* data = value.data() != nullptr ? value.data() : "";
  sqlite3_bind_text64(handle_.get(), ++bound_, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
  if (value) return bind(*value);
  sqlite3_bind_null(handle_.get(), ++bound_);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failure(sqlite3_db_handle(handle_.get()), code);
}

Status Statement::run() {
  while (true) {
    const auto row = step();
    if (!row) return row.error();
    if (!*row) return success();
  }
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* text = sqlite3_column_text(handle_.get(), column);
  if (text == nullptr) return {};
  const int bytes = sqlite3_column_bytes(handle_.get(), column);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(bytes)};
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (sqlite3_column_type(handle_.get(), column) == SQLITE_NULL) return {};
  return integer(column);
}

Result<Database> Database::open(const std::string& file) {
  sqlite3* handle = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(file.c_str(), &handle, kFlags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) {
    return Error{ErrorCode::WriteFailed,
                 "cannot open the database " + file + ": " + sqlite3_errstr(code),
                 {}};
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(kBusyTime.count()));
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  if (code != SQLITE_OK) return failure(handle_.get(), code);
  return Statement(statement);
}

Result<std::int64_t> Database::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  return *row ? statement->integer(0) : 0;
}

Status Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(handle_.get(), code);
  return success();
}

Result<Transaction> Transaction::begin(Database& database) {
  // Takes the lock at once: one that is taken later may be refused in the middle.
  if (Status status = database.execute("BEGIN IMMEDIATE"); !status) return status.error();
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

Status Transaction::commit() {
  Status status = database_->execute("COMMIT");
  if (status) database_ = nullptr;
  return status;
}

}  // namespace anim::server
