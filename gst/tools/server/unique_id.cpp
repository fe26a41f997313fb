// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/unique_id.h"

#include <cstdlib>
#include <string_view>

#include "gst/core/store/digest.h"

namespace anim::server {

std::string uuid() {
  std::string bytes(16, '\0');
  arc4random_buf(bytes.data(), bytes.size());
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x40U);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
  std::string out;
  for (const std::size_t length : {4U, 2U, 2U, 2U, 6U}) {
    out += (out.empty() ? "" : "-") + hex(std::string_view(bytes).substr(0, length));
    bytes.erase(0, length);
  }
  return out;
}

}  // namespace anim::server
