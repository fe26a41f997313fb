// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/playlist.h"

#include <algorithm>

namespace anim {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// The next piece of `text` up to one of `ends`; takes it off together with the end.
std::string_view take_until(std::string_view& text, std::string_view ends) {
  const std::size_t end = text.find_first_of(ends);
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return piece;
}

// Each URI="..." of a tag's line.
void add_attributes(std::string_view line, std::vector<std::string>& out) {
  constexpr std::string_view kName = "URI=\"";
  for (std::size_t at = line.find(kName); at != std::string_view::npos; at = line.find(kName)) {
    line.remove_prefix(at + kName.size());
    out.emplace_back(take_until(line, "\""));
  }
}

// In small letters, without ':'; "" when there is none (RFC 3986, section 3.1).
std::string scheme_at_start(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return {};
  std::string scheme(text.substr(0, colon));
  for (char& c : scheme) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  return valid ? scheme : std::string();
}

}  // namespace

std::vector<std::string> hls_references(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view line = trimmed(take_until(text, "\n"));
    if (line.starts_with('#')) {
      add_attributes(line, out);
    } else if (!line.empty()) {
      out.emplace_back(line);
    }
  }
  return out;
}

std::vector<std::string> dash_references(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view piece = trimmed(take_until(text, "\"'<>"));
    const std::string scheme = scheme_at_start(piece);
    if (scheme.empty() || scheme == "urn" || scheme == "http" || scheme == "https") continue;
    // An element's own name ("xsi:type", "cenc:pssh") is no URI.
    const std::string_view rest = piece.substr(scheme.size() + 1);
    if (rest.starts_with('/')) out.emplace_back(piece);
  }
  return out;
}

}  // namespace anim
