// SPDX-License-Identifier: LGPL-2.1-or-later
// The object store's asynchronous call, "video/animation,…|sys/saveas,…/notify,…", as a task.
#pragma once

#include <string>
#include <string_view>

#include "gst/core/error.h"
#include "gst/core/service/http_head.h"
#include "gst/core/service/oss_authenticator.h"

namespace anim::service {

/// The instructions of a call: the value of x-oss-async-process in the query, or in the body.
/// InvalidArgument when there are none, or both.
[[nodiscard]] Result<std::string> process_in(const HttpHead& head, std::string_view body);

/// The JSON of the task that `process` asks for of the video `source`. InvalidArgument names the
/// parameter, what was given and what is allowed.
[[nodiscard]] Result<std::string> process_definition(std::string_view process,
                                                     const ObjectName& source,
                                                     const std::string& project);

}  // namespace anim::service
