// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's log: one JSON object a line on standard error.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <variant>

#include "gst/core/error.h"

namespace anim::server {

enum class LogLevel { Info, Warning, Error };

/// A field of a line. Never a secret, a signature or a whole request.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t> value;
};

/// {"time":…,"level":…,"event":…, fields}. Thread-safe.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
void log_error(std::string_view event, const Error& error);

}  // namespace anim::server
