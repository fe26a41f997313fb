// SPDX-License-Identifier: LGPL-2.1-or-later
// The head of an HTTP request as it was sent, and the pieces of its target.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gst/core/store/signature.h"

namespace anim::service {

/// Everything before the body.
struct HttpHead {
  std::string method;
  std::string target;  ///< as sent: path and query
  Fields headers;      ///< names in small letters, in their order

  /// The value of the header `name`; nothing when it is missing or there are several.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// How often a header of that name was sent.
  [[nodiscard]] unsigned count(std::string_view name) const;
  /// The target up to its "?".
  [[nodiscard]] std::string_view path() const;
  /// The target behind its "?"; "" without one.
  [[nodiscard]] std::string_view query() const;
};

/// What makes it unclear where the request ends, in a sentence; nothing when that is clear. Who has
/// passed it on may have read it otherwise, and take what follows for a request of another (RFC
/// 9112, 5.1 and 6.3).
[[nodiscard]] std::optional<std::string> ambiguity_of(const HttpHead& head);

/// The bytes of a percent-encoded text; with `is_form`, '+' is a space. Nothing for a '%' without
/// two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, bool is_form);

/// The fields of "a=1&b=2" (a query, or a form in a body), decoded. Nothing as above.
[[nodiscard]] std::optional<Fields> form_fields(std::string_view text);

}  // namespace anim::service
