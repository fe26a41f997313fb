// SPDX-License-Identifier: LGPL-2.1-or-later
// Strings and their codes, against a map.
#include <map>
#include <random>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/lzw_table.h"

using anim::LzwCode;
using anim::LzwTable;

TEST_CASE("every string that was added is found, no other one is") {
  LzwTable table;
  std::map<std::pair<LzwCode, std::uint8_t>, LzwCode> known;
  std::mt19937 random(1);
  for (LzwCode code = 258; code < anim::kMostLzwCodes;) {
    const LzwCode prefix = random() % code;
    const auto next = static_cast<std::uint8_t>(random());
    if (prefix == 256 || prefix == 257 || known.count({prefix, next}) != 0) continue;
    REQUIRE(table.find(prefix, next) == LzwTable::kNone);
    table.add(prefix, next, code);
    known[{prefix, next}] = code++;
  }
  for (const auto& [string, code] : known) {
    REQUIRE(table.find(string.first, string.second) == code);
    REQUIRE(table.last_index(code) == string.second);
    REQUIRE(table.prefix(code) == string.first);
  }
  table.clear();
  for (const auto& [string, code] : known) {
    REQUIRE(table.find(string.first, string.second) == LzwTable::kNone);
    REQUIRE(table.first_child(string.first) == LzwTable::kNone);
  }
}

TEST_CASE("the children of a string, the latest first") {
  LzwTable table;
  table.add(7, 1, 258);
  table.add(258, 9, 259);
  table.add(7, 0, 260);
  table.add(7, 255, 261);
  std::vector<LzwCode> children;
  for (LzwCode child = table.first_child(7); child != LzwTable::kNone;
       child = table.next_child(child)) {
    children.push_back(child);
  }
  CHECK(children == std::vector<LzwCode>{261, 260, 258});
  CHECK(table.first_child(8) == LzwTable::kNone);
  CHECK(table.first_child(260) == LzwTable::kNone);
}
