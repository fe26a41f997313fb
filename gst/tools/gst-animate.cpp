// SPDX-License-Identifier: LGPL-2.1-or-later
// gst-animate-1.0: video to animated images from the command line.
#include <clocale>
#include <exception>
#include <functional>
#include <iostream>

#include <gst/gst.h>

#include <unistd.h>

#include "gst/tools/batch/run_batch.h"
#include "gst/tools/exit_status.h"
#include "gst/tools/launch_line.h"
#include "gst/tools/options.h"
#include "gst/tools/report.h"
#include "gst/tools/runner.h"

namespace {

using namespace anim::tools;

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

/// Calls `work` with somebody who shows how far it is.
anim::Result<Outcome> watched(const Options& options,
                              const std::function<anim::Result<Outcome>(const Listener&)>& work) {
  Progress progress(std::cerr, isatty(STDERR_FILENO) != 0);
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
  auto ended = work(listener);
  progress.finish();
  return ended;
}

/// Says how it ended; `otherwise` is the status when that is not known.
int tell(const Options& options, const anim::Result<Outcome>& ended, Exit otherwise) {
  if (!ended) return complain(ended.error().message, otherwise);
  const std::string& json = options.dry_run ? ended->plan : ended->result;
  if (options.json && !json.empty()) std::cout << json << '\n';
  if (!ended->code.empty()) return complain(ended->message, exit_status(ended->code));
  if (!options.json) std::cout << (options.dry_run ? describe_plan(json) : describe_result(json));
  return kDone;
}

int convert(const Options& options, const std::string& task) {
  Properties properties = options.limits;
  properties.emplace_back("storage-root", options.storage_root);
  if (!options.task_id.empty()) properties.emplace_back("task-id", options.task_id);
  if (!options.journal.empty()) properties.emplace_back("journal", options.journal);
  const auto ended = watched(options, [&](const Listener& listener) {
    return options.dry_run ? plan(task, properties, listener) : run(task, properties, listener);
  });
  return tell(options, ended, kFailed);
}

int convert_many(const Options& options) {
  if (options.batch->index) {
    gst_init(nullptr, nullptr);
    const auto ended = watched(
        options, [&](const Listener& listener) { return run_batch_index(options, listener); });
    return tell(options, ended, kTryAgain);
  }
  const auto status = run_batch(options);
  return status ? *status : complain(status.error().message, kFailed);
}

int animate(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) return complain(options.error().message, kUsage);
  if (options->version) {
    std::cout << "gst-animate-1.0 " ANIM_VERSION "\n";
    return kDone;
  }
  if (options->batch) return convert_many(*options);
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
