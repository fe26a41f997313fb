// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/worker_result.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace anim::service {
namespace {

using Json = nlohmann::json;

TaskCode code_of(std::string_view name) {
  if (name.empty()) return TaskCode::None;
  const auto codes = task_codes();
  const auto row = std::find_if(codes.begin(), codes.end(),
                                [&](const TaskCodeRow& row) { return row.name == name; });
  return row == codes.end() ? TaskCode::InternalError : row->code;
}

// Throws what the JSON library throws for a field that is missing or of another kind.
TaskResult result_of(const Json& json) {
  TaskResult out;
  out.code = code_of(json.at("Code").get<std::string>());
  out.message = json.at("Message").get<std::string>();
  out.warnings = json.at("Warnings").get<std::vector<std::string>>();
  out.decoded_frames = json.at("DecodedFrames").get<std::uint64_t>();
  out.published = json.at("Published").get<std::vector<std::string>>();
  for (const Json& output : json.at("Outputs")) {
    OutputResult made;
    made.uri = output.at("URI").get<std::string>();
    made.frame_count = output.at("FrameCount").get<std::uint64_t>();
    made.bytes = output.at("Size").get<std::uint64_t>();
    out.outputs.push_back(std::move(made));
  }
  return out;
}

}  // namespace

std::optional<TaskResult> parse_result(std::string_view json) {
  const Json value = Json::parse(json, nullptr, false);
  if (!value.is_object()) return {};
  try {
    return result_of(value);
  } catch (const Json::exception&) {
    return {};
  }
}

std::optional<int> percent_in(std::string_view line) {
  int percent = 0;
  const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), percent);
  if (error != std::errc() || percent < 0 || percent > 100) return {};
  const std::string_view rest(stop, static_cast<std::size_t>(line.data() + line.size() - stop));
  return rest.starts_with(" %") ? std::optional(percent) : std::nullopt;
}

}  // namespace anim::service
