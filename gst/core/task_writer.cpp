// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/task_writer.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "gst/core/text.h"

namespace anim {
namespace {

using Json = nlohmann::ordered_json;

// A number where its decimal is exact, else the fraction in a string.
Json exact_number(Rational value) {
  if (value.is_whole()) return value.num();
  if (exact_decimal(value)) return value.to_double();
  return value.to_string();
}

// The nearest decimal, of a field that takes no fraction.
Json number_json(Rational value) {
  return value.is_whole() ? Json(value.num()) : Json(value.to_double());
}

void write_side(Json& out, const char* name, const Side& side) {
  if (side.kind == Side::Kind::Source) return;
  out[name] = number_json(side.value);
}

std::string color_text(std::uint32_t argb) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "#";
  for (int shift = 28; shift >= 0; shift -= 4) out += kDigits[argb >> shift & 15];
  return out;
}

Json animation_json(const AnimationRequest& request) {
  Json out;
  out["Format"] = std::string(to_string(request.format));
  out["URI"] = request.uri;
  if (request.interval) out["Interval"] = exact_number(*request.interval);
  if (request.frame_rate) out["FrameRate"] = exact_number(*request.frame_rate);
  if (!request.start_time.is_zero()) out["StartTime"] = exact_number(request.start_time);
  if (request.number > 0) out["Number"] = request.number;
  write_side(out, "Width", request.width);
  write_side(out, "Height", request.height);
  if (request.scale_type != ScaleType::Stretch) {
    out["ScaleType"] = std::string(to_string(request.scale_type));
  }
  if (request.mode != SamplingMode::Interval) out["Mode"] = std::string(to_string(request.mode));
  if (request.threshold) out["Threshold"] = number_json(*request.threshold);
  if (request.speed != Rational(1)) out["Speed"] = exact_number(request.speed);
  if (request.reverse) out["Reverse"] = true;
  if (request.boomerang) out["Boomerang"] = true;
  if (request.loop_count > 0) out["LoopCount"] = request.loop_count;
  if (request.quality) out["Quality"] = number_json(*request.quality);
  if (request.lossless) out["Lossless"] = true;
  if (request.target_size > 0) out["TargetSize"] = request.target_size;
  if (request.content) out["Content"] = std::string(to_string(*request.content));
  if (request.colors) out["Colors"] = *request.colors;
  if (request.dither) out["Dither"] = std::string(to_string(*request.dither));
  if (request.lossy) out["Lossy"] = *request.lossy;
  if (request.background) out["Background"] = color_text(*request.background);
  return out;
}

Json source_json(const TaskSource& source) {
  Json out;
  out["URI"] = source.uri;
  if (!source.start_time.is_zero()) out["StartTime"] = exact_number(source.start_time);
  if (source.duration) out["Duration"] = exact_number(*source.duration);
  return out;
}

}  // namespace

std::string to_json(const Task& task) {
  Json out;
  out["ProjectName"] = task.project_name;
  if (task.topic) out["Notification"]["MNS"]["TopicName"] = *task.topic;
  if (task.webhook) out["Notification"]["Webhook"]["URL"] = *task.webhook;
  out["Sources"] = Json::array();
  for (const TaskSource& source : task.sources) out["Sources"].push_back(source_json(source));
  if (task.alignment_index > 0) out["AlignmentIndex"] = task.alignment_index;
  Json animations = Json::array();
  for (const AnimationRequest& request : task.animations) {
    animations.push_back(animation_json(request));
  }
  out["Targets"] = Json::array({{{"Image", {{"Animations", animations}}}}});
  if (!task.user_data.empty()) out["UserData"] = task.user_data;
  if (!task.tags.empty()) out["Tags"] = task.tags;
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace anim
