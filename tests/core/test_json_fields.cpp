// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/json_fields.h"

namespace {

using anim::FieldRule;
using anim::JsonField;
using anim::JsonFields;
using anim::JsonValue;
using anim::Rational;

enum class Fruit { Apple, Pear };

std::string_view to_string(Fruit fruit) {
  return fruit == Fruit::Apple ? "apple" : "pear";
}

constexpr auto kFields = std::to_array<JsonField>({
    {"Name"},
    {"Count"},
    {"Note", FieldRule::Ignore},
    {"Engine", FieldRule::Refuse, "boats only row; leave it out"},
    {"Sinks", FieldRule::RefuseTrue, "boats float; leave it out"},
});

const anim::NumberRule kUpTo9 = {"a number from 0 to 9",
                                 [](Rational v) { return v >= Rational(0) && v <= Rational(9); }};
const anim::NumberRule kFraction = {"a number above 0", [](Rational v) { return v > Rational(0); },
                                    true};

JsonValue parsed(std::string_view json) {
  auto value = anim::parse_json(json, {.bytes = 1000, .depth = 9, .values = 99});
  REQUIRE(value.ok());
  return value.value();
}

std::string message(const JsonFields& fields) {
  return fields.has_refused() ? fields.error()->message : "";
}

TEST_CASE("an object is admitted by its fields' rules") {
  struct Row {
    const char* label;
    const char* json;
    const char* refusal;  ///< "" = admitted
  };
  const Row rows[] = {
      {"read", R"({"Name": "x"})", ""},
      {"left alone", R"({"Note": 1})", ""},
      {"refused", R"({"Engine": 1})", "/b/Engine: 1 is given, but boats only row; leave it out"},
      {"refused, but not set", R"({"Engine": null})", ""},
      {"refused, but false", R"({"Sinks": false})", ""},
      {"refused when true", R"({"Sinks": true})",
       "/b/Sinks: true is given, but boats float; leave it out"},
      {"not a flag", R"({"Sinks": 1})", "/b/Sinks: 1 is not true or false"},
      {"misspelt", R"({"Nmae": 1})",
       R"(/b/Nmae: is not one of the fields Name, Count (did you mean "Name"?))"},
      {"no object", "[1]", "/b: a list is not an object with Name, Count"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.label);
    JsonFields fields("the boat");
    const bool admitted = fields.admits(parsed(row.json), "/b", kFields);
    CHECK(message(fields) == row.refusal);
    CHECK(admitted == std::string_view(row.refusal).empty());
  }
}

TEST_CASE("fields that do not count are listed by their paths") {
  JsonFields fields("the boat");
  CHECK(fields.admits(parsed(R"({"Note": 1})"), "/b/0", kFields));
  CHECK(fields.admits(parsed(R"({"Note": ""})"), "/b/1", kFields));
  CHECK(fields.ignored() == std::vector<std::string>{"/b/0/Note"});
}

TEST_CASE("the first refusal stays, and the root is called by its name") {
  JsonFields fields("the boat");
  fields.refuse("", "leaks", anim::ErrorCode::Unsupported);
  fields.refuse("/b", "burns");
  CHECK(message(fields) == "the boat: leaks");
  CHECK(fields.error()->code == anim::ErrorCode::Unsupported);
}

TEST_CASE("null, empty strings and empty lists are fields that were not set") {
  const JsonValue object = parsed(R"({"a": null, "b": "", "c": [], "d": {}, "e": 0})");
  for (const char* name : {"a", "b", "c", "missing"}) {
    CAPTURE(name);
    CHECK(anim::given(object, name) == nullptr);
  }
  for (const char* name : {"d", "e"}) {
    CAPTURE(name);
    CHECK(anim::given(object, name) != nullptr);
  }
}

TEST_CASE("a number is exact, and within its rule") {
  struct Row {
    const char* label;
    const char* json;
    const anim::NumberRule& rule;
    std::optional<Rational> value;
    const char* refusal;
  };
  const Row rows[] = {
      {"decimal", R"({"Count": 2.5})", kUpTo9, Rational(5, 2), ""},
      {"missing", "{}", kUpTo9, std::nullopt, ""},
      {"too large", R"({"Count": 10})", kUpTo9, std::nullopt,
       "/Count: 10 is not a number from 0 to 9"},
      {"fraction", R"({"Count": "30000/1001"})", kFraction, Rational(30000, 1001), ""},
      {"fraction where none may be", R"({"Count": "1/2"})", kUpTo9, std::nullopt,
       R"(/Count: "1/2" is not a number from 0 to 9)"},
      {"fraction of nothing", R"({"Count": "1/0"})", kFraction, std::nullopt,
       R"(/Count: "1/0" is not a number above 0)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.label);
    JsonFields fields("the boat");
    CHECK(fields.number(parsed(row.json), "", "Count", row.rule) == row.value);
    CHECK(message(fields) == row.refusal);
  }
}

TEST_CASE("a choice is one of the names") {
  constexpr std::array kFruits = {Fruit::Apple, Fruit::Pear};
  JsonFields fields("the boat");
  CHECK(fields.choice(parsed(R"({"f": "pear"})"), "", "f", kFruits) == Fruit::Pear);
  CHECK_FALSE(fields.choice(parsed("{}"), "", "f", kFruits));
  CHECK_FALSE(fields.has_refused());
  CHECK_FALSE(fields.choice(parsed(R"({"f": "paer"})"), "", "f", kFruits));
  CHECK(message(fields) == R"(/f: "paer" is not one of apple, pear (did you mean "pear"?))");
}

TEST_CASE("what is of another kind is refused") {
  const JsonValue object = parsed(R"({"x": 1})");
  JsonFields text("the boat");
  (void)text.text(object, "", "x");
  CHECK(message(text) == "/x: 1 is not a string");
  JsonFields list("the boat");
  CHECK(list.list(object, "", "x") == nullptr);
  CHECK(message(list) == "/x: 1 is not a list");
  JsonFields flag("the boat");
  (void)flag.flag(object, "", "x");
  CHECK(message(flag) == "/x: 1 is not true or false");
  JsonFields required("the boat");
  required.required(object, "", "y", "the boat's name");
  CHECK(message(required) == "/y: is missing; give the boat's name");
}

}  // namespace
