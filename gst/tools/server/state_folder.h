// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a service keeps its database and what its workers write down.
#pragma once

#include <string>

#include "gst/core/error.h"

namespace anim::server {

struct StateFolder {
  std::string state;
  std::string work;   ///< in it: of tasks that run
  std::string plans;  ///< in it, not made here: of tasks that are planned
};

/// Makes what is not there yet, for this user alone; `state` "" is ".animate-server" in
/// `storage_root`. Fails where tasks could reach it: in a bucket, or where buckets are.
[[nodiscard]] Result<StateFolder> make_state_folder(const std::string& storage_root,
                                                    const std::string& state);

}  // namespace anim::server
