// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/run_batch.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "gst/core/service/job_file.h"
#include "gst/core/store/digest.h"
#include "gst/core/task_file.h"
#include "gst/tools/absolute_path.h"
#include "gst/tools/batch/batch.h"
#include "gst/tools/batch/local_runs.h"
#include "gst/tools/batch/slurm_runs.h"
#include "gst/tools/server/reach.h"

namespace anim::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{256} << 20;  // of a file of tasks

volatile std::sig_atomic_t g_interrupted = 0;

void on_signal(int /*number*/) {
  g_interrupted = 1;
}

// System calls are interrupted as well: whoever waits looks at once. What the caller has ignored
// (nohup, jobs in the background of a shell) stays so.
void catch_signals() {
  struct sigaction action {};
  action.sa_handler = &on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);
  }
}

void warn(const std::string& text) {
  std::cerr << "warning: " << text << '\n';
}

Error in_file(const std::string& file, const Error& error) {
  return {error.code, file + ": " + error.message, error.detail};
}

// Without links and dots, also of what is not there yet.
Result<fs::path> resolved(const std::string& path) {
  std::error_code error;
  fs::path out = fs::weakly_canonical(path, error);
  if (!error) return out;
  return Error{ErrorCode::NotFound, path + ": " + error.message(), {}};
}

// A task that reached the results could write those of others.
Status refuse_in_reach(const std::string& state, const std::string& storage_root) {
  const auto folder = resolved(state);
  if (!folder) return folder.error();
  const auto root = resolved(storage_root);
  if (!root) return root.error();
  if (!server::is_in_reach(*folder, *root)) return success();
  return Error{ErrorCode::InvalidArgument,
               "--state: " + state +
                   " is in the storage root, where tasks reach it; it may be elsewhere, or hidden "
                   "directly in it (" +
                   (fs::path(storage_root) / ".state").string() + ")",
               {}};
}

// Makes the folder of the state.
Result<BatchWork> open_work(const Options& options, StopSignal& stop) {
  auto root = absolute_path(options.storage_root);
  if (!root) return root.error();
  if (Status status = refuse_in_reach(options.batch->state, *root); !status) return status.error();
  BatchWork out{BatchState(options.batch->state), std::move(*root), options.limits, stop};
  if (Status status = out.state.open(); !status) return status.error();
  return out;
}

// What workers are called with, but for the index: this program and options.
std::vector<std::string> worker_command(const Options& options, const BatchWork& work) {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  std::vector<std::string> out = {error ? "gst-animate-1.0" : program.string(),
                                  "--quiet",
                                  "--batch",
                                  work.state.tasks_file(),
                                  "--state",
                                  work.state.folder(),
                                  "--storage-root",
                                  work.storage_root};
  for (const auto& [name, text] : options.limit_texts) {
    out.push_back("--" + name);
    out.push_back(text);
  }
  out.emplace_back("--index");
  return out;
}

service::WorkerLimits worker_limits(const slurm::JobLimits& limits) {
  constexpr std::uint64_t kMebibyte = 1024 * 1024;
  service::WorkerLimits out;
  if (limits.seconds) out.wall = std::chrono::seconds(*limits.seconds);
  if (limits.mebibytes) out.memory = *limits.mebibytes * kMebibyte;
  // All processors for all that time.
  out.cpu = out.wall * std::max<long>(1, sysconf(_SC_NPROCESSORS_ONLN));
  return out;
}

Result<std::unique_ptr<TaskRuns>> local_runs(const Options& options, const BatchWork& work,
                                             int lock) {
  return std::unique_ptr<TaskRuns>(
      std::make_unique<LocalRuns>(LocalSettings{.command = worker_command(options, work),
                                                .jobs = options.batch->jobs,
                                                .limits = worker_limits(options.batch->limits),
                                                .lock = lock}));
}

std::set<std::size_t> ended_tasks(const BatchState& state,
                                  const std::vector<service::BatchTask>& tasks) {
  const auto ended = state.ended();
  std::set<std::size_t> out;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (ended.contains(tasks[i].id)) out.insert(i);
  }
  return out;
}

// Of the state's folder, whichever way it was called.
Result<std::string> job_key(const BatchState& state) {
  constexpr std::size_t kDigits = 12;
  const auto folder = resolved(state.folder());
  if (!folder) return folder.error();
  return hex(sha256(folder->string())).substr(0, kDigits);
}

Result<std::unique_ptr<TaskRuns>> slurm_runs(const Options& options, const BatchWork& work,
                                             const std::vector<service::BatchTask>& tasks) {
  auto key = job_key(work.state);
  if (!key) return key.error();
  const std::string logs = work.state.folder() + "/logs";
  if (Status status = BatchState(logs).open(); !status) return status.error();
  std::vector<std::size_t> all(tasks.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  auto out = std::make_unique<SlurmRuns>(
      SlurmSettings{.command = worker_command(options, work),
                    .key = std::move(*key),
                    .log_folder = logs,
                    .known = std::move(all),
                    .limits = options.batch->limits,
                    .options = options.batch->sbatch,
                    .start = std::chrono::seconds(options.batch->start_seconds),
                    .has_worker =
                        [&](std::size_t task) {
                          const std::string& id = tasks[task].id;
                          return work.state.has_result(id) || work.state.is_locked(id);
                        },
                    .ended = [&] { return ended_tasks(work.state, tasks); },
                    .is_interrupted = [] { return g_interrupted != 0; }},
      warn);
  if (Status status = out->open(); !status) return status.error();
  return std::unique_ptr<TaskRuns>(std::move(out));
}

Exit conclude(const Batch& batch, const Options& options) {
  const BatchCount& count = batch.count();
  if (!options.quiet || count.ended < count.all) {
    std::cerr << count.ended << " of " << count.all << " tasks ended, " << count.failed
              << " of them without success\n";
  }
  if (count.ended < count.all) {
    std::cerr << "interrupted; the same call goes on with the others\n";
    return kInterrupted;
  }
  return count.failed == 0 ? kDone : kFailed;
}

// Of a file of tasks, or of a folder with a file for each: a service's.
Result<service::BatchTask> indexed_task(const std::string& batch, std::size_t index) {
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(batch, error);
  const std::string file = is_folder ? batch + "/" + std::to_string(index) : batch;
  const auto text = read_small_file(file, kMostBytes);
  if (!text) return text.error();
  auto task = is_folder ? service::job_task(*text) : service::batch_task(*text, index);
  if (!task) return in_file(file, task.error());
  return task;
}

}  // namespace

Result<Exit> run_batch(const Options& options) {
  const auto text = read_small_file(options.batch->file, kMostBytes);
  if (!text) return text.error();
  const auto tasks = service::batch_tasks(*text);
  if (!tasks) return in_file(options.batch->file, tasks.error());
  StopSignal stop([] { return g_interrupted != 0; });
  const auto work = open_work(options, stop);
  if (!work) return work.error();
  const auto lock = work->state.lock_all();
  if (!lock) return lock.error();
  if (Status status = work->state.note_tasks(*text); !status) return status.error();
  const auto runs = options.batch->runner == BatchRunner::Slurm
                        ? slurm_runs(options, *work, *tasks)
                        : local_runs(options, *work, lock->get());
  if (!runs) return runs.error();
  catch_signals();
  Batch batch(*tasks, *work, **runs, options.batch->retries,
              {.result =
                   [](const std::string& line) {
                     std::cout << line << std::endl;  // at once, whoever reads
                   },
               .warning = warn});
  if (Status status = batch.run(); !status) return status.error();
  if (!std::cout) return Error{ErrorCode::WriteFailed, "cannot print the results", {}};
  return conclude(batch, options);
}

Result<Outcome> run_batch_index(const Options& options, const Listener& listener) {
  const auto task = indexed_task(options.batch->file, *options.batch->index);
  if (!task) return task.error();
  StopSignal never;  // signals that come while messages are sent end the process
  const auto work = open_work(options, never);
  if (!work) return work.error();
  return run_batch_task(*task, *work, listener);
}

}  // namespace anim::tools
