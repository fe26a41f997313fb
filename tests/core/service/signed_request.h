// SPDX-License-Identifier: LGPL-2.1-or-later
// A request that the official npm client (@alicloud/openapi-util 0.3.3) has signed.
#pragma once

#include <chrono>
#include <string>

#include "gst/core/service/http_head.h"
#include "gst/core/task_result.h"

namespace signed_request {

inline constexpr const char* kKeyId = "LTAIkey";
inline constexpr const char* kSecret = "s3cret";
inline constexpr const char* kSignature =
    "8a4be809669a833a28c334e89299747703aef5cd6b047b7abaf7bba20e7cd868";

/// 2024-08-20T07:03:07Z, its date.
inline constexpr anim::Moment kDate = std::chrono::seconds(1724137387);

inline anim::service::HttpHead head() {
  return {
      .method = "POST",
      .target =
          "/?ProjectName=test-project&Sources=%5B%7B%22URI%22%3A%22oss%3A%2F%2Fb%2F"
          "a%20b%2Bc*~%C3%A9.mov%22%7D%5D&UserData=it's%20(ok)!",
      .headers = {
          {"host", "127.0.0.1:8080"},
          {"x-acs-version", "2020-09-30"},
          {"x-acs-action", "CreateMediaConvertTask"},
          {"user-agent", "AlibabaCloud"},
          {"x-acs-date", "2024-08-20T07:03:07Z"},
          {"x-acs-signature-nonce", "0123456789abcdef"},
          {"accept", "application/json"},
          {"x-acs-content-sha256",
           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
          {"authorization", std::string("ACS3-HMAC-SHA256 Credential=") + kKeyId +
                                ",SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
                                "x-acs-signature-nonce;x-acs-version,Signature=" +
                                kSignature},
      }};
}

/// Puts `value` into the header `name`.
inline void set_header(anim::service::HttpHead& head, const std::string& name,
                       const std::string& value) {
  for (auto& field : head.headers) {
    if (field.first == name) field.second = value;
  }
}

}  // namespace signed_request
