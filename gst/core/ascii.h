// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts of protocols, whatever the locale says.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace anim {

/// `text` with the letters A to Z as small ones, all other bytes as they are.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// `text` without the `spaces` around it; HTTP's by default (RFC 9110, 5.6.3).
[[nodiscard]] inline std::string_view trimmed(std::string_view text,
                                              std::string_view spaces = " \t") {
  const std::size_t begin = text.find_first_not_of(spaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

/// Of lines of text, and of XML.
inline constexpr std::string_view kTextSpaces = " \t\r\n\f\v";

/// What stands before, between and behind the separators: one piece more than there are of them.
[[nodiscard]] inline std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t end = text.find(separator);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

/// The number that `text` is in decimal digits, with nothing before or behind it; nothing when it
/// is none, or none of that type.
template <class Number>
[[nodiscard]] std::optional<Number> whole_number(std::string_view text) {
  Number out{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || stop != text.data() + text.size()) return {};
  return out;
}

}  // namespace anim
