// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/options.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <thread>

#include "gst/core/ascii.h"
#include "gst/core/text.h"
#include "gst/tools/worker_memory.h"

namespace anim::server {
namespace {

using Value = const std::string&;

Error refusal(const std::string& option, const std::string& why) {
  return {ErrorCode::InvalidArgument, option + ": " + why + "; see --help", {}};
}

template <class Number>
Status read_number(Value text, std::int64_t least, std::int64_t most, Number& out) {
  const auto number = whole_number<std::int64_t>(text);
  if (!number || *number < least || *number > most) {
    return Error{ErrorCode::InvalidArgument,
                 in_quotes(text) + " is no whole number from " + std::to_string(least) + " to " +
                     std::to_string(most),
                 {}};
  }
  out = Number(*number);
  return success();
}

Status read_mebibytes(Value text, std::int64_t least, std::uint64_t& out) {
  constexpr std::int64_t kMost = std::int64_t{1} << 24;
  Status status = read_number(text, least, kMost, out);
  out *= std::uint64_t{1} << 20;
  return status;
}

Status read_schemes(Value text, TaskLimits& limits) {
  auto schemes = schemes_of(text);
  if (!schemes) return schemes.error();
  limits.schemes = std::move(*schemes);
  return success();
}

Status read_address(Value text, ListenAddress& out) {
  auto address = parse_listen_address(text);
  if (!address) return address.error();
  out = std::move(*address);
  return success();
}

Status read_sbatch(Value text, std::vector<std::string>& out) {
  if (slurm::is_reserved(text)) {
    return Error{ErrorCode::InvalidArgument, in_quotes(text) + " is the service's to say", {}};
  }
  out.push_back(text);
  return success();
}

Status read_kind(Value text, RunnerKind& out) {
  if (text != "local" && text != "slurm") {
    return Error{ErrorCode::InvalidArgument, in_quotes(text) + " is not one of local, slurm", {}};
  }
  out = text == "slurm" ? RunnerKind::Slurm : RunnerKind::Local;
  return success();
}

Status read_project(const std::string& text, std::vector<std::string>& projects) {
  if (!service::is_project_name(text)) {
    return Error{ErrorCode::InvalidArgument, in_quotes(text) + " " + service::kProjectNameRule, {}};
  }
  projects.push_back(text);
  return success();
}

/// An option with a value.
struct Row {
  const char* name;
  const char* value;
  const char* meaning;
  Status (*read)(Value text, Options& options);
  std::optional<RunnerKind> only = {};  ///< it goes with that runner alone
};

constexpr std::int64_t kWeek = 7 * 24 * 60 * 60;

constexpr auto kRows = std::to_array<Row>({
    {"--listen", "ADDRESS:PORT", "where to listen (127.0.0.1:8080); port 0: any that is free",
     [](Value text, Options& o) { return read_address(text, o.listen); }},
    {"--storage-root", "FOLDER", "the folder that holds the buckets; needed",
     [](Value text, Options& o) {
       o.storage_root = text;
       return success();
     }},
    {"--state", "FOLDER",
     "the service's own folder (.animate-server in the storage root; slurm: needed)",
     [](Value text, Options& o) {
       o.state = text;
       return success();
     }},
    {"--keys", "FILE", "one \"AccessKeyId AccessKeySecret\" a line; needed",
     [](Value text, Options& o) {
       o.keys_file = text;
       return success();
     }},
    {"--project", "NAME",
     "a project to make unless it is there; may be given several times; the "
     "first one has the tasks that are asked for at a bucket",
     [](Value text, Options& o) { return read_project(text, o.projects); }},
    {"--runner", "RUNNER", "local: tasks are processes of this machine; slurm: jobs (local)",
     [](Value text, Options& o) { return read_kind(text, o.kind); }},
    {"--workers", "COUNT", "tasks at once (one for each processor)",
     [](Value text, Options& o) { return read_number(text, 1, 1024, o.runner.workers); },
     RunnerKind::Local},
    {"--jobs", "COUNT", "slurm: jobs that are submitted at once (100)",
     [](Value text, Options& o) { return read_number(text, 1, 1000, o.slurm.jobs); },
     RunnerKind::Slurm},
    {"--sbatch", "OPTION", "slurm: any other option of sbatch; may be given several times",
     [](Value text, Options& o) { return read_sbatch(text, o.slurm.sbatch); }, RunnerKind::Slurm},
    {"--retries", "COUNT", "slurm: how often a task is run again whose worker died (2)",
     [](Value text, Options& o) { return read_number(text, 0, 1000, o.slurm.retries); },
     RunnerKind::Slurm},
    {"--task-start", "SECONDS", "slurm: a job whose worker has not begun by then is requeued (120)",
     [](Value text, Options& o) { return read_number(text, 1, kWeek, o.slurm.start); },
     RunnerKind::Slurm},
    {"--queue", "COUNT", "tasks that wait at most (10000)",
     [](Value text, Options& o) {
       return read_number(text, 1, 10'000'000, o.service.intake.queue);
     }},
    {"--task-memory", "MIB", "memory of a worker at most (4096)",
     [](Value text, Options& o) {
       return read_mebibytes(text, tools::kLeastWorkerMemory, o.runner.limits.memory);
     }},
    {"--task-cpu", "SECONDS", "CPU time of a worker at most (7200)",
     [](Value text, Options& o) { return read_number(text, 1, kWeek, o.runner.limits.cpu); },
     RunnerKind::Local},
    {"--task-time", "SECONDS", "time of a worker at most (7200)",
     [](Value text, Options& o) { return read_number(text, 1, kWeek, o.runner.limits.wall); }},
    {"--allowed-schemes", "LIST", "what URIs of tasks may be of (oss)",
     [](Value text, Options& o) { return read_schemes(text, o.service.intake.limits); }},
    {"--upload-size", "MIB", "of an object that is put, at most (4096)",
     [](Value text, Options& o) { return read_mebibytes(text, 64, o.objects.upload); }},
    {"--stop-time", "SECONDS", "for running tasks to end when the service is stopped (10)",
     [](Value text, Options& o) { return read_number(text, 0, kWeek, o.runner.stop_time); },
     RunnerKind::Local},
    {"--idle-time", "SECONDS", "after which a connection without a byte is closed (15)",
     [](Value text, Options& o) { return read_number(text, 1, 3600, o.http.idle); }},
    {"--worker", "PROGRAM", "the worker (gst-animate-1.0 beside this program, or in PATH)",
     [](Value text, Options& o) {
       o.worker = text;
       return success();
     }},
});

Status check_whole(const Options& options, const std::vector<const Row*>& given) {
  if (options.storage_root.empty()) return refusal("--storage-root", "is needed");
  if (options.keys_file.empty()) return refusal("--keys", "is needed");
  for (const Row* row : given) {
    if (!row->only || *row->only == options.kind) continue;
    const bool is_slurm = *row->only == RunnerKind::Slurm;
    return refusal(row->name, std::string("goes with --runner ") + (is_slurm ? "slurm" : "local"));
  }
  if (options.kind == RunnerKind::Slurm && options.state.empty()) {
    return refusal("--state", "is needed with --runner slurm, on a disk of this machine alone");
  }
  return success();
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<const Row*> rows;
  options.service.intake.limits.schemes = {"oss"};
  options.runner.workers = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& given = arguments[i];
    if (given == "--help" || given == "--version") {
      options.wish = given == "--help" ? Options::Wish::Help : Options::Wish::Version;
      return options;
    }
    const std::size_t equals = std::min(given.find('='), given.size());
    const std::string name = given.substr(0, equals);
    const auto* row =
        std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.name == name; });
    if (row == kRows.end()) return refusal(in_quotes(given), "is no option");
    rows.push_back(row);
    const bool has_value = equals < given.size();
    if (!has_value && ++i == arguments.size()) return refusal(name, "needs a value");
    const Status status = row->read(has_value ? given.substr(equals + 1) : arguments[i], options);
    if (!status) return refusal(name, status.error().message);
  }
  if (Status status = check_whole(options, rows); !status) return status.error();
  if (!options.projects.empty()) options.service.bucket_project = options.projects.front();
  return options;
}

std::string help() {
  std::string out =
      "Usage: gst-animate-server --storage-root FOLDER --keys FILE [OPTION…]\n"
      "Makes animations of videos in buckets for clients of the service's API.\n\n";
  constexpr std::size_t kColumn = 32;
  for (const Row& row : kRows) {
    std::string line = std::string("  ") + row.name + " " + row.value;
    line.resize(std::max(line.size() + 1, kColumn), ' ');
    out += line + row.meaning + "\n";
  }
  return out;
}

}  // namespace anim::server
