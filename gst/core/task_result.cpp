// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/task_result.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace anim {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto kCodes = std::to_array<TaskCodeRow>({
    {TaskCode::InvalidArgument, "InvalidArgument",
     "The task is not JSON, or a field is unknown, missing, or has a value that is not allowed."},
    {TaskCode::Unsupported, "Unsupported",
     "The task is valid, but asks for something that this version does not do."},
    {TaskCode::LimitExceeded, "LimitExceeded",
     "The task, its output or its work is larger than a limit allows."},
    {TaskCode::StartTimeOutOfRange, "StartTimeOutOfRange",
     "A StartTime is at or after the end of the source or of the timeline."},
    {TaskCode::ResourceNotFound, "ResourceNotFound",
     "The source, or the file with the task, does not exist."},
    {TaskCode::SourceUnreadable, "SourceUnreadable",
     "The source cannot be opened, is no video that can be read, or is damaged."},
    {TaskCode::NoVideoStream, "NoVideoStream", "The source can be read, but holds no video."},
    {TaskCode::DecoderMissing, "DecoderMissing",
     "The video's codec has no decoder on this machine; the message names it."},
    {TaskCode::EncodeFailed, "EncodeFailed", "The encoder of the animation failed."},
    {TaskCode::OutputFailed, "OutputFailed", "An output cannot be written to its place."},
    {TaskCode::DiskFull, "DiskFull", "There is no space left where an output is written."},
    {TaskCode::Cancelled, "Cancelled", "The task was stopped before it was done."},
    {TaskCode::InternalError, "InternalError", "A fault of this software; please report it."},
});

std::string text_of(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string_view status_of(const TaskResult& result) {
  return result.code == TaskCode::None ? "Succeeded" : "Failed";
}

// Nanoseconds as JSON seconds. A double holds them exactly enough to be written back in full.
double seconds_of(Nanoseconds time) {
  return static_cast<double>(time.count()) / static_cast<double>(kSecond);
}

Json output_json(const OutputResult& output) {
  Json out;
  out["URI"] = output.uri;
  out["Format"] = std::string(to_string(output.format));
  out["Width"] = output.size.width;
  out["Height"] = output.size.height;
  out["FrameCount"] = output.frame_count;
  out["StoredFrames"] = output.stored_frames;
  out["Duration"] = seconds_of(output.duration);
  out["LoopCount"] = output.loop_count;
  out["Size"] = output.bytes;
  out["MD5"] = output.md5;
  return out;
}

Json delivery_json(const Delivery& delivery) {
  Json out;
  out["Channel"] = delivery.channel;
  out["Target"] = delivery.target;
  out["Status"] = delivery.is_delivered ? "Delivered" : "Failed";
  out["Attempts"] = delivery.attempts;
  out["Message"] = delivery.message;
  return out;
}

Json deliveries_json(std::span<const Delivery> deliveries) {
  Json out = Json::array();
  for (const Delivery& delivery : deliveries) out.push_back(delivery_json(delivery));
  return out;
}

// The lists of one target in the message, where what was not made is null.
Json target_json(const Json& animations) {
  Json target;
  target["URI"] = "";
  target["Subtitle"]["Extract"]["URI"] = "";
  target["Image"]["Sprites"] = nullptr;
  target["Image"]["Snapshots"] = nullptr;
  target["Image"]["Animations"] = animations.empty() ? Json(nullptr) : animations;
  return target;
}

// "/Targets/12/Image/…" is of target 12.
std::size_t target_of(const AnimationRequest& request) {
  constexpr std::string_view kPrefix = "/Targets/";
  std::size_t index = 0;
  if (!request.path.starts_with(kPrefix)) return 0;
  for (const char c : std::string_view(request.path).substr(kPrefix.size())) {
    if (c < '0' || c > '9') break;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return index;
}

// Each target's outputs. Of a failed task, those that were published stand in the first target,
// as nothing tells which one they are of.
Json targets_json(const Task& task, const TaskResult& result) {
  std::vector<Json> animations(std::max(task.targets, 1U), Json::array());
  for (std::size_t i = 0; i < result.outputs.size() && i < task.animations.size(); ++i) {
    const std::size_t target = std::min(target_of(task.animations[i]), animations.size() - 1);
    animations[target].push_back({{"URI", result.outputs[i].uri}});
  }
  for (const std::string& uri : result.published) animations[0].push_back({{"URI", uri}});
  Json out = Json::array();
  for (const Json& list : animations) out.push_back(target_json(list));
  return out;
}

Json content_json(const Task& task, const TaskResult& result, const MessageIds& ids) {
  Json out;
  out["ProjectName"] = task.project_name;
  out["DatasetName"] = "";
  out["RequestId"] = ids.request_id;
  out["StartTime"] = iso_time(result.start_time);
  out["EndTime"] = iso_time(result.end_time);
  out["UserData"] = task.user_data;
  out["TaskType"] = "MediaConvert";
  out["TaskId"] = result.task_id;
  out["Status"] = status_of(result);
  out["Code"] = to_string(result.code);
  out["Message"] = result.message;
  out["EventSourceId"] = "";
  out["Sources"] = Json::array();
  for (const TaskSource& source : task.sources) {
    out["Sources"].push_back({{"URI", source.uri}, {"SubtitleSources", nullptr}});
  }
  out["Targets"] = targets_json(task, result);
  return out;
}

}  // namespace

// Days to civil date after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", as the
// standard library has it.
UtcTime utc_time(Moment moment) {
  const std::chrono::sys_time<Moment> time(moment);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .hour = static_cast<int>(clock.hours().count()),
          .minute = static_cast<int>(clock.minutes().count()),
          .second = static_cast<int>(clock.seconds().count())};
}

std::string iso_time(Moment moment) {
  const UtcTime time = utc_time(moment);
  const auto whole = std::chrono::floor<std::chrono::seconds>(moment);
  std::array<char, 96> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", time.year,
                time.month, time.day, time.hour, time.minute, time.second,
                static_cast<int>((moment - whole).count()));
  return buffer.data();
}

std::span<const TaskCodeRow> task_codes() {
  return kCodes;
}

std::string_view to_string(TaskCode code) {
  for (const TaskCodeRow& row : kCodes) {
    if (row.code == code) return row.name;
  }
  return "";
}

TaskCode task_code_named(std::string_view name) {
  for (const TaskCodeRow& row : kCodes) {
    if (row.name == name) return row.code;
  }
  return name.empty() ? TaskCode::None : TaskCode::InternalError;
}

TaskCode task_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidArgument:
      return TaskCode::InvalidArgument;
    case ErrorCode::Unsupported:
      return TaskCode::Unsupported;
    case ErrorCode::LimitExceeded:
      return TaskCode::LimitExceeded;
    case ErrorCode::OutOfRange:
      return TaskCode::StartTimeOutOfRange;
    case ErrorCode::NotFound:
      return TaskCode::ResourceNotFound;
    case ErrorCode::ReadFailed:
      return TaskCode::SourceUnreadable;
    case ErrorCode::WriteFailed:
      return TaskCode::OutputFailed;
    case ErrorCode::NoSpaceLeft:
      return TaskCode::DiskFull;
    case ErrorCode::EncodeFailed:
      return TaskCode::EncodeFailed;
    case ErrorCode::Internal:
      return TaskCode::InternalError;
  }
  return TaskCode::InternalError;
}

std::string result_json(const TaskResult& result) {
  Json out;
  out["TaskId"] = result.task_id;
  out["Status"] = status_of(result);
  out["Code"] = to_string(result.code);
  out["Message"] = result.message;
  out["StartTime"] = iso_time(result.start_time);
  out["EndTime"] = iso_time(result.end_time);
  out["UserData"] = result.user_data;
  out["Ignored"] = result.ignored;
  out["Warnings"] = result.warnings;
  out["DecodedFrames"] = result.decoded_frames;
  out["SkippedUnits"] = result.skipped_units;
  if (result.bytes_read) out["BytesRead"] = *result.bytes_read;
  out["Outputs"] = Json::array();
  for (const OutputResult& output : result.outputs) out["Outputs"].push_back(output_json(output));
  out["Published"] = result.published;
  out["Deliveries"] = deliveries_json(result.deliveries);
  return text_of(out, 2);
}

std::string with_deliveries(const std::string& result, std::span<const Delivery> deliveries) {
  Json out = Json::parse(result, nullptr, false);
  out["Deliveries"] = deliveries_json(deliveries);
  return text_of(out, 2);
}

std::string message_json(const Task& task, const TaskResult& result, const MessageIds& ids) {
  Json out;
  out["id"] = ids.event_id;
  out["source"] = "acs.imm";
  out["type"] = "imm:Task:MediaConvert";
  out["subject"] = "acs:imm:local:0:" + task.project_name + "/imm:Task:MediaConvert";
  out["time"] = std::to_string(result.end_time.count());
  out["content"] = text_of(content_json(task, result, ids), -1);
  return text_of(out, -1);
}

}  // namespace anim
