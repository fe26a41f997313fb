// SPDX-License-Identifier: LGPL-2.1-or-later
// An answer as libmicrohttpd sends it.
#pragma once

#include "gst/tools/server/http_message.h"

struct MHD_Connection;

namespace anim::server {

/// Gives an answer that is made (not `later`) to the connection; false ends that.
[[nodiscard]] bool queue_response(MHD_Connection* connection, const ServerResponse& response);

}  // namespace anim::server
