// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/absolute_path.h"

#include <filesystem>

namespace anim::tools {

Result<std::string> absolute_path(const std::string& path) {
  std::error_code error;
  const auto out = std::filesystem::absolute(path, error);
  if (!error) return out.string();
  return Error{ErrorCode::NotFound, path + ": " + error.message(), {}};
}

}  // namespace anim::tools
