// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/start_code.h"

#include <algorithm>

namespace anim {

std::size_t find_start_code(std::span<const std::uint8_t> bytes, std::size_t from) {
  for (std::size_t at = from; at + kStartCodePrefix <= bytes.size();) {
    const std::uint8_t last = bytes[at + 2];
    if (last > 1) {
      at += 3;  // no prefix holds this byte
    } else if (last == 1 && bytes[at] == 0 && bytes[at + 1] == 0) {
      return at;
    } else {
      ++at;
    }
  }
  return bytes.size();
}

std::optional<std::vector<Section>> split_sections(std::span<const std::uint8_t> unit) {
  std::size_t at = find_start_code(unit, 0);
  const auto before = unit.first(at);
  if (std::any_of(before.begin(), before.end(), [](std::uint8_t byte) { return byte != 0; })) {
    return std::nullopt;
  }
  std::vector<Section> sections;
  while (at < unit.size()) {
    const std::size_t body = at + kStartCodePrefix + 1;
    if (body > unit.size()) return std::nullopt;
    const std::size_t next = find_start_code(unit, body);
    sections.push_back({unit[body - 1], at, unit.subspan(body, next - body)});
    at = next;
  }
  if (sections.empty()) return std::nullopt;
  return sections;
}

}  // namespace anim
