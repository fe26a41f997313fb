// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/object_type.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace anim::server {

std::string_view object_type(std::string_view key) {
  using Row = std::pair<std::string_view, std::string_view>;
  constexpr auto kTypes = std::to_array<Row>({
      {"avi", "video/x-msvideo"},
      {"flv", "video/x-flv"},
      {"gif", "image/gif"},
      {"m4v", "video/mp4"},
      {"mkv", "video/x-matroska"},
      {"mov", "video/quicktime"},
      {"mp4", "video/mp4"},
      {"mpeg", "video/mpeg"},
      {"mpg", "video/mpeg"},
      {"ts", "video/mp2t"},
      {"webm", "video/webm"},
      {"webp", "image/webp"},
  });
  const std::string_view name = key.substr(key.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  std::string extension(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto* row = std::find_if(kTypes.begin(), kTypes.end(),
                                 [&](const Row& r) { return r.first == extension; });
  return row == kTypes.end() ? "application/octet-stream" : row->second;
}

}  // namespace anim::server
