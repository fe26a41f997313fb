// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/api.h"

#include <nlohmann/json.hpp>
#include <string>

#include <gst/gst.h>

namespace live_clip {
namespace {

using anim::Error;
using anim::ErrorCode;
using anim::Result;
using nlohmann::json;

constexpr double kLongest = 3600;  // animclipsink's longest pre-roll and post-roll, seconds

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The fields of a query, those that are numbers as numbers.
json read_query(const std::string& query) {
  json out = json::object();
  GHashTable* fields = g_uri_parse_params(query.c_str(), -1, "&", G_URI_PARAMS_NONE, nullptr);
  if (fields == nullptr) return nullptr;
  g_hash_table_foreach(
      fields,
      [](gpointer name, gpointer value, gpointer json_out) {
        const auto* text = static_cast<const char*>(value);
        const auto number = json::parse(text, nullptr, false);
        auto& field = (*static_cast<json*>(json_out))[static_cast<const char*>(name)];
        field = number.is_number() ? number : json(text);
      },
      &out);
  g_hash_table_unref(fields);
  return out;
}

json fields_of(const HttpRequest& request) {
  if (!request.body.empty()) return json::parse(request.body, nullptr, false);
  return request.query.empty() ? json::object() : read_query(request.query);
}

/// What a request asks for, or a sentence that says what is wrong with it.
Result<Trigger> read_trigger(const json& fields) {
  const auto wrong = [](const std::string& message) {
    return Error{ErrorCode::InvalidArgument, message, {}};
  };
  if (!fields.is_object()) return wrong("the body is no JSON object, or the query no query");
  Trigger out;
  for (const auto& [name, value] : fields.items()) {
    if (name != "pre" && name != "post") {
      return wrong("\"" + name + "\" is not one of pre, post");
    }
    const double seconds = value.is_number() ? value.get<double>() : -1;
    if (seconds < 0 || seconds > kLongest) {
      return wrong(name + ": " + text_of(value) + " is no number of seconds between 0 and 3600");
    }
    (name == "pre" ? out.pre : out.post) = static_cast<Nanoseconds>(seconds * GST_SECOND);
  }
  return out;
}

HttpAnswer capture(Watch& watch, const HttpRequest& request) {
  const auto trigger = read_trigger(fields_of(request));
  if (!trigger) return refuse(400, trigger.error().message);
  const auto id = watch.capture(*trigger);
  if (!id) return refuse(503, id.error().message);
  return {202, text_of({{"id", *id}}) + "\n"};
}

HttpAnswer status(const Watch& watch) {
  const Status status = watch.status();
  return {200, text_of({
                   {"streaming", status.streaming},
                   {"connections", status.connections},
                   {"ring",
                    {{"seconds", static_cast<double>(status.ring_duration) / GST_SECOND},
                     {"bytes", status.ring_bytes}}},
                   {"clips",
                    {{"open", status.captures_open},
                     {"done", status.captures_done},
                     {"failed", status.captures_failed}}},
               })};
}

}  // namespace

HttpAnswer answer(Watch& watch, const HttpRequest& request) {
  if (request.path == "/capture") {
    if (request.method != "POST") return refuse(405, "/capture takes POST");
    return capture(watch, request);
  }
  if (request.path == "/status") {
    if (request.method != "GET") return refuse(405, "/status takes GET");
    return status(watch);
  }
  return refuse(404, "there are POST /capture and GET /status");
}

}  // namespace live_clip
