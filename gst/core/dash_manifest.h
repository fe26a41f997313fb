// SPDX-License-Identifier: LGPL-2.1-or-later
// What a DASH manifest (ISO/IEC 23009-1) makes a player read beside its segments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"

namespace anim {

/// The values and texts of a manifest that begin with a scheme other than urn:, http: and https:.
/// What they are for does not matter: no manifest needs any.
[[nodiscard]] std::vector<std::string> dash_references(std::string_view text);

/// Refuses manifests that are not whole in themselves: parts that are elsewhere (xlink:href), live
/// presentations, which are read again and again, and texts that may hide either (encodings other
/// than UTF-8, document types, numeric character references). Also those of more than 250 streams:
/// a demuxer has threads for each.
[[nodiscard]] Status check_dash(std::string_view text);

}  // namespace anim
