// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs one task through animtaskbin, until it ends or the user interrupts it.
#pragma once

#include <functional>
#include <string>

#include "gst/core/error.h"
#include "gst/tools/limit_options.h"
#include "gst/tools/progress.h"

namespace anim::tools {

/// How a run ended.
struct Outcome {
  std::string code;     ///< the task's Code; "" when it succeeded, "Cancelled" when interrupted
  std::string message;  ///< what went wrong, in words
  std::string detail;   ///< for the developer; may be empty
  std::string result;   ///< the task's result, JSON; may be empty when it was refused
  std::string plan;     ///< what would be made, JSON; of plan()
};

/// Reports what happens while a task runs.
struct Listener {
  std::function<void(const Step&)> step;
  std::function<void(const std::string&)> warning;
};

/// Runs the task in an animtaskbin with these properties. SIGINT, SIGTERM and SIGHUP cancel it.
/// Fails with NotFound when animtaskbin is not installed.
[[nodiscard]] Result<Outcome> run(const std::string& task, const Properties& properties,
                                  const Listener& listener);

/// Opens the source and says what would be made; nothing is written.
[[nodiscard]] Result<Outcome> plan(const std::string& task, const Properties& properties,
                                   const Listener& listener);

}  // namespace anim::tools
