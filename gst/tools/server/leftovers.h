// SPDX-License-Identifier: LGPL-2.1-or-later
// What a worker that was killed has left on the disk.
#pragma once

#include <string>

#include "gst/core/service/task_entry.h"

namespace anim::server {

/// Removes the temporary files of `task`, which no worker runs: beside the places of its outputs
/// below the storage root, and in the system's folder of temporary files. Where a place is told
/// only by the time of the video ({year} …) they stay.
void remove_leftovers(const service::TaskEntry& task, const std::string& storage_root);

}  // namespace anim::server
