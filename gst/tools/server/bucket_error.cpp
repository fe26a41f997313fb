// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/bucket_error.h"

#include "gst/core/store/multipart.h"

namespace anim::server {

ServerResponse bucket_error(const service::ApiError& error, const std::string& request_id,
                            const service::HttpHead& head) {
  const auto element = [](const char* name, std::string_view text) {
    return std::string("<") + name + ">" + xml_escaped(text) + "</" + name + ">";
  };
  const service::CodeName code = name_at_bucket(error.code);
  return {.status = code.status,
          .type = "application/xml",
          .body = R"(<?xml version="1.0" encoding="UTF-8"?><Error>)" + element("Code", code.name) +
                  element("Message", error.message) + element("RequestId", request_id) +
                  element("HostId", head.header("host").value_or("")) + "</Error>",
          .headers = {{"x-oss-request-id", request_id}, {"X-Content-Type-Options", "nosniff"}}};
}

}  // namespace anim::server
