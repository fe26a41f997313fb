// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/convert_request.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "gst/core/json.h"
#include "gst/core/task_json.h"
#include "gst/core/uri_template.h"

namespace anim::service {
namespace {

// A parameter of CreateMediaConvertTask: a text, or anything else as JSON in a text.
struct Field {
  std::string_view name;
  bool is_json = false;
};
constexpr auto kFields = std::to_array<Field>({
    {"ProjectName", false},
    {"UserData", false},
    {"Sources", true},
    {"Targets", true},
    {"TargetGroups", true},
    {"Notification", true},
    {"Tags", true},
    {"CredentialConfig", true},
    {"AlignmentIndex", true},
    {"NotifyEndpoint", false},   // of older versions of the service: the task says why it
    {"NotifyTopicName", false},  // refuses them
});
constexpr JsonLimits kLimits = {.bytes = kMaxTaskBytes, .depth = 32, .values = 100'000};

constexpr auto field_names() {
  std::array<std::string_view, kFields.size()> out;
  std::transform(kFields.begin(), kFields.end(), out.begin(),
                 [](const Field& field) { return field.name; });
  return out;
}

// The JSON of one parameter; nothing when it is absent or refused.
std::optional<std::string> json_of(const Field& field, Parameters& parameters) {
  auto value = parameters.text(field.name);
  if (!value) return {};
  if (!field.is_json) return json_string(*value);
  const auto json = parse_json(*value, kLimits);
  if (json) return value;
  parameters.refuse(field.name, "is to be JSON, but " + json.error().message);
  return {};
}

JsonValue* find(JsonValue& object, std::string_view name) {
  const auto found = std::find(object.names.begin(), object.names.end(), name);
  if (found == object.names.end()) return nullptr;
  return &object.items[static_cast<std::size_t>(found - object.names.begin())];
}

void remove(JsonValue& object, std::string_view name) {
  for (std::size_t i = object.names.size(); i-- > 0;) {
    if (object.names[i] != name) continue;
    object.names.erase(object.names.begin() + static_cast<std::ptrdiff_t>(i));
    object.items.erase(object.items.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void fill_time(JsonValue& target, const UtcTime& created) {
  JsonValue* image = find(target, "Image");
  JsonValue* animations = image != nullptr ? find(*image, "Animations") : nullptr;
  if (animations == nullptr) return;
  for (JsonValue& animation : animations->items) {
    if (JsonValue* uri = find(animation, "URI")) uri->text = with_creation_time(uri->text, created);
  }
}

}  // namespace

Result<ConvertRequest> convert_request(std::string definition, const TaskLimits& limits) {
  auto task = parse_task(definition);
  if (!task) return task.error();
  if (Status status = check_task_schemes(*task, limits); !status) return status.error();
  for (const AnimationRequest& animation : task->animations) {
    Status status = check_scheme(animation.path + "/URI", animation.uri, limits);
    if (!status) return status.error();
  }
  return ConvertRequest{std::move(definition), std::move(*task)};
}

std::string definition_in(Parameters& parameters) {
  static constexpr auto kNames = field_names();
  parameters.only(kNames);
  (void)parameters.required("ProjectName");
  std::string out;
  for (const Field& field : kFields) {
    const auto json = json_of(field, parameters);
    if (json) out += (out.empty() ? "{" : ",") + json_string(field.name) + ":" + *json;
  }
  return parameters.error() ? std::string() : out + "}";
}

Result<std::string> worker_task(std::string_view definition, Moment created) {
  auto json = parse_json(definition, kLimits);
  if (!json) return json.error();
  remove(*json, "Notification");
  if (JsonValue* targets = find(*json, "Targets")) {
    for (JsonValue& target : targets->items) fill_time(target, utc_time(created));
  }
  return json_text(*json);
}

}  // namespace anim::service
