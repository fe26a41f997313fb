// SPDX-License-Identifier: LGPL-2.1-or-later
// The page at "/": its files, which are built into the program.
#pragma once

#include <optional>

#include "gst/core/service/http_head.h"
#include "gst/tools/server/http_message.h"

namespace anim::server {

/// The page or one of its files; nothing when the request is for something else. None of it is
/// secret: what it asks the service for, it signs with the key that its user types.
[[nodiscard]] std::optional<ServerResponse> page_file(const service::HttpHead& head);

}  // namespace anim::server
