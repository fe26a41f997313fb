// SPDX-License-Identifier: LGPL-2.1-or-later
// The signature of calls to a bucket, OSS signature version 4 in the headers.
//
// Source: aliyun/alibabacloud-oss-go-sdk-v2 (oss/signer/v4.go).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gst/core/service/access_keys.h"
#include "gst/core/service/api_error.h"
#include "gst/core/service/authenticator.h"
#include "gst/core/service/http_head.h"
#include "gst/core/task_result.h"

namespace anim::service {

/// What a path of the form /bucket/key names.
struct ObjectName {
  std::string bucket;
  std::string key;
};

/// Reads a path as it was sent; nothing when it names no object.
[[nodiscard]] std::optional<ObjectName> object_in(std::string_view path);

/// Reads a path that names a bucket alone, "/bucket" or "/bucket/".
[[nodiscard]] std::optional<std::string> bucket_in(std::string_view path);

/// Whose key made a signature of the store, and for which region.
struct OssCredential {
  std::string key_id;
  std::string region;
};

/// Reads "ID/DAY/REGION/oss/aliyun_v4_request"; nothing for what has not five parts.
[[nodiscard]] std::optional<OssCredential> oss_credential(std::string_view text);

/// "20240820T070307Z", as the signatures of the store write dates.
[[nodiscard]] std::optional<Moment> parse_oss_date(std::string_view text);

/// Checks the signature of a call for `object`. This signature leaves a body out, so that a call
/// with a body must have it signed by Content-MD5. It has no nonce either: the mark of a good call
/// is that of its key and its signature, so that equal calls of one second are one call.
[[nodiscard]] CallCheck check_oss_signature(const HttpHead& head, std::string_view body,
                                            const ObjectName& object, const AccessKeys& keys,
                                            Moment now);

}  // namespace anim::service
