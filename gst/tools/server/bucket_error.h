// SPDX-License-Identifier: LGPL-2.1-or-later
// How calls at a bucket are refused: in XML, as the object store does.
#pragma once

#include <string>

#include "gst/core/service/api_error.h"
#include "gst/core/service/http_head.h"
#include "gst/tools/server/http_message.h"

namespace anim::server {

/// The refusal of the request with this head.
[[nodiscard]] ServerResponse bucket_error(const service::ApiError& error,
                                          const std::string& request_id,
                                          const service::HttpHead& head);

}  // namespace anim::server
