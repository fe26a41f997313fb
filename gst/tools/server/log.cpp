// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/log.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "gst/tools/server/clock.h"

namespace anim::server {
namespace {

const char* name_of(LogLevel level) {
  switch (level) {
    case LogLevel::Info:
      return "info";
    case LogLevel::Warning:
      return "warning";
    case LogLevel::Error:
      return "error";
  }
  return "";
}

}  // namespace

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  nlohmann::ordered_json line;
  line["time"] = iso_time(now());
  line["level"] = name_of(level);
  line["event"] = event;
  for (const LogField& field : fields) {
    std::visit([&](const auto& value) { line[std::string(field.name)] = value; }, field.value);
  }
  const std::string text =
      line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);  // one call, so that lines stay whole
}

void log_error(std::string_view event, const Error& error) {
  log(LogLevel::Error, event, {{"message", error.message}});
}

}  // namespace anim::server
