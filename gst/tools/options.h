// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of gst-animate-1.0: argv to what is to be done.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/task.h"
#include "gst/tools/batch/batch_options.h"
#include "gst/tools/limit_options.h"

namespace anim::tools {

/// What a call asks for.
struct Options {
  bool version = false;         ///< print the version, do nothing
  bool dry_run = false;         ///< say what would be made
  bool print_pipeline = false;  ///< print the gst-launch-1.0 line of the conversion
  bool json = false;            ///< the result as JSON on standard output
  bool quiet = false;           ///< no progress
  std::string storage_root = ".";
  std::string task_id;                 ///< "" = a new one
  std::string journal;                 ///< "" = none
  Properties limits;                   ///< of animtaskbin
  Properties limit_texts;              ///< the same as they were given
  std::optional<BatchSettings> batch;  ///< many tasks; or none and
  std::string task_file;               ///< a task JSON; or empty and
  std::optional<Task> task;            ///< the task that the options describe
};

/// Reads the command line. Prints the help and exits when --help asks for it. A refusal names the
/// option, what was given and what is allowed.
[[nodiscard]] Result<Options> parse_options(int argc, char** argv);

/// The JSON of the task: the file's text (NotFound, ReadFailed), or that of the options.
[[nodiscard]] Result<std::string> task_text(const Options& options);

}  // namespace anim::tools
