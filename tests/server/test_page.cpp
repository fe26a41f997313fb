// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/tools/server/page.h"

using namespace anim::server;

TEST_CASE("the page's files have its policy") {
  for (const char* path : {"/", "/page.css", "/page.js", "/client.js"}) {
    CAPTURE(path);
    const auto file = page_file({"GET", path, {}});
    REQUIRE(file);
    CHECK(file->body.size() > 500);
    CHECK(file->headers.at(0).first == "Content-Security-Policy");
    CHECK(file->headers.at(0).second.starts_with("default-src 'none'; script-src 'self'"));
  }
}

TEST_CASE("calls are not the page") {
  CHECK_FALSE(page_file({"POST", "/", {}}));
  CHECK_FALSE(page_file({"GET", "/?Action=GetTask", {}}));
  CHECK_FALSE(page_file({"GET", "/b/k", {}}));
  CHECK_FALSE(page_file({"GET", "/", {{"authorization", "OSS4-HMAC-SHA256 …"}}}));
  CHECK_FALSE(page_file({"GET", "/", {{"x-acs-action", "GetTask"}}}));
}
