// SPDX-License-Identifier: LGPL-2.1-or-later
// The parameters of a call, read one by one; the first that is wrong refuses the call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/service/api_error.h"
#include "gst/core/service/http_head.h"

namespace anim::service {

/// Reads a call's parameters. An empty value means that the parameter is absent, as SDKs send it.
class Parameters {
 public:
  /// A call has at most so many fields. No action has as many parameters.
  static constexpr std::size_t kMostFields = 64;

  /// Those of the query, then those of a form in the body (of a request with a body of the type
  /// application/x-www-form-urlencoded; another type is refused).
  Parameters(const HttpHead& head, std::string_view body);

  /// Refuses a parameter whose name is not one of these. RegionId, which clients may add, is
  /// always allowed and does not count.
  void only(std::span<const std::string_view> names);

  /// The value; nothing when it is absent.
  [[nodiscard]] std::optional<std::string> text(std::string_view name);
  [[nodiscard]] std::string required(std::string_view name);
  /// A whole number from `least` to `most`.
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name, std::int64_t least,
                                                   std::int64_t most);
  /// "true" or "false".
  [[nodiscard]] bool flag(std::string_view name);
  /// One of `values`.
  [[nodiscard]] std::optional<std::string_view> choice(std::string_view name,
                                                       std::span<const std::string_view> values);

  /// Refuses the call: "The parameter <name> <why>".
  void refuse(std::string_view name, const std::string& why);
  void refuse(ApiError error);
  /// Why the call is refused; nothing when all that was read is good.
  [[nodiscard]] const std::optional<ApiError>& error() const { return error_; }

 private:
  void add(std::string_view form, const char* where);

  Fields fields_;
  std::optional<ApiError> error_;
};

}  // namespace anim::service
