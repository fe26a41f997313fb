// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/task_query.h"

#include <algorithm>
#include <array>

#include "gst/core/ascii.h"
#include "gst/core/json.h"
#include "gst/core/service/moment_text.h"
#include "gst/core/text.h"

namespace anim::service {
namespace {

constexpr std::array<std::string_view, 11> kNames = {
    "ProjectName", "TaskTypes", "Status",    "TagSelector",       "StartTimeRange", "EndTimeRange",
    "Sort",        "Order",     "NextToken", "RequestDefinition", "MaxResults"};
constexpr std::array<std::string_view, 3> kStatuses = {"Running", "Succeeded", "Failed"};
constexpr std::array<std::string_view, 3> kSorts = {"TaskId", "StartTime", "EndTime"};
constexpr std::array<std::string_view, 2> kOrders = {"asc", "desc"};
constexpr JsonLimits kLimits = {.bytes = 4096, .depth = 3, .values = 100};

TaskSort sort_of(std::string_view text) {
  if (text == kSorts[1]) return TaskSort::StartTime;
  return text == kSorts[2] ? TaskSort::EndTime : TaskSort::TaskId;
}

// The JSON of a parameter of that kind; a null value when it is absent or refused.
JsonValue json_of(Parameters& parameters, std::string_view name, JsonValue::Kind kind,
                  const char* what) {
  const auto text = parameters.text(name);
  if (!text) return {};
  auto json = parse_json(*text, kLimits);
  if (json && json->kind == kind) return std::move(*json);
  parameters.refuse(name, "is " + in_quotes(*text) + ", which is not " + what);
  return {};
}

std::optional<Moment> moment_in(Parameters& parameters, const std::string& name,
                                const JsonValue& range, std::string_view end) {
  const JsonValue* value = range.find(end);
  if (value == nullptr || (value->kind == JsonValue::Kind::String && value->text.empty())) {
    return {};
  }
  const auto moment =
      value->kind == JsonValue::Kind::String ? parse_moment(value->text) : std::optional<Moment>();
  if (!moment) {
    parameters.refuse(name + "." + std::string(end),
                      "is " + described(*value) + ", which is no time like 2024-08-20T07:03:07Z");
  }
  return moment;
}

TimeRange time_range(Parameters& parameters, const std::string& name) {
  const JsonValue range =
      json_of(parameters, name, JsonValue::Kind::Object, R"(JSON like {"Start":"…","End":"…"})");
  return {moment_in(parameters, name, range, "Start"), moment_in(parameters, name, range, "End")};
}

bool wants_tasks(Parameters& parameters) {
  const JsonValue types = json_of(parameters, "TaskTypes", JsonValue::Kind::Array,
                                  R"(a list in JSON like ["MediaConvert"])");
  return types.items.empty() ||
         std::any_of(types.items.begin(), types.items.end(),
                     [](const JsonValue& type) { return type.text == "MediaConvert"; });
}

// "a=1,b=2".
std::map<std::string, std::string> tags_in(Parameters& parameters) {
  std::map<std::string, std::string> out;
  const std::string text = parameters.text("TagSelector").value_or("");
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    if (equals == 0 || equals == std::string_view::npos) {
      parameters.refuse("TagSelector", "is " + in_quotes(text) + ", which is not like name=value");
      return {};
    }
    out.emplace(part.substr(0, equals), part.substr(equals + 1));
  }
  return out;
}

// "<sort>.<order>.": a token is good for one order alone.
std::string token_prefix(const TaskQuery& query) {
  return std::string(kSorts.at(static_cast<std::size_t>(query.sort))) +
         (query.is_descending ? ".desc." : ".asc.");
}

std::optional<TaskCursor> cursor_in(std::string_view token, const TaskQuery& query) {
  const std::string prefix = token_prefix(query);
  if (!token.starts_with(prefix)) return {};
  token.remove_prefix(prefix.size());
  const std::size_t dot = token.rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view key = token.substr(0, dot);
  const auto number = whole_number<std::int64_t>(token.substr(dot + 1));
  if (!number || (query.sort != TaskSort::TaskId && !whole_number<std::int64_t>(key))) return {};
  return TaskCursor{std::string(key), *number};
}

}  // namespace

TaskQuery task_query(Parameters& parameters) {
  parameters.only(kNames);
  TaskQuery out;
  out.project = parameters.required("ProjectName");
  out.wants_tasks = wants_tasks(parameters);
  if (const auto status = parameters.choice("Status", kStatuses)) out.status = *status;
  out.tags = tags_in(parameters);
  out.started = time_range(parameters, "StartTimeRange");
  out.ended = time_range(parameters, "EndTimeRange");
  out.sort = sort_of(parameters.choice("Sort", kSorts).value_or(kSorts[0]));
  out.is_descending = parameters.choice("Order", kOrders) == kOrders[1];
  out.max_results = parameters.number("MaxResults", 1, kMaxPage).value_or(kMaxPage);
  out.with_definition = parameters.flag("RequestDefinition");
  const auto token = parameters.text("NextToken");
  if (token) out.after = cursor_in(*token, out);
  if (token && !out.after) {
    parameters.refuse("NextToken", "is not one that a call with this Sort and Order has given");
  }
  return out;
}

std::string next_token(const TaskQuery& query, const TaskEntry& last) {
  const auto key = [&]() -> std::string {
    switch (query.sort) {
      case TaskSort::TaskId:
        return last.id;
      case TaskSort::StartTime:
        return std::to_string(last.created.count());
      case TaskSort::EndTime:
        return std::to_string(last.ended.value_or(Moment(0)).count());
    }
    return {};
  };
  return token_prefix(query) + key() + "." + std::to_string(last.number);
}

}  // namespace anim::service
