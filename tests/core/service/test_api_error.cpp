// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "gst/core/service/api_error.h"

using namespace anim;
using namespace anim::service;

TEST_CASE("every code is in the table once, with a status of a refusal") {
  std::set<std::string_view> names;
  std::set<ApiCode> codes;
  for (const ApiCodeRow& row : api_codes()) {
    CHECK(names.insert(row.api.name).second);
    CHECK(codes.insert(row.code).second);
    CHECK(row.api.status >= 400);
    CHECK(name_of(row.code).name == row.api.name);
    CHECK(name_at_bucket(row.code).status >= 400);
  }
  CHECK(codes.size() == static_cast<std::size_t>(ApiCode::Internal) + 1);
}

TEST_CASE("at a bucket the codes are those that the store's clients go by") {
  CHECK(name_at_bucket(ApiCode::ExpiredTime).name == "RequestTimeTooSkewed");
  CHECK(name_at_bucket(ApiCode::ExpiredTime).status == 403);
  CHECK(name_at_bucket(ApiCode::UnknownAccessKey).name == "InvalidAccessKeyId");
  CHECK(name_at_bucket(ApiCode::NoKey).name == "NoSuchKey");
  CHECK(name_at_bucket(ApiCode::NoKey).status == 404);
}

TEST_CASE("the body of a refusal") {
  CHECK(error_json({ApiCode::InvalidArgument, "The parameter \"x\" is required"}, "R-1",
                   "host:1") == R"({"RequestId":"R-1","HostId":"host:1","Code":"InvalidArgument",)"
                                R"("Message":"The parameter \"x\" is required","Recommend":""})");
}

TEST_CASE("errors of the core become those of a call") {
  CHECK(api_error({ErrorCode::Unsupported, "no", ""}).code == ApiCode::Unsupported);
  CHECK(api_error({ErrorCode::LimitExceeded, "much", ""}).code == ApiCode::LimitExceeded);
  CHECK(api_error({ErrorCode::InvalidArgument, "bad", ""}).message == "bad");
  const ApiError inside = api_error({ErrorCode::WriteFailed, "/secret/path: EIO", ""});
  CHECK(inside.code == ApiCode::Internal);
  CHECK(inside.message.find("secret") == std::string::npos);
}

TEST_CASE("the docs have the table") {
  std::ifstream file(std::string(std::getenv("ANIM_EXAMPLES")) + "/../docs/service.md");
  std::stringstream page;
  page << file.rdbuf();
  for (const ApiCodeRow& row : api_codes()) {
    const CodeName store = row.at_bucket;
    const std::string other =
        store.name.empty() ? ""
                           : "`" + std::string(store.name) + "` " + std::to_string(store.status);
    const std::string line = "\n| `" + std::string(row.api.name) + "` | " +
                             std::to_string(row.api.status) + " | " + other +
                             (other.empty() ? "| " : " | ") + std::string(row.cause) + " |\n";
    CAPTURE(line);
    CHECK(page.str().find(line) != std::string::npos);
  }
}
