// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/json.h"

using anim::ErrorCode;
using anim::JsonValue;

namespace {

constexpr anim::JsonLimits kLimits = {.bytes = 1000, .depth = 4, .values = 20};

std::string refusal(const std::string& text) {
  const auto value = anim::parse_json(text, kLimits);
  return value ? "accepted" : value.error().message;
}

}  // namespace

TEST_CASE("a number beyond a double is refused with its path, an exact one stays") {
  CHECK(refusal("1e400") == "the task: 1e400 is beyond the numbers that are read");
  CHECK(refusal(R"({"a": [0, {"b/c": -1e400}]})") ==
        "/a/1/b~1c: -1e400 is beyond the numbers that are read");
  CHECK(refusal("[1e" + std::string(500, '9') + "]").size() < 100);
  CHECK(refusal("[" + std::string(400, '9') + "]") ==
        "/0: " + std::string(40, '9') + "… is beyond the numbers that are read");
}

TEST_CASE("numbers stay as they were written") {
  const auto value = anim::parse_json("[29.97, 1e-3, -0.50, 18446744073709551615, 0]", kLimits);
  REQUIRE(value.ok());
  const auto& items = value.value().items;
  REQUIRE(items.size() == 5);
  CHECK(items[0].text == "29.97");
  CHECK(items[1].text == "1e-3");
  CHECK(items[2].text == "-0.50");
  CHECK(items[3].text == "18446744073709551615");
  CHECK(items[4].text == "0");
}

TEST_CASE("objects keep the order of their members") {
  const auto value = anim::parse_json(R"({"b": {"x": true}, "a": [null, "s"]})", kLimits);
  REQUIRE(value.ok());
  CHECK(value.value().names == std::vector<std::string>{"b", "a"});
  CHECK(value.value().find("b")->find("x")->boolean);
  CHECK(value.value().find("a")->items[1].text == "s");
  CHECK(value.value().find("c") == nullptr);
}

TEST_CASE("what is not JSON is refused with line and column") {
  struct Row {
    const char* label;
    std::string text;
    const char* why;
  };
  const auto rows = std::to_array<Row>({
      {"nothing", "", "line 1, column 1: "},
      {"cut off", "{\"a\": 1", "line 1, column 8: "},
      {"second line", "{\n  \"a\": x}", "line 2, column 8: "},
      {"trailing garbage", "{} {}", "line 1, column 4: "},
      {"trailing comma", "[1,]", "line 1, column 4: "},
      {"comment", "/* a */ {}", "line 1, column 1: "},
      {"NaN", "[NaN]", "line 1, column 2: "},
      {"Infinity", "[-Infinity]", "line 1, column 3: "},
      {"leading zero", "[01]", "line 1, column 3: "},
      {"no UTF-8", "[\"\xff\"]", "line 1, column 3: "},
      {"an overlong form", "[\"\xc0\xaf\"]", "line 1, column 3: "},
      {"a lone surrogate", "[\"\\ud800\"]", "surrogate"},
      {"a control character", "[\"a\nb\"]", "line 1, column 4: "},
      {"a NUL", std::string("{}\0garbage", 10), "line 1, column 3: a NUL"},
  });
  for (const Row& row : rows) {
    CAPTURE(row.label);
    const std::string message = refusal(row.text);
    CAPTURE(message);
    CHECK(message.starts_with("the task is not JSON: line "));
    CHECK(message.find(row.why) != std::string::npos);
    CHECK(message.size() < 500);
  }
}

TEST_CASE("a name given twice is refused with its path") {
  CHECK(refusal(R"({"a": [0, {"b": 1, "b": 2}]})") == "/a/1/b: is given twice; a name stands once");
  CHECK(refusal(R"({"a/~": 1, "a/~": 2})") == "/a~1~0: is given twice; a name stands once");
  CHECK(refusal(R"({"a": {"b": 1}, "c": {"b": 1}})") == "accepted");
}

TEST_CASE("size, depth and count are bounded") {
  CHECK(refusal(std::string(1001, ' ')).find("1001 bytes long, at most 1000") != std::string::npos);
  CHECK(refusal("[[[[1]]]]") == "accepted");
  CHECK(refusal("[[[[[1]]]]]").find("more than 4 levels deep") != std::string::npos);
  CHECK(refusal("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]") == "accepted");
  CHECK(refusal("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]").find("more than 20 values") !=
        std::string::npos);
  CHECK(anim::parse_json("[[[[[", kLimits).error().code == ErrorCode::LimitExceeded);
}

TEST_CASE("values are described in a few words") {
  const auto value = anim::parse_json(R"([null, true, -3.0, "fitt", [1], {}])", kLimits);
  REQUIRE(value.ok());
  const std::array words = {"null", "true", "-3.0", "\"fitt\"", "a list", "an object"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    CHECK(anim::described(value.value().items[i]) == words.at(i));
  }
}

TEST_CASE("a value is written as it was read, but for white space") {
  const anim::JsonLimits limits{.bytes = 1000, .depth = 8, .values = 100};
  const auto json = anim::parse_json(
      R"( {"a" : [1.50, -1, 1e2, true, false, null], "b\n" : {"c" : "\"é\u0001"}, "d" : []} )",
      limits);
  REQUIRE(json);
  CHECK(anim::json_text(*json) ==
        R"({"a":[1.50,-1,1e2,true,false,null],"b\n":{"c":"\"é\u0001"},"d":[]})");
}
