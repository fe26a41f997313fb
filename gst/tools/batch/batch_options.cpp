// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/batch_options.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>

#include "gst/core/ascii.h"
#include "gst/core/text.h"
#include "gst/tools/absolute_path.h"
#include "gst/tools/worker_memory.h"

namespace anim::tools {
namespace {

enum Place { kFile, kState, kIndex, kRunner, kJobs, kRetries, kTime, kMemory, kCpus, kStart };

struct Row {
  const char* name;
  const char* text;
  const char* what;
};

constexpr std::array<Row, 10> kTable = {{
    {"batch", "Run the tasks of FILE, one JSON a line; results are printed likewise", "FILE"},
    {"state", "Where results and what is under way are kept (default: .FILE.state beside it)",
     "FOLDER"},
    {"index", "Run only the task of that number, from 0, in this process", "NUMBER"},
    {"runner", "local (default): processes of this machine; slurm: jobs of a cluster", "RUNNER"},
    {"jobs", "So many tasks at once, local (default: one for each processor)", "COUNT"},
    {"retries", "How often a task is run again whose worker died (default: 2)", "COUNT"},
    {"task-time", "Seconds that a task may take (default: local 7200, slurm the cluster's)",
     "SECONDS"},
    {"task-memory", "Memory of a task (default: local 4096, slurm the cluster's)", "MIB"},
    {"task-cpus", "Processors of a task, slurm", "COUNT"},
    {"task-start",
     "A job whose worker does not begin within that time is queued again, slurm "
     "(default: 120)",
     "SECONDS"},
}};

Error refusal(const std::string& message) {
  return {ErrorCode::InvalidArgument, message, {}};
}

Result<std::optional<std::uint64_t>> count(const Row& row, const gchar* text, std::uint64_t least) {
  constexpr std::uint64_t kMost = 1000000000;
  if (text == nullptr) return std::optional<std::uint64_t>();
  const std::string_view given = text;
  const auto value = whole_number<std::uint64_t>(given);
  if (value && *value >= least && *value <= kMost) return value;
  return refusal(std::string("--") + row.name + ": " + in_quotes(given) +
                 " is no whole number of " + std::to_string(least) + " to " +
                 std::to_string(kMost));
}

Status fill(std::optional<std::uint64_t>& field, const Row& row, const gchar* text,
            std::uint64_t least) {
  const auto value = count(row, text, least);
  if (!value) return value.error();
  if (*value) field = **value;
  return success();
}

Status fill(std::size_t& field, const Row& row, const gchar* text, std::uint64_t least) {
  std::optional<std::uint64_t> value;
  Status status = fill(value, row, text, least);
  if (value) field = *value;
  return status;
}

Result<BatchRunner> runner_of(const gchar* text) {
  const std::string_view given = text != nullptr ? text : "local";
  if (given == "local") return BatchRunner::Local;
  if (given == "slurm") return BatchRunner::Slurm;
  return refusal("--runner: " + in_quotes(given) + " is not one of local, slurm");
}

Status check_sbatch(const std::vector<std::string>& options) {
  const auto wrong = std::find_if(options.begin(), options.end(), slurm::is_reserved);
  if (wrong == options.end()) return success();
  std::string names;
  for (const std::string_view name : slurm::reserved_options()) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return refusal("--sbatch: " + in_quotes(*wrong) + " cannot be given; a batch decides on " +
                 names);
}

// Beside the file, where tasks do not reach it even if that is the storage root.
std::string hidden_state(const std::string& file) {
  const std::filesystem::path path = file;
  return (path.parent_path() / ("." + path.filename().string() + ".state")).string();
}

}  // namespace

BatchOptions::~BatchOptions() {
  for (gchar* text : texts_) g_free(text);
  g_strfreev(sbatch_);
}

GOptionGroup* BatchOptions::group() {
  GOptionGroup* group = g_option_group_new(
      "batch", "Many tasks:", "Show the options for many tasks", nullptr, nullptr);
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const bool is_path = i == kFile || i == kState;
    const std::array<GOptionEntry, 2> entries = {
        {{kTable.at(i).name, 0, G_OPTION_FLAG_NONE,
          is_path ? G_OPTION_ARG_FILENAME : G_OPTION_ARG_STRING, &texts_.at(i), kTable.at(i).text,
          kTable.at(i).what},
         {}}};
    g_option_group_add_entries(group, entries.data());
  }
  const std::array<GOptionEntry, 2> sbatch = {
      {{"sbatch", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, &sbatch_,
        "An option of sbatch, such as --partition=video. May be given several times", "OPTION"},
       {}}};
  g_option_group_add_entries(group, sbatch.data());
  return group;
}

Result<std::optional<BatchSettings>> BatchOptions::values() const {
  if (texts_[kFile] == nullptr) {
    for (std::size_t i = 0; i < kTable.size(); ++i) {
      if (texts_.at(i) != nullptr) {
        return refusal(std::string("--") + kTable.at(i).name + " goes with --batch");
      }
    }
    if (sbatch_ != nullptr) return refusal("--sbatch goes with --batch");
    return std::optional<BatchSettings>();
  }
  BatchSettings out;
  auto file = absolute_path(texts_[kFile]);
  if (!file) return file.error();
  out.file = std::move(*file);
  auto state = absolute_path(texts_[kState] != nullptr ? texts_[kState] : hidden_state(out.file));
  if (!state) return state.error();
  out.state = std::move(*state);
  out.jobs = std::max(1U, std::thread::hardware_concurrency());
  std::optional<std::uint64_t> index;
  for (const Status& status :
       {fill(index, kTable[kIndex], texts_[kIndex], 0),
        fill(out.jobs, kTable[kJobs], texts_[kJobs], 1),
        fill(out.retries, kTable[kRetries], texts_[kRetries], 0),
        fill(out.limits.seconds, kTable[kTime], texts_[kTime], 1),
        fill(out.limits.mebibytes, kTable[kMemory], texts_[kMemory], kLeastWorkerMemory),
        fill(out.limits.cpus, kTable[kCpus], texts_[kCpus], 1),
        fill(out.start_seconds, kTable[kStart], texts_[kStart], 1)}) {
    if (!status) return status.error();
  }
  out.index = index;
  const auto runner = runner_of(texts_[kRunner]);
  if (!runner) return runner.error();
  out.runner = *runner;
  for (gchar** text = sbatch_; text != nullptr && *text != nullptr; ++text) {
    out.sbatch.emplace_back(*text);
  }
  for (const Status& status : {check_use(out), check_sbatch(out.sbatch)}) {
    if (!status) return status.error();
  }
  return std::optional(std::move(out));
}

// What would have no effect, or another than was meant, is refused.
Status BatchOptions::check_use(const BatchSettings& settings) const {
  const bool is_slurm = settings.runner == BatchRunner::Slurm;
  const auto is_given = [&](Place place) { return texts_.at(place) != nullptr; };
  if (settings.index) {
    for (const Place place : {kRunner, kJobs, kRetries, kTime, kMemory, kCpus, kStart}) {
      if (!is_given(place)) continue;
      return refusal(std::string("--") + kTable.at(place).name + " does not go with --index");
    }
    if (!settings.sbatch.empty()) return refusal("--sbatch does not go with --index");
  }
  if (!is_slurm && (is_given(kCpus) || is_given(kStart) || !settings.sbatch.empty())) {
    return refusal("--task-cpus, --task-start and --sbatch go with --runner slurm");
  }
  if (is_slurm && is_given(kJobs)) return refusal("--jobs goes with --runner local");
  if (is_slurm && settings.state.find('\\') != std::string::npos) {
    return refusal("--state: " + in_quotes(settings.state) +
                   " has a backslash, which sbatch takes from names of files");
  }
  return success();
}

}  // namespace anim::tools
