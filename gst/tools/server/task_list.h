// SPDX-License-Identifier: LGPL-2.1-or-later
// A query of tasks as SQL.
#pragma once

#include "gst/core/error.h"
#include "gst/core/service/task_query.h"
#include "gst/tools/server/sqlite.h"

namespace anim::server {

/// Selects everything of tasks but their tags; conditions follow.
inline constexpr const char* kTaskColumns =
    "SELECT number, id, event_id, project, state, created, ended, code, message, user_data, "
    "definition, attempts FROM tasks";

/// The statement that lists what `query` wants, and one task more when there are more.
[[nodiscard]] Result<Statement> list_statement(Database& database, const service::TaskQuery& query);

}  // namespace anim::server
