// SPDX-License-Identifier: LGPL-2.1-or-later
// What may be asked of a watch over HTTP: POST /capture and GET /status.
#pragma once

#include "examples/live-clip/http_message.h"
#include "examples/live-clip/watch.h"

namespace live_clip {

/// POST /capture: 202 {"id": …}, or 503 {"error": …} when the clip is refused. `pre` and `post`
/// (seconds), as JSON body or in the query, say how much it shows.
/// GET /status: 200 and how the watch is going.
[[nodiscard]] HttpAnswer answer(Watch& watch, const HttpRequest& request);

}  // namespace live_clip
