// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/tools/server/sqlite.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;

namespace {

Database opened(const TemporaryFolder& folder) {
  auto database = Database::open(folder.text() + "/db");
  REQUIRE(database.ok());
  REQUIRE(database->execute("CREATE TABLE IF NOT EXISTS t (a INTEGER, b TEXT)").ok());
  return std::move(*database);
}

std::int64_t count(Database& database) {
  Statement statement = std::move(*database.prepare("SELECT count(*) FROM t"));
  REQUIRE(*statement.step());
  return statement.integer(0);
}

}  // namespace

TEST_CASE("values come back as they were bound") {
  const TemporaryFolder folder;
  Database database = opened(folder);
  const std::string text("a\0é'", 5);
  Statement insert = std::move(*database.prepare("INSERT INTO t VALUES (?, ?), (?, ?)"));
  insert.bind(std::int64_t{1} << 60).bind(text).bind(std::optional<std::int64_t>()).bind("");
  REQUIRE(insert.run().ok());
  CHECK(database.changes() == 2);
  Statement select = std::move(*database.prepare("SELECT a, b FROM t ORDER BY rowid"));
  REQUIRE(*select.step());
  CHECK(select.integer(0) == std::int64_t{1} << 60);
  CHECK(select.text(1) == text);
  REQUIRE(*select.step());
  CHECK_FALSE(select.optional_integer(0));
  CHECK(select.text(1).empty());
  CHECK_FALSE(*select.step());
}

TEST_CASE("a transaction that is not committed never was") {
  const TemporaryFolder folder;
  Database database = opened(folder);
  {
    auto transaction = Transaction::begin(database);
    REQUIRE(database.execute("INSERT INTO t VALUES (1, 'x')").ok());
  }
  CHECK(count(database) == 0);
  auto transaction = Transaction::begin(database);
  REQUIRE(database.execute("INSERT INTO t VALUES (1, 'x')").ok());
  REQUIRE(transaction->commit().ok());
  CHECK(count(database) == 1);
}

TEST_CASE("failures say what SQLite says") {
  const TemporaryFolder folder;
  Database database = opened(folder);
  CHECK(database.prepare("SELEC 1").error().message.find("syntax error") != std::string::npos);
  CHECK(database.execute("INSERT INTO u VALUES (1)").error().message.find("no such table: u") !=
        std::string::npos);
  CHECK(Database::open(folder.text() + "/no/db").error().message.find("/no/db") !=
        std::string::npos);
}
