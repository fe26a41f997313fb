// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/reach.h"

namespace anim::server {

bool is_in_reach(const std::filesystem::path& folder, const std::filesystem::path& root) {
  const std::string first = folder.lexically_relative(root).begin()->string();
  const bool is_beside_or_hidden = first.size() > 1 && first.starts_with('.');
  return !is_beside_or_hidden;
}

}  // namespace anim::server
