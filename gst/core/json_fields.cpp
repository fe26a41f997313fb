// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/json_fields.h"

#include "gst/core/text.h"

namespace anim {
namespace {

// null, "" and [] are what SDKs send for a field that was not set.
bool is_absent(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::Null:
      return true;
    case JsonValue::Kind::String:
      return value.text.empty();
    case JsonValue::Kind::Array:
      return value.items.empty();
    case JsonValue::Kind::Bool:
    case JsonValue::Kind::Number:
    case JsonValue::Kind::Object:
      return false;
  }
  return false;
}

std::vector<std::string_view> names_of(std::span<const JsonField> fields, bool readable_alone) {
  std::vector<std::string_view> out;
  for (const JsonField& field : fields) {
    if (!readable_alone || field.rule == FieldRule::Read) out.push_back(field.name);
  }
  return out;
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "30000/1001".
std::optional<Rational> fraction_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  if (!is_digits(text.substr(0, slash)) || !is_digits(text.substr(slash + 1))) return std::nullopt;
  const auto num = Rational::parse(text.substr(0, slash));
  const auto den = Rational::parse(text.substr(slash + 1));
  if (!num || !den || den->is_zero()) return std::nullopt;
  return Rational(num->num(), den->num());
}

}  // namespace

const JsonValue* given(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value == nullptr || is_absent(*value) ? nullptr : value;
}

void JsonFields::refuse(const std::string& path, const std::string& why, ErrorCode code) {
  if (!error_) error_ = Error{code, (path.empty() ? root_ : path) + ": " + why, {}};
}

void JsonFields::refuse_as(const std::string& path, const JsonValue& value,
                           std::string_view allowed) {
  refuse(path, described(value) + " is not " + std::string(allowed));
}

bool JsonFields::admits(const JsonValue& object, const std::string& path,
                        std::span<const JsonField> fields) {
  if (object.kind != JsonValue::Kind::Object) {
    refuse_as(path, object, "an object with " + listed(names_of(fields, true)));
    return false;
  }
  for (std::size_t i = 0; i < object.names.size() && !error_; ++i) {
    const std::string& name = object.names[i];
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&name](const JsonField& f) { return f.name == name; });
    if (field == fields.end()) {
      refuse(joined_path(path, name), "is not one of the fields " + listed(names_of(fields, true)) +
                                          hint(name, names_of(fields, false)));
    } else {
      apply(*field, joined_path(path, name), object.items[i]);
    }
  }
  return !error_;
}

void JsonFields::apply(const JsonField& field, const std::string& path, const JsonValue& value) {
  if (field.rule == FieldRule::Read || is_absent(value)) return;
  if (field.rule == FieldRule::Ignore) {
    ignored_.push_back(path);
    return;
  }
  if (field.rule == FieldRule::RefuseTrue && value.kind != JsonValue::Kind::Bool) {
    refuse_as(path, value, "true or false");
    return;
  }
  if (field.rule == FieldRule::RefuseTrue && !value.boolean) return;
  refuse(path, described(value) + " is given, but " + std::string(field.why),
         ErrorCode::Unsupported);
}

const JsonValue* JsonFields::list(const JsonValue& object, const std::string& path,
                                  std::string_view name) {
  const JsonValue* value = given(object, name);
  if (value != nullptr && value->kind != JsonValue::Kind::Array) {
    refuse_as(joined_path(path, name), *value, "a list");
    return nullptr;
  }
  return value;
}

std::string JsonFields::text(const JsonValue& object, const std::string& path,
                             std::string_view name) {
  const JsonValue* value = given(object, name);
  if (value == nullptr) return {};
  if (value->kind != JsonValue::Kind::String) {
    refuse_as(joined_path(path, name), *value, "a string");
  }
  return value->text;
}

std::string JsonFields::required(const JsonValue& object, const std::string& path,
                                 std::string_view name, std::string_view what) {
  if (given(object, name) == nullptr) {
    refuse(joined_path(path, name), "is missing; give " + std::string(what));
  }
  return text(object, path, name);
}

std::optional<Rational> JsonFields::number(const JsonValue& object, const std::string& path,
                                           std::string_view name, const NumberRule& rule) {
  const JsonValue* value = given(object, name);
  if (value == nullptr) return std::nullopt;
  std::optional<Rational> out;
  if (value->kind == JsonValue::Kind::Number) out = Rational::parse(value->text);
  if (value->kind == JsonValue::Kind::String && rule.takes_fraction) {
    out = fraction_of(value->text);
  }
  if (!out || !rule.holds(*out)) {
    refuse_as(joined_path(path, name), *value, rule.allowed);
    return std::nullopt;
  }
  return out;
}

bool JsonFields::flag(const JsonValue& object, const std::string& path, std::string_view name) {
  const JsonValue* value = given(object, name);
  if (value == nullptr) return false;
  if (value->kind != JsonValue::Kind::Bool) {
    refuse_as(joined_path(path, name), *value, "true or false");
  }
  return value->boolean;
}

std::optional<std::size_t> JsonFields::chosen(const JsonValue& object, const std::string& path,
                                              std::string_view name,
                                              std::span<const std::string_view> names) {
  const JsonValue* value = given(object, name);
  if (value == nullptr) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), value->text);
  if (value->kind == JsonValue::Kind::String && found != names.end()) {
    return static_cast<std::size_t>(found - names.begin());
  }
  refuse_as(joined_path(path, name), *value, "one of " + listed(names) + hint(value->text, names));
  return std::nullopt;
}

}  // namespace anim
