// SPDX-License-Identifier: LGPL-2.1-or-later
// The database of projects, tasks and messages.
#pragma once

#include <string>

#include "gst/core/error.h"
#include "gst/tools/server/sqlite.h"

namespace anim::server {

/// Opens "tasks.db" in `folder`, which exists; makes what is not there yet.
[[nodiscard]] Result<Database> open_task_database(const std::string& folder);

}  // namespace anim::server
