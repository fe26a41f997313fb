// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the fields of JSON objects; every refusal begins with the path of what it refuses.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/json.h"
#include "gst/core/rational.h"

namespace anim {

/// What happens to a field that is given.
enum class FieldRule {
  Read,
  Ignore,      ///< listed in JsonFields::ignored()
  Refuse,      ///< would make something else, or cannot be done yet
  RefuseTrue,  ///< the same unless it is false
};

/// A field that an object may have.
struct JsonField {
  std::string_view name;
  FieldRule rule = FieldRule::Read;
  std::string_view why = {};  ///< of a refusal: the end of "... is given, but "
};

/// Which numbers a field takes, and how that is said.
struct NumberRule {
  std::string_view allowed;
  bool (*holds)(Rational);
  bool takes_fraction = false;  ///< also "30000/1001" in a string
};

/// The field's value. Null when the object has none, and for null, "" and [], which SDKs send for a
/// field that was not set.
[[nodiscard]] const JsonValue* given(const JsonValue& object, std::string_view name);

/// Reads one document. Each reader takes an object, its path and a field's name, and returns the
/// field's value or nothing. The first refusal stays; what is read after it does not count.
class JsonFields {
 public:
  explicit JsonFields(std::string_view root) : root_(root) {}

  /// `path`: of what is refused, "" = the root, which the message calls by the name given above.
  void refuse(const std::string& path, const std::string& why,
              ErrorCode code = ErrorCode::InvalidArgument);
  /// Refuses with `"fitt" is not <allowed>`.
  void refuse_as(const std::string& path, const JsonValue& value, std::string_view allowed);
  [[nodiscard]] bool has_refused() const { return error_.has_value(); }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  /// Whether `object` is one whose fields are all known and allowed; notes those that do not count.
  [[nodiscard]] bool admits(const JsonValue& object, const std::string& path,
                            std::span<const JsonField> fields);
  /// The paths of the fields that were given and do not count, in their order.
  [[nodiscard]] const std::vector<std::string>& ignored() const { return ignored_; }

  [[nodiscard]] const JsonValue* list(const JsonValue& object, const std::string& path,
                                      std::string_view name);
  [[nodiscard]] std::string text(const JsonValue& object, const std::string& path,
                                 std::string_view name);
  /// A text that must be there; `what` says what to give.
  std::string required(const JsonValue& object, const std::string& path, std::string_view name,
                       std::string_view what);
  [[nodiscard]] std::optional<Rational> number(const JsonValue& object, const std::string& path,
                                               std::string_view name, const NumberRule& rule);
  [[nodiscard]] bool flag(const JsonValue& object, const std::string& path, std::string_view name);

  /// The one of `values` whose to_string() is given.
  template <class Enum, std::size_t kCount>
  [[nodiscard]] std::optional<Enum> choice(const JsonValue& object, const std::string& path,
                                           std::string_view name,
                                           const std::array<Enum, kCount>& values) {
    std::array<std::string_view, kCount> names;
    std::transform(values.begin(), values.end(), names.begin(),
                   [](Enum value) { return to_string(value); });
    const auto index = chosen(object, path, name, names);
    if (!index) return std::nullopt;
    return values[*index];
  }

 private:
  void apply(const JsonField& field, const std::string& path, const JsonValue& value);
  [[nodiscard]] std::optional<std::size_t> chosen(const JsonValue& object, const std::string& path,
                                                  std::string_view name,
                                                  std::span<const std::string_view> names);

  std::string root_;
  std::optional<Error> error_;
  std::vector<std::string> ignored_;
};

}  // namespace anim
