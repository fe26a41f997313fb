// SPDX-License-Identifier: LGPL-2.1-or-later
// The signature of calls to the service, ACS3-HMAC-SHA256.
//
// Sources: aliyun/darabonba-openapi (golang/utils/client.go); "V3 request and signature" of the
// service's OpenAPI documentation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/service/http_head.h"

namespace anim::service {

/// An Authorization header of this kind.
struct AcsAuthorization {
  std::string key_id;
  std::vector<std::string> signed_headers;  ///< in small letters, sorted, each once
  std::string signature;                    ///< 64 hexadecimal digits
};

/// Reads "ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…;…,Signature=…"; nothing for any other text.
[[nodiscard]] std::optional<AcsAuthorization> parse_acs_authorization(std::string_view text);

/// What is signed of a request: its fields sorted by name, its headers `signed_headers`, the hash
/// of its body in hexadecimal digits. Nothing when the query is malformed or a signed header is
/// missing.
[[nodiscard]] std::optional<std::string> acs_canonical_request(
    const HttpHead& head, const std::vector<std::string>& signed_headers,
    std::string_view body_sha256);

/// The signature of a canonical request, in small hexadecimal digits.
[[nodiscard]] std::string acs_signature(std::string_view canonical_request,
                                        std::string_view secret);

}  // namespace anim::service
