// SPDX-License-Identifier: LGPL-2.1-or-later
// An object in parts, and the little XML of the stores' and the message service's protocols.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anim {

inline constexpr std::uint64_t kMebibyte = 1024 * 1024;

/// When an object is sent in parts. The stores take at most 10000 parts of at least 5 MiB (the
/// last may be smaller) and at most 5 GiB at once.
struct MultipartRule {
  std::uint64_t above = 64 * kMebibyte;     ///< larger objects go in parts
  std::uint64_t part_size = 8 * kMebibyte;  ///< at least
  std::uint64_t most_parts = 10000;
};

/// A stretch of a file.
struct FileRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// The parts of an object of `size` bytes, in order; a single one for an object sent at once.
[[nodiscard]] std::vector<FileRange> parts_of(std::uint64_t size, const MultipartRule& rule);

/// The body that ends an upload in parts: their ETags in order, as the store gave them.
[[nodiscard]] std::string complete_multipart_body(const std::vector<std::string>& etags);

/// `text` inside an element of XML 1.0. Characters that XML cannot hold become U+FFFD.
[[nodiscard]] std::string xml_escaped(std::string_view text);

/// The text of the first element `name` without attributes; nothing when there is none.
[[nodiscard]] std::optional<std::string> xml_text(std::string_view xml, std::string_view name);

/// The body of a message for a topic of MNS: `text` as it is, not in Base64.
[[nodiscard]] std::string mns_message_body(std::string_view text);

}  // namespace anim
