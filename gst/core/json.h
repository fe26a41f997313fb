// SPDX-License-Identifier: LGPL-2.1-or-later
// JSON text as a tree whose numbers stay as written, within bounds of size, depth and count.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"

namespace anim {

/// A value of a JSON text (RFC 8259).
struct JsonValue {
  enum class Kind { Null, Bool, Number, String, Array, Object };
  Kind kind = Kind::Null;
  bool boolean = false;
  std::string text;                ///< a String's characters in UTF-8, a Number as it was written
  std::vector<std::string> names;  ///< of an Object's members, each once, in their order
  std::vector<JsonValue> items;    ///< an Array's elements, an Object's values

  /// The member of that name; null when there is none or this is no Object.
  [[nodiscard]] const JsonValue* find(std::string_view name) const;
};

/// What a text may hold at most.
struct JsonLimits {
  std::size_t bytes;
  std::size_t depth;   ///< of lists and objects within each other
  std::size_t values;  ///< of all kinds together
};

/// Reads one value and nothing behind it. Refuses with InvalidArgument: what is no JSON or no UTF-8
/// (with line and column), numbers beyond a double's range and names given twice (with the path);
/// with LimitExceeded: what is over a limit.
[[nodiscard]] Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits);

/// The value as JSON without white space: numbers as they were written.
[[nodiscard]] std::string json_text(const JsonValue& value);

/// `text` as a JSON string; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string json_string(std::string_view text);

/// `path`/`name` as a JSON pointer (RFC 6901: '~' is "~0", '/' is "~1"); an overlong name is cut
/// and control characters are escaped, as in in_quotes().
[[nodiscard]] std::string joined_path(std::string_view path, std::string_view name);

/// What was given, for a sentence: `"fitt"`, `-3`, `true`, `a list`, `an object`.
[[nodiscard]] std::string described(const JsonValue& value);

}  // namespace anim
