// SPDX-License-Identifier: LGPL-2.1-or-later
// A file that is written beside its place and put there when it is whole.
#pragma once

#include <string>
#include <string_view>

#include "gst/core/error.h"

namespace anim {

/// What errno `error` says of writing `what`: NoSpaceLeft or WriteFailed.
[[nodiscard]] Error write_error(const std::string& what, int error);

/// Makes an empty file with a hidden name of its own, `.<program>-<random>.part`, in `folder`, with
/// the rights of any new file, and returns its path. `what` is to be written there, for the
/// message.
[[nodiscard]] Result<std::string> new_temporary_file(const std::string& folder,
                                                     std::string_view program,
                                                     const std::string& what);

}  // namespace anim
