// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/byte_range.h"

#include <algorithm>
#include <optional>

#include "gst/core/ascii.h"

namespace anim::service {
namespace {

// The last `count` bytes.
ByteRange tail(std::uint64_t count, std::uint64_t size) {
  if (count == 0 || size == 0) return {ByteRange::Kind::NotInside, {}};
  const std::uint64_t length = std::min(count, size);
  return {ByteRange::Kind::Part, {size - length, length}};
}

}  // namespace

ByteRange byte_range(std::string_view text, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!text.starts_with(kUnit)) return {};
  text.remove_prefix(kUnit.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view last_text = text.substr(dash + 1);
  const auto first = whole_number<std::uint64_t>(text.substr(0, dash));
  const auto last = whole_number<std::uint64_t>(last_text);
  if (dash == 0 && last) return tail(*last, size);
  if (!first || (!last && !last_text.empty()) || (last && *last < *first)) return {};
  if (*first >= size) return {ByteRange::Kind::NotInside, {}};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {ByteRange::Kind::Part, {*first, end - *first + 1}};
}

}  // namespace anim::service
