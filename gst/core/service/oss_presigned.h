// SPDX-License-Identifier: LGPL-2.1-or-later
// The signature of an object's URL, OSS signature version 4 in the query: for what cannot send
// headers, as a video element.
//
// Source: aliyun/alibabacloud-oss-go-sdk-v2 (oss/signer/v4.go).
#pragma once

#include <optional>

#include "gst/core/service/oss_authenticator.h"

namespace anim::service {

/// Whether a request's query bears such a signature.
[[nodiscard]] bool is_presigned(const HttpHead& head);

/// Checks it; nothing when it is good at `now`. It is good for as often as one likes up to its end,
/// at most 7 days, so that nothing but reading may be asked for by it.
[[nodiscard]] std::optional<ApiError> check_presigned(const HttpHead& head,
                                                      const ObjectName& object,
                                                      const AccessKeys& keys, Moment now);

}  // namespace anim::service
