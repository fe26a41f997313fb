// SPDX-License-Identifier: LGPL-2.1-or-later
// Signing requests to object stores: OSS signature version 4, AWS Signature Version 4 and the
// signature of MNS. The first two are one algorithm with other names and a few other rules.
//
// Sources: aliyun/alibabacloud-oss-go-sdk-v2 (oss/signer/v4.go); "Signature Version 4 for Amazon
// S3" in the Amazon S3 API reference; aliyun/aliyun-mns-go-sdk (credential.go).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anim {

/// Names and values, as they are (not encoded).
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Who signs. `secret` and `session_token` are never to be shown.
struct Credentials {
  std::string id;
  std::string secret;
  std::string session_token;  ///< "" for lasting keys
};

/// The two dialects of signature version 4.
enum class StoreKind { Oss, S3 };

/// What a signature is good for.
struct SigningScope {
  StoreKind kind = StoreKind::Oss;
  std::string region;
  std::string time;  ///< UTC, YYYYMMDDThhmmssZ
};

/// A request as it is signed.
struct RequestToSign {
  std::string method = "GET";
  std::string host;    ///< as in the Host header; S3 signs it
  std::string bucket;  ///< "" for the service itself
  std::string key;     ///< "" for the bucket itself
  /// S3: whether the bucket stands in the path, not in the host. OSS signs it in any case.
  bool bucket_in_path = false;
  Fields query;
  Fields headers;                      ///< that are sent beside those of the signature
  std::vector<std::string> also_sign;  ///< OSS: names of headers to sign beyond those it must
  /// S3: of the body, in lower-case hexadecimal digits.
  std::string payload_sha256 = "UNSIGNED-PAYLOAD";
};

/// RFC 3986, section 2.1, as the signatures want it: all but A-Z a-z 0-9 - . _ ~ becomes %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// A key as the path of a URL: percent-encoded but for its '/'.
[[nodiscard]] std::string path_encoded(std::string_view key);

/// "?a=b&c" in the order given, encoded; "" for no fields. An empty value has no '='.
[[nodiscard]] std::string query_text(const Fields& query);

/// The headers that sign `request`: its own, those of the signature, Authorization.
[[nodiscard]] Fields signed_headers(const RequestToSign& request, const SigningScope& scope,
                                    const Credentials& credentials);

/// The query that signs `request` for so many seconds (at most 604800): its own, and that of the
/// signature.
[[nodiscard]] Fields presigned_query(const RequestToSign& request, const SigningScope& scope,
                                     const Credentials& credentials, std::uint32_t seconds);

/// The Authorization header of a request to MNS. `headers` are those that are sent, with
/// Content-Type, Date and the x-mns-* ones; `resource` is path and query.
[[nodiscard]] std::string mns_authorization(std::string_view method, std::string_view resource,
                                            const Fields& headers, const Credentials& credentials);

}  // namespace anim
