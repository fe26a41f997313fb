// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/plan_json.h"

#include <nlohmann/json.hpp>

namespace anim {
namespace {

using Json = nlohmann::ordered_json;

double seconds(Nanoseconds time) {
  return static_cast<double>(time.count()) / static_cast<double>(kSecond);
}

Json source_json(const SourceFacts& source) {
  Json out = {{"Width", source.size.width}, {"Height", source.size.height}};
  if (source.frame_rate) out["FrameRate"] = source.frame_rate->to_double();
  if (source.length) out["Duration"] = seconds(*source.length);
  return out;
}

Json output_json(const PlannedOutput& output) {
  Json out = {{"URI", output.uri},
              {"Format", std::string(to_string(output.format))},
              {"Width", output.plan.size.width},
              {"Height", output.plan.size.height}};
  if (output.plan.frames) out["FrameCount"] = *output.plan.frames;
  if (output.plan.duration) out["Duration"] = seconds(*output.plan.duration);
  out["LoopCount"] = output.loop_count;
  return out;
}

}  // namespace

std::string plan_json(const SourceFacts& source, const std::vector<PlannedOutput>& outputs,
                      const std::vector<std::string>& warnings) {
  Json out = {{"Source", source_json(source)}, {"Outputs", Json::array()}};
  for (const PlannedOutput& output : outputs) out["Outputs"].push_back(output_json(output));
  out["Warnings"] = warnings;
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace anim
