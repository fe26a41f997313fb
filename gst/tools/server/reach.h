// SPDX-License-Identifier: LGPL-2.1-or-later
// What tasks can read and write: the buckets, which are the folders of the storage root.
#pragma once

#include <filesystem>

namespace anim::server {

/// Whether tasks reach `folder`: it is the storage root, a bucket, or in one. Hidden folders of the
/// root are no buckets. Both paths are canonical.
[[nodiscard]] bool is_in_reach(const std::filesystem::path& folder,
                               const std::filesystem::path& root);

}  // namespace anim::server
