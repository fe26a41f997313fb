// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/report.h"

#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace anim::tools {
namespace {

using Json = nlohmann::json;

std::string seconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f s", value);
  return text;
}

std::string kilobytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f kB", static_cast<double>(bytes) / 1000);
  return text;
}

std::string size(const Json& output) {
  return std::to_string(output.at("Width").get<int>()) + "x" +
         std::to_string(output.at("Height").get<int>());
}

std::string frames(const Json& count) {
  const auto number = count.get<std::uint64_t>();
  return std::to_string(number) + (number == 1 ? " frame" : " frames");
}

}  // namespace

std::string describe_result(const std::string& json) {
  std::string out;
  const Json result = Json::parse(json);
  for (const Json& output : result.at("Outputs")) {
    out += output.at("URI").get<std::string>() + ": " + frames(output.at("FrameCount")) + " (" +
           std::to_string(output.at("StoredFrames").get<std::uint64_t>()) + " stored), " +
           size(output) + ", " + seconds(output.at("Duration").get<double>()) + ", " +
           kilobytes(output.at("Size").get<std::uint64_t>()) + "\n";
  }
  return out;
}

std::string describe_plan(const std::string& json) {
  std::string out;
  const Json plan = Json::parse(json);
  for (const Json& output : plan.at("Outputs")) {
    out += output.at("URI").get<std::string>() + ": ";
    out += output.contains("FrameCount") ? frames(output.at("FrameCount")) : "frames not known";
    out += ", " + size(output);
    if (output.contains("Duration")) out += ", " + seconds(output.at("Duration").get<double>());
    out += "\n";
  }
  return out;
}

}  // namespace anim::tools
