// SPDX-License-Identifier: LGPL-2.1-or-later
// Templates of output URIs: "oss://b/{barename}-{index}.{autoext}" becomes a place of its own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/task.h"
#include "gst/core/uri.h"

namespace anim {

/// A moment in UTC as the calendar and the clock show it; `year` has four digits.
struct UtcTime {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

/// What the variables of all outputs of a task stand for.
struct TemplateValues {
  Place source;                            ///< bucket, key, dirname, barename, basename, ext
  unsigned stream_index = 0;               ///< streamindex
  UtcTime created;                         ///< t_year … t_sec: when the task was made
  std::optional<UtcTime> source_modified;  ///< year … sec; absent: such a variable is refused
};

/// Checks the braces and names of a template without any value. Fails with InvalidArgument.
[[nodiscard]] Status check_template(std::string_view text,
                                    const std::map<std::string, std::string>& tags);

/// The same of a template for what has no source, as clips of a live stream: variables that stand
/// for something of it are refused.
[[nodiscard]] Status check_sourceless_template(std::string_view text);

/// Expands one template. `index` counts the outputs of the task from 1.
[[nodiscard]] Result<std::string> expand_template(std::string_view text,
                                                  const TemplateValues& values,
                                                  const std::map<std::string, std::string>& tags,
                                                  AnimationFormat format, unsigned index);

/// The template with what stands for the task's time (t_year … t_sec) filled in and all else left
/// as it is, for a task that is run later than it was made. As given when its braces are malformed.
[[nodiscard]] std::string with_creation_time(std::string_view text, const UtcTime& created);

/// Where one animation goes.
struct OutputTarget {
  Place place;
  std::vector<std::string> warnings;  ///< begin with the JSON path
};

/// Where the animations of a task go, in their order. Refuses before any work: an expansion that is
/// no place, two animations at one place, an animation at the source's place. A message begins
/// with the JSON path of the URI.
[[nodiscard]] Result<std::vector<OutputTarget>> output_targets(const Task& task,
                                                               const TemplateValues& values);

}  // namespace anim
