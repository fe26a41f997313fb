// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "gst/core/service/parameters.h"

using namespace anim::service;

namespace {

HttpHead head(const std::string& query,
              const std::string& type = "application/x-www-form-urlencoded") {
  return {.method = "POST", .target = "/?" + query, .headers = {{"content-type", type}}};
}

constexpr std::array<std::string_view, 2> kNames = {"ProjectName", "MaxResults"};

}  // namespace

TEST_CASE("parameters come from the query and the body") {
  Parameters parameters(head("ProjectName=a%20b&MaxResults="), "UserData=x");
  CHECK(parameters.required("ProjectName") == "a b");
  CHECK(parameters.text("UserData") == "x");
  CHECK_FALSE(parameters.text("MaxResults"));
  CHECK_FALSE(parameters.error());
}

TEST_CASE("values of a kind") {
  Parameters parameters(head("n=7&yes=true&no=false&word=asc"), "");
  CHECK(parameters.number("n", 1, 100) == 7);
  CHECK_FALSE(parameters.number("absent", 1, 100));
  CHECK(parameters.flag("yes"));
  CHECK_FALSE(parameters.flag("no"));
  constexpr std::array<std::string_view, 2> kWords = {"asc", "desc"};
  CHECK(parameters.choice("word", kWords) == "asc");
  CHECK_FALSE(parameters.error());
}

TEST_CASE("the first wrong one is said") {
  const auto why = [](const std::string& query, auto read, const std::string& body = "",
                      const std::string& type = "application/x-www-form-urlencoded") {
    Parameters parameters(head(query, type), body);
    read(parameters);
    return parameters.error() ? parameters.error()->message : std::string();
  };
  const auto nothing = [](Parameters&) {};
  CHECK(why("", [](Parameters& p) { (void)p.required("ProjectName"); }) ==
        "The parameter ProjectName is required but not provided.");
  CHECK(why("n=101", [](Parameters& p) { (void)p.number("n", 1, 100); }) ==
        "The parameter n is \"101\", which is no whole number from 1 to 100");
  CHECK(why("n=1x", [](Parameters& p) { (void)p.number("n", 1, 100); }).find("\"1x\"") !=
        std::string::npos);
  CHECK(why("f=1", [](Parameters& p) { (void)p.flag("f"); }) ==
        "The parameter f is \"1\", which is not one of true, false");
  CHECK(why("ProjectNam=a", [](Parameters& p) { p.only(kNames); }) ==
        "The parameter \"ProjectNam\" is not one of ProjectName, MaxResults (did you mean "
        "\"ProjectName\"?)");
  CHECK(why("RegionId=a", [](Parameters& p) { p.only(kNames); }).empty());
  CHECK(why("a=1&a=2", nothing) == "The parameter \"a\" is given twice");
  CHECK(why("a=1", nothing, "a=2") == "The parameter \"a\" is given twice");
  CHECK(why("a=%ff", nothing) == "The parameter \"a\" is no UTF-8");
  CHECK(why("a=%f", nothing) == "the query has a '%' without two hexadecimal digits behind it");
  CHECK(why("", nothing, "{}", "application/json") ==
        "a body must be of the type application/x-www-form-urlencoded");
}

TEST_CASE("very many fields are refused at once") {
  std::string form;
  for (int i = 0; i < 140'000; ++i) form += "a" + std::to_string(i) + "=1&";
  const auto began = std::chrono::steady_clock::now();
  const Parameters parameters(head(""), form);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
  REQUIRE(parameters.error());
  CHECK(parameters.error()->message == "the body has more than 64 parameters");
}
