// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of gst-animate-1.0 that bound a task: the limits of animtaskbin.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <glib.h>

#include "gst/core/error.h"

namespace anim::tools {

/// Properties of animtaskbin and their values as text.
using Properties = std::vector<std::pair<std::string, std::string>>;

/// Outlives the context that has its group.
class LimitOptions {
 public:
  LimitOptions() = default;
  LimitOptions(const LimitOptions&) = delete;
  LimitOptions& operator=(const LimitOptions&) = delete;
  ~LimitOptions();

  /// A group for g_option_context_add_group(), which takes it.
  [[nodiscard]] GOptionGroup* group();

  /// What was given. A refusal names the option, what was given and what is allowed.
  [[nodiscard]] Result<Properties> values() const;
  /// The same as it was given: names of options and their texts.
  [[nodiscard]] Properties texts() const;

 private:
  std::array<gchar*, 6> texts_{};  ///< in the order of the table in limit_options.cpp
};

}  // namespace anim::tools
