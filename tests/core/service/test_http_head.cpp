// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/service/http_head.h"

using namespace anim;
using namespace anim::service;

TEST_CASE("a target is a path and a query") {
  const HttpHead head{.method = "POST", .target = "/a/b?c=d?e", .headers = {}};
  CHECK(head.path() == "/a/b");
  CHECK(head.query() == "c=d?e");
  const HttpHead bare{.method = "GET", .target = "/", .headers = {}};
  CHECK(bare.path() == "/");
  CHECK(bare.query().empty());
}

TEST_CASE("a header that is there twice has no value") {
  const HttpHead head{
      .method = "GET", .target = "/", .headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}}};
  CHECK(head.header("b") == "2");
  CHECK_FALSE(head.header("a"));
  CHECK_FALSE(head.header("c"));
  CHECK(head.count("a") == 2);
}

TEST_CASE("a request ends where all readers think it does") {
  const auto why = [](anim::Fields headers) {
    return ambiguity_of({.method = "POST", .target = "/", .headers = std::move(headers)})
        .value_or("");
  };
  CHECK(why({{"content-length", "3"}, {"x-a_b.1", ""}}).empty());
  CHECK(why({{"transfer-encoding", "Chunked"}}).empty());
  for (const char* name : {"", "content-length ", "a(b)", "a\tb", "\xc3\xa9"}) {
    CAPTURE(name);
    CHECK(why({{name, "3"}}) == "the name of a header has a character that is not allowed there");
  }
  for (const char* coding : {"xchunked", "gzip, chunked", "", "identity"}) {
    CHECK(why({{"transfer-encoding", coding}}) == "the only Transfer-Encoding is chunked");
  }
  CHECK(why({{"content-length", "3"}, {"content-length", "3"}}).starts_with("a body has one"));
  CHECK(why({{"content-length", "3"}, {"transfer-encoding", "chunked"}}).starts_with("a body"));
}

TEST_CASE("fields are decoded, with and without values") {
  const auto fields = form_fields("a=1+2&&b%3D=%c3%A9&c&d=e=f");
  REQUIRE(fields);
  CHECK(*fields == Fields{{"a", "1 2"}, {"b=", "é"}, {"c", ""}, {"d", "e=f"}});
  CHECK(percent_decoded("a+b%2f", false) == "a+b/");
}

TEST_CASE("a percent sign needs two digits") {
  for (const char* text : {"%", "a=%1", "%g0=1", "a=%0g"}) CHECK_FALSE(form_fields(text));
}
