// SPDX-License-Identifier: LGPL-2.1-or-later
// SQLite's handles with owners, and its failures as values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sqlite3.h>

#include "gst/core/error.h"

namespace anim::server {

/// One statement that is being run. Values are bound in the order of its "?".
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle, &sqlite3_finalize) {}

  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);
  Statement& bind(std::optional<std::int64_t> value);

  /// Runs up to the next row: true; false at the end.
  [[nodiscard]] Result<bool> step();
  /// Runs to the end.
  [[nodiscard]] Status run();

  // Columns of the row, from 0.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;

 private:
  std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> handle_;
  int bound_ = 0;
};

/// A connection to a database. For one thread at a time.
class Database {
 public:
  /// Opens the file, making it when it is not there.
  [[nodiscard]] static Result<Database> open(const std::string& file);

  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  /// The first row's number; 0 without a row.
  [[nodiscard]] Result<std::int64_t> number(std::string_view sql);
  /// Runs statements without values or rows.
  [[nodiscard]] Status execute(const char* sql);
  /// The number of rows that the last statement changed.
  [[nodiscard]] std::int64_t changes() const { return sqlite3_changes64(handle_.get()); }
  /// The key of the last row that was inserted.
  [[nodiscard]] std::int64_t last_key() const { return sqlite3_last_insert_rowid(handle_.get()); }

 private:
  explicit Database(sqlite3* handle) : handle_(handle, &sqlite3_close_v2) {}

  std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)> handle_;
};

/// A transaction: what was done since it began is undone unless it is committed.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;  ///< null: over
};

}  // namespace anim::server
