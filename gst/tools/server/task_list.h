// SPDX-License-Identifier: LGPL-2.1-or-later
// A query of tasks as SQL.
#pragma once

#include <string>

#include "gst/core/error.h"
#include "gst/core/service/task_query.h"
#include "gst/tools/server/sqlite.h"

namespace anim::server {

/// Selects everything of tasks but their tags, with their definitions or ""; conditions follow.
[[nodiscard]] std::string task_columns(bool with_definition);

/// The statement that lists what `query` wants, and one task more when there are more.
[[nodiscard]] Result<Statement> list_statement(Database& database, const service::TaskQuery& query);

}  // namespace anim::server
