// SPDX-License-Identifier: LGPL-2.1-or-later
// What a worker that was killed has left on the disk: outputs that are whole, and temporary files.
#pragma once

#include <optional>
#include <string>

#include "gst/core/service/task_entry.h"
#include "gst/core/task_result.h"

namespace anim::server {

/// Where a worker has worked.
struct Workplace {
  std::string storage_root;
  std::string journal;  ///< the file that it writes before it puts outputs in their places
};

/// Brings a task to its end whose worker was killed while it put outputs in their places: puts the
/// others there, too, and gives the result. Nothing when it had not come so far, or when an output
/// is in an object store, where nobody can tell: the task must be run again.
[[nodiscard]] std::optional<TaskResult> finish_publishing(const service::TaskEntry& task,
                                                          const Workplace& place);

/// Removes the temporary files of `task`, which no worker runs: beside the places of its outputs
/// below the storage root, and in the system's folder of temporary files. Where a place is told
/// only by the time of the video ({year} …) they stay.
void remove_leftovers(const service::TaskEntry& task, const std::string& storage_root);

}  // namespace anim::server
