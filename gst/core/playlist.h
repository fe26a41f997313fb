// SPDX-License-Identifier: LGPL-2.1-or-later
// What a playlist names: the references that a player would follow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anim {

/// The references of an HLS playlist (RFC 8216: lines without '#', and the attribute URI of tags),
/// as written, in their order.
[[nodiscard]] std::vector<std::string> hls_references(std::string_view text);

/// The values and texts of a DASH manifest that begin with a scheme other than urn:, http: and
/// https:. What they are for does not matter: no manifest needs any.
[[nodiscard]] std::vector<std::string> dash_references(std::string_view text);

}  // namespace anim
