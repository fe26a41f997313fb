// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests for objects, signed as the store's clients sign them.
#pragma once

#include <algorithm>
#include <string>

#include "gst/core/service/http_head.h"
#include "gst/core/store/signature.h"
#include "gst/tools/server/clock.h"

/// Signed with the key "id" and `secret`.
inline anim::service::HttpHead object_request(const std::string& method, const std::string& bucket,
                                              const std::string& key,
                                              const anim::Fields& headers = {},
                                              const anim::Fields& query = {},
                                              const char* secret = "secret") {
  using namespace anim;
  std::string time = iso_time(server::now());
  time = time.substr(0, time.find('.')) + "Z";
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  RequestToSign request;
  request.method = method;
  request.bucket = bucket;
  request.key = key;
  request.query = query;
  request.headers = headers;
  service::HttpHead out{method,
                        "/" + (bucket.empty() ? "" : path_encoded(bucket) + "/") +
                            path_encoded(key) + query_text(query),
                        {}};
  for (auto [name, value] :
       signed_headers(request, {StoreKind::Oss, "r", time}, {"id", secret, ""})) {
    if (name == "Authorization") name = "authorization";
    out.headers.emplace_back(name, value);
  }
  return out;
}
