// SPDX-License-Identifier: LGPL-2.1-or-later
// Names that nobody else has.
#pragma once

#include <string>

namespace anim::server {

/// A random UUID (RFC 4122, version 4) in small letters.
[[nodiscard]] std::string uuid();

}  // namespace anim::server
