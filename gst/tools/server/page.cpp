// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/page.h"

#include <algorithm>
#include <array>
#include <string>

#include "gst/tools/server/page_files.h"

namespace anim::server {
namespace {

struct PageFile {
  std::string_view path;
  std::string_view type;
  std::string_view text;
};

constexpr std::array<PageFile, 4> kFiles = {{
    {"/", "text/html;charset=utf-8", kIndexHtml},
    {"/page.css", "text/css;charset=utf-8", kPageCss},
    {"/page.js", "text/javascript;charset=utf-8", kPageJs},
    {"/client.js", "text/javascript;charset=utf-8", kClientJs},
}};

// Nothing but what this service sends.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

}  // namespace

std::optional<ServerResponse> page_file(const service::HttpHead& head) {
  const bool is_plain = (head.method == "GET" || head.method == "HEAD") && head.query().empty() &&
                        head.count("authorization") == 0 && head.count("x-acs-action") == 0;
  if (!is_plain) return {};
  const auto* file = std::find_if(kFiles.begin(), kFiles.end(),
                                  [&](const PageFile& f) { return f.path == head.path(); });
  if (file == kFiles.end()) return {};
  return ServerResponse{.type = std::string(file->type),
                        .body = std::string(file->text),
                        .headers = {{"Content-Security-Policy", kPolicy},
                                    {"X-Content-Type-Options", "nosniff"},
                                    {"Referrer-Policy", "no-referrer"},
                                    {"Cache-Control", "no-cache"}}};
}

}  // namespace anim::server
