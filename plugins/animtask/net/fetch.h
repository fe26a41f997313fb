// SPDX-License-Identifier: LGPL-2.1-or-later
// Small things on the web, read whole: every place on the way there is allowed first, and time and
// bytes are bounded.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "gst/core/error.h"
#include "plugins/animtask/net/stop_signal.h"

namespace anim {

/// Whether a place may be read; also asked before a redirect is followed.
using MayRead = std::function<Status(const std::string& url)>;

struct Fetched {
  std::string body;
  std::string url;  ///< where it was in the end
};

/// Reads `url` (http, https) of at most `most` bytes. Follows 20 redirects; a server in trouble is
/// asked again. ReadFailed or LimitExceeded with a sentence that shows no queries, or the refusal
/// of `may_read`.
[[nodiscard]] Result<Fetched> fetch(const std::string& url, std::size_t most,
                                    const MayRead& may_read, StopSignal& stop);

/// Where `url` leads to; hardly anything is read there. A server without an answer, or with an
/// error, is the end of the way, for the reader to say.
[[nodiscard]] Result<std::string> follow(const std::string& url, const MayRead& may_read,
                                         StopSignal& stop);

}  // namespace anim
