// SPDX-License-Identifier: LGPL-2.1-or-later
// Paths that are told to other processes, which may have another working folder, and to other
// machines.
#pragma once

#include <string>

#include "gst/core/error.h"

namespace anim::tools {

/// The path as it was given, behind the working folder where it is relative. Links and dots stay:
/// other machines may have other links.
[[nodiscard]] Result<std::string> absolute_path(const std::string& path);

}  // namespace anim::tools
