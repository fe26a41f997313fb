// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a task reads and writes: found and checked before any work.
#pragma once

#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/task.h"
#include "gst/core/task_limits.h"
#include "gst/core/uri_template.h"
#include "plugins/animtask/net/stores.h"
#include "plugins/animtask/sources/source.h"

namespace anim {

/// What places depend on beside the task. All must outlive this.
struct Surroundings {
  const std::string& storage_root;
  const TaskLimits& limits;
  const Stores& stores;
  const std::string& task_id;  ///< temporary files have it in their names
};

/// Whether finding the sources asks a store, which may take its time.
[[nodiscard]] bool is_any_source_stored(const Task& task, const Stores& stores);

/// The sources of the task, in their order; see find_source().
[[nodiscard]] Result<std::vector<SourceInput>> find_sources(const Task& task,
                                                            const Surroundings& around);

/// The targets of the animations of a task that was made at `created`, in their order: see
/// output_targets(). The first source gives the templates their names. Also refused: schemes that
/// are not allowed, stores that are not configured, outputs that are one file or a source's.
[[nodiscard]] Result<std::vector<OutputTarget>> find_targets(
    const Task& task, const std::vector<SourceInput>& sources, UtcTime created,
    const Surroundings& around);

}  // namespace anim
