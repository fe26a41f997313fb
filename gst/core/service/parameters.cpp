// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/parameters.h"

#include <algorithm>
#include <utility>

#include "gst/core/ascii.h"
#include "gst/core/text.h"

namespace anim::service {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kRegion = "RegionId";

}  // namespace

Parameters::Parameters(const HttpHead& head, std::string_view body) {
  add(head.query(), "query");
  if (body.empty()) return;
  if (!head.header("content-type").value_or("").starts_with(kForm)) {
    refuse({ApiCode::InvalidArgument, "a body must be of the type " + std::string(kForm)});
    return;
  }
  add(body, "body");
}

void Parameters::add(std::string_view form, const char* where) {
  auto fields = form_fields(form);
  if (!fields) {
    refuse({ApiCode::InvalidArgument,
            std::string("the ") + where + " has a '%' without two hexadecimal digits behind it"});
    return;
  }
  if (fields->size() > kMostFields) {
    refuse({ApiCode::InvalidArgument, std::string("the ") + where + " has more than " +
                                          std::to_string(kMostFields) + " parameters"});
    return;
  }
  for (auto& field : *fields) {
    const bool is_known = std::any_of(fields_.begin(), fields_.end(), [&](const auto& other) {
      return other.first == field.first;
    });
    if (is_known) refuse(in_quotes(field.first), "is given twice");
    if (!is_utf8(field.second)) refuse(in_quotes(field.first), "is no UTF-8");
    if (!field.second.empty()) fields_.push_back(std::move(field));
  }
}

void Parameters::only(std::span<const std::string_view> names) {
  for (const auto& [name, value] : fields_) {
    if (name == kRegion || std::find(names.begin(), names.end(), name) != names.end()) continue;
    refuse({ApiCode::InvalidArgument, "The parameter " + in_quotes(name) + " is not one of " +
                                          listed(names) + hint(name, names)});
  }
}

std::optional<std::string> Parameters::text(std::string_view name) {
  const auto found = std::find_if(fields_.begin(), fields_.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == fields_.end() ? std::nullopt : std::optional(found->second);
}

std::string Parameters::required(std::string_view name) {
  auto value = text(name);
  if (!value) refuse(name, "is required but not provided.");
  return value.value_or("");
}

std::optional<std::int64_t> Parameters::number(std::string_view name, std::int64_t least,
                                               std::int64_t most) {
  const auto value = text(name);
  if (!value) return {};
  const auto number = whole_number<std::int64_t>(*value);
  if (number && *number >= least && *number <= most) return number;
  refuse(name, "is " + in_quotes(*value) + ", which is no whole number from " +
                   std::to_string(least) + " to " + std::to_string(most));
  return {};
}

bool Parameters::flag(std::string_view name) {
  constexpr std::string_view kValues[] = {"true", "false"};
  return choice(name, kValues) == "true";
}

std::optional<std::string_view> Parameters::choice(std::string_view name,
                                                   std::span<const std::string_view> values) {
  const auto value = text(name);
  if (!value) return {};
  const auto found = std::find(values.begin(), values.end(), *value);
  if (found != values.end()) return *found;
  refuse(name, "is " + in_quotes(*value) + ", which is not one of " + listed(values) +
                   hint(*value, values));
  return {};
}

void Parameters::refuse(std::string_view name, const std::string& why) {
  refuse({ApiCode::InvalidArgument, "The parameter " + std::string(name) + " " + why});
}

void Parameters::refuse(ApiError error) {
  if (!error_) error_ = std::move(error);
}

}  // namespace anim::service
