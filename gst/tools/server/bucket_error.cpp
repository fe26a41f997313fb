// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/bucket_error.h"

#include "gst/core/service/authenticator.h"
#include "gst/core/store/multipart.h"
#include "gst/tools/server/clock.h"

namespace anim::server {
namespace {

std::string element(const char* name, std::string_view text) {
  return std::string("<") + name + ">" + xml_escaped(text) + "</" + name + ">";
}

// Clients set their clocks by the time here, and ask again.
std::string times_of(const service::ApiError& error) {
  if (error.code != service::ApiCode::ExpiredTime) return {};
  return element("MaxAllowedSkewMilliseconds", std::to_string(service::kMaxSkew.count())) +
         element("ServerTime", iso_time(now()));
}

}  // namespace

ServerResponse bucket_error(const service::ApiError& error, const std::string& request_id,
                            const service::HttpHead& head) {
  const service::CodeName code = name_at_bucket(error.code);
  return {.status = code.status,
          .type = "application/xml",
          .body = R"(<?xml version="1.0" encoding="UTF-8"?><Error>)" + element("Code", code.name) +
                  element("Message", error.message) + element("RequestId", request_id) +
                  element("HostId", head.header("host").value_or("")) + times_of(error) +
                  "</Error>",
          .headers = {{"x-oss-request-id", request_id}, {"X-Content-Type-Options", "nosniff"}}};
}

}  // namespace anim::server
