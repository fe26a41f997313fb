// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/worker_result.h"

#include <charconv>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

namespace anim::service {
namespace {

using Json = nlohmann::json;

// Throws what the JSON library throws for a field that is missing or of another kind.
TaskResult result_in(const Json& json) {
  TaskResult out;
  out.code = task_code_named(json.at("Code").get<std::string>());
  out.message = json.at("Message").get<std::string>();
  out.warnings = json.at("Warnings").get<std::vector<std::string>>();
  out.decoded_frames = json.at("DecodedFrames").get<std::uint64_t>();
  out.skipped_units = json.at("SkippedUnits").get<std::uint64_t>();
  out.published = json.at("Published").get<std::vector<std::string>>();
  for (const Json& output : json.at("Outputs")) {
    OutputResult made;
    made.uri = output.at("URI").get<std::string>();
    made.frame_count = output.at("FrameCount").get<std::uint64_t>();
    made.md5 = output.at("MD5").get<std::string>();
    made.bytes = output.at("Size").get<std::uint64_t>();
    out.outputs.push_back(std::move(made));
  }
  return out;
}

TaskResult failed(TaskCode code, std::string message) {
  TaskResult out;
  out.code = code;
  out.message = std::move(message);
  return out;
}

// Of a worker that refused its task before it had a result (docs/gst-animate.md).
TaskCode code_of_exit(int status) {
  constexpr int kBadTask = 3;
  return status == kBadTask ? TaskCode::InvalidArgument : TaskCode::InternalError;
}

}  // namespace

TaskResult result_of(const WorkerReport& report, const WorkerLimits& limits) {
  const auto result = parse_result(report.output);
  if (result && result->code == TaskCode::None && !report.signal) return *result;
  if (report.is_out_of_time) {
    return failed(TaskCode::LimitExceeded,
                  "the task took longer than " + std::to_string(limits.wall.count()) + " s");
  }
  if (report.is_too_long) {
    return failed(TaskCode::InternalError, "the worker wrote more than any result has");
  }
  if (result) return *result;
  if (report.signal == SIGXCPU) {
    return failed(
        TaskCode::LimitExceeded,
        "the task took more than " + std::to_string(limits.cpu.count()) + " s of CPU time");
  }
  if (report.signal) return failed(TaskCode::InternalError, signal_text(*report.signal, limits));
  const std::string complaint = bare_complaint(report.last_complaint);
  return failed(code_of_exit(report.exit_status),
                complaint.empty() ? "the worker ended without a result" : complaint);
}

std::string signal_text(int signal, const WorkerLimits& limits) {
  constexpr std::uint64_t kMebibyte = 1024 * 1024;
  return "the worker was ended by signal " + std::to_string(signal) + " (" + strsignal(signal) +
         "); it may use " + std::to_string(limits.memory / kMebibyte) + " MiB of memory";
}

std::optional<TaskResult> parse_result(std::string_view json) {
  const Json value = Json::parse(json, nullptr, false);
  if (!value.is_object()) return {};
  try {
    return result_in(value);
  } catch (const Json::exception&) {
    return {};
  }
}

std::string bare_complaint(const std::string& line) {
  constexpr std::string_view kName = "gst-animate-1.0: ";
  return line.starts_with(kName) ? line.substr(kName.size()) : line;
}

std::optional<int> percent_in(std::string_view line) {
  int percent = 0;
  const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), percent);
  if (error != std::errc() || percent < 0 || percent > 100) return {};
  const std::string_view rest(stop, static_cast<std::size_t>(line.data() + line.size() - stop));
  return rest.starts_with(" %") ? std::optional(percent) : std::nullopt;
}

int last_percent_in(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.rfind('\n');
    const std::size_t begin = end == std::string_view::npos ? 0 : end + 1;
    if (const auto percent = percent_in(text.substr(begin))) return *percent;
    text = text.substr(0, begin == 0 ? 0 : end);
  }
  return 0;
}

}  // namespace anim::service
