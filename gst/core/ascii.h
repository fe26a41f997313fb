// SPDX-License-Identifier: LGPL-2.1-or-later
// Letters of protocols, whatever the locale says.
#pragma once

#include <string>
#include <string_view>

namespace anim {

/// `text` with the letters A to Z as small ones, all other bytes as they are.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace anim
