// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/service/moment_text.h"
#include "gst/tools/server/bucket_error.h"
#include "gst/tools/server/clock.h"

using namespace anim;
using namespace anim::server;

TEST_CASE("a refusal is XML with the request's id and host") {
  const ServerResponse out = bucket_error({service::ApiCode::NoKey, "\"<a>\" & more"}, "R-1",
                                          {"GET", "/b/k", {{"host", "h"}}});
  CHECK(out.status == 404);
  CHECK(out.type == "application/xml");
  CHECK(out.body.find("<Code>NoSuchKey</Code>") != std::string::npos);
  CHECK(out.body.find("&lt;a&gt;") != std::string::npos);
  CHECK(out.body.find("<RequestId>R-1</RequestId><HostId>h</HostId>") != std::string::npos);
  CHECK(bucket_error({service::ApiCode::Unsupported, ""}, "R", {})
            .body.find("<Code>OperationNotSupported</Code>") != std::string::npos);
  CHECK(bucket_error({service::ApiCode::WrongSignature, ""}, "R", {}).status == 403);
  CHECK(out.body.find("ServerTime") == std::string::npos);
  CHECK(out.headers.at(0) == std::pair<std::string, std::string>("x-oss-request-id", "R-1"));
}

TEST_CASE("who is refused for the time is told the time") {
  const std::string body = bucket_error({service::ApiCode::ExpiredTime, ""}, "R", {}).body;
  CHECK(body.find("<Code>RequestTimeTooSkewed</Code>") != std::string::npos);
  CHECK(body.find("<MaxAllowedSkewMilliseconds>900000</") != std::string::npos);
  const std::size_t begin = body.find("<ServerTime>");
  REQUIRE(begin != std::string::npos);
  const auto time = service::parse_moment(body.substr(begin + 12, 24));
  REQUIRE(time);
  CHECK(*time <= now());
  CHECK(*time > now() - std::chrono::minutes(1));
}
