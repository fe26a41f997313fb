// SPDX-License-Identifier: LGPL-2.1-or-later
// The media type that an object is sent with.
#pragma once

#include <string_view>

namespace anim::server {

/// That of a video or a picture by the key's extension; of anything else that of plain bytes, which
/// no browser shows as a page of this service.
[[nodiscard]] std::string_view object_type(std::string_view key);

}  // namespace anim::server
