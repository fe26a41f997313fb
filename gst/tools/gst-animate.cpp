// SPDX-License-Identifier: LGPL-2.1-or-later
// gst-animate-1.0: video to animated images from the command line.
#include <array>
#include <clocale>
#include <exception>
#include <iostream>
#include <string_view>
#include <utility>

#include <gst/gst.h>

#include <unistd.h>

#include "gst/tools/launch_line.h"
#include "gst/tools/options.h"
#include "gst/tools/report.h"
#include "gst/tools/runner.h"

namespace {

using namespace anim::tools;

/// Exit status, as --help says.
enum Exit {
  kDone = 0,
  kFailed = 1,
  kUsage = 2,
  kTask = 3,
  kSource = 4,
  kOutput = 5,
  kInterrupted = 130
};

/// The exit status for a task's Code (docs/task.md).
Exit exit_status(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, Exit>, 13> kTable = {{
      {"", kDone},
      {"InvalidArgument", kTask},
      {"Unsupported", kTask},
      {"LimitExceeded", kTask},
      {"StartTimeOutOfRange", kTask},
      {"ResourceNotFound", kSource},
      {"SourceUnreadable", kSource},
      {"NoVideoStream", kSource},
      {"DecoderMissing", kSource},
      {"OutputFailed", kOutput},
      {"EncodeFailed", kOutput},
      {"DiskFull", kOutput},
      {"Cancelled", kInterrupted},
  }};
  for (const auto& [name, status] : kTable) {
    if (name == code) return status;
  }
  return kFailed;
}

int complain(const std::string& message, Exit status) {
  std::cerr << "gst-animate-1.0: " << message << '\n';
  return status;
}

int print_pipeline(const Options& options, const std::string& task) {
  const auto line = launch_line(task, options.storage_root);
  if (!line) return complain(line.error().message, kTask);
  std::cout << *line << '\n';
  return kDone;
}

int convert(const Options& options, const std::string& task) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  Progress progress(std::cerr, terminal);
  const Listener listener = {
      .step =
          [&](const Step& step) {
            if (!options.quiet) progress.show(step);
          },
      .warning =
          [&](const std::string& warning) {
            progress.finish();
            std::cerr << "warning: " << warning << '\n';
          },
  };
  Properties properties = options.limits;
  properties.emplace_back("storage-root", options.storage_root);
  if (!options.task_id.empty()) properties.emplace_back("task-id", options.task_id);
  if (!options.journal.empty()) properties.emplace_back("journal", options.journal);
  const auto ended =
      options.dry_run ? plan(task, properties, listener) : run(task, properties, listener);
  progress.finish();
  if (!ended) return complain(ended.error().message, kFailed);
  const std::string& json = options.dry_run ? ended->plan : ended->result;
  if (options.json && !json.empty()) std::cout << json << '\n';
  if (!ended->code.empty()) return complain(ended->message, exit_status(ended->code));
  if (!options.json) std::cout << (options.dry_run ? describe_plan(json) : describe_result(json));
  return kDone;
}

int animate(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) return complain(options.error().message, kUsage);
  if (options->version) {
    std::cout << "gst-animate-1.0 " ANIM_VERSION "\n";
    return kDone;
  }
  const auto task = task_text(*options);
  if (!task) return complain(task.error().message, kTask);
  if (options->print_pipeline) return print_pipeline(*options, *task);
  gst_init(nullptr, nullptr);
  return convert(*options, *task);
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  try {
    return animate(argc, argv);
  } catch (const std::exception& error) {
    return complain(error.what(), kFailed);
  }
}
