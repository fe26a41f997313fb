// SPDX-License-Identifier: LGPL-2.1-or-later
// What the store says, to a client.
#pragma once

#include <optional>
#include <string>

#include "gst/core/service/api_error.h"
#include "gst/tools/server/task_store.h"

namespace anim::server {

/// What the store's failure is to a client; the log says more.
[[nodiscard]] service::ApiError store_trouble(const Error& error);

/// The answer about a project that is not there.
[[nodiscard]] service::ApiError no_project();

/// Why tasks of the project `name` cannot be spoken of; nothing when it is there.
[[nodiscard]] std::optional<service::ApiError> check_project(TaskStore& store,
                                                             const std::string& name);

}  // namespace anim::server
