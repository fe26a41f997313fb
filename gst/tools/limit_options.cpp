// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/limit_options.h"

#include "gst/core/plan.h"
#include "gst/core/rational.h"

namespace anim::tools {
namespace {

enum class Kind { Count, Seconds, Text };

struct Row {
  const char* name;  ///< of the option and of the property
  Kind kind;
  const char* text;
  const char* what;
};

constexpr std::array<Row, 6> kTable = {{
    {"max-frames", Kind::Count, "Frames of one animation at most (0 = no limit)", "COUNT"},
    {"max-pixels", Kind::Count, "Pixels of the video's picture, and of all animations, at most",
     "COUNT"},
    {"max-duration", Kind::Seconds, "Seconds of video at most", "SECONDS"},
    {"max-output-size", Kind::Count, "Bytes of one output at most", "BYTES"},
    {"timeout", Kind::Seconds, "Seconds that the work may take", "SECONDS"},
    {"allowed-schemes", Kind::Text, "What URIs may be of: oss,s3,http,https,file,path,stdin",
     "LIST"},
}};

Error refusal(const Row& row, const char* given, const char* allowed) {
  return {ErrorCode::InvalidArgument,
          std::string("--") + row.name + ": \"" + given + "\" is no " + allowed,
          {}};
}

Result<std::string> value_of(const Row& row, const char* given) {
  if (row.kind == Kind::Text) return std::string(given);
  const auto number = Rational::parse(given);
  const bool is_valid = number && *number >= Rational(0);
  if (row.kind == Kind::Seconds) {
    if (!is_valid) return refusal(row, given, "number of seconds of at least 0");
    return std::to_string(to_nanoseconds(*number).count());
  }
  if (!is_valid || !number->is_whole()) return refusal(row, given, "whole number of at least 0");
  return std::to_string(number->num());
}

}  // namespace

LimitOptions::~LimitOptions() {
  for (gchar* text : texts_) g_free(text);
}

GOptionGroup* LimitOptions::group() {
  GOptionGroup* group =
      g_option_group_new("limits", "Limits:", "Show the limits of a task", nullptr, nullptr);
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const std::array<GOptionEntry, 2> entries = {
        {{kTable.at(i).name, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &texts_.at(i),
          kTable.at(i).text, kTable.at(i).what},
         {}}};
    g_option_group_add_entries(group, entries.data());
  }
  return group;
}

Result<Properties> LimitOptions::values() const {
  Properties out;
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (texts_.at(i) == nullptr) continue;
    const auto value = value_of(kTable.at(i), texts_.at(i));
    if (!value) return value.error();
    out.emplace_back(kTable.at(i).name, *value);
  }
  return out;
}

Properties LimitOptions::texts() const {
  Properties out;
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (texts_.at(i) != nullptr) out.emplace_back(kTable.at(i).name, texts_.at(i));
  }
  return out;
}

}  // namespace anim::tools
