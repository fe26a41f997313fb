// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/job_folder.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "gst/core/service/convert_request.h"
#include "gst/core/service/job_file.h"
#include "gst/core/service/worker_result.h"
#include "gst/core/task_file.h"
#include "gst/tools/server/leftovers.h"
#include "gst/tools/server/unique_id.h"
#include "plugins/animtask/outputs/publish.h"

namespace anim::server {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kKeep(1);

// What others could write to might have results of theirs.
Status check_own(const fs::path& folder) {
  struct stat status {};
  const bool is_own = lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
                      status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
  if (is_own) return success();
  return Error{ErrorCode::Unsupported,
               folder.string() + " must be a folder to which this user alone writes",
               {}};
}

Status make(const fs::path& folder) {
  constexpr mode_t kMode = 0700;
  if (mkdir(folder.c_str(), kMode) == 0 || errno == EEXIST) return check_own(folder);
  const std::string why = std::strerror(errno);
  return Error{ErrorCode::WriteFailed, "cannot make " + folder.string() + ": " + why, {}};
}

std::vector<fs::path> files_in(const std::string& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    out.push_back(it->path());
  }
  return out;
}

}  // namespace

Result<std::string> job_key(const std::string& folder) {
  constexpr std::size_t kMost = 100;
  constexpr std::size_t kDigits = 12;
  const std::string file = folder + "/job-key";
  auto known = read_small_file(file, kMost);
  if (known && known->size() != kDigits) {
    return Error{ErrorCode::InvalidArgument, file + " has no key of jobs", {}};
  }
  if (known || known.error().code != ErrorCode::NotFound) return known;
  std::string key = uuid();
  std::erase(key, '-');
  key.resize(kDigits);
  if (Status status = write_journal(file, key); !status) return status.error();
  return key;
}

// Of its end alone: GStreamer may have said a great deal before.
int progress_in(const std::string& log) {
  constexpr std::streamoff kEnd = 4096;
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - kEnd));
  std::string text(kEnd, '\0');
  file.read(text.data(), kEnd);
  return service::last_percent_in(std::string_view(text).substr(0, file.gcount()));
}

Status JobFolder::open() const {
  const std::string above = fs::path(folder_).parent_path().string();
  for (const std::string& folder : {above, folder_, tasks(), state(), logs()}) {
    if (Status status = make(folder); !status) return status;
  }
  return success();
}

Status JobFolder::add(const service::TaskEntry& task) const {
  const auto text = service::worker_task(task.definition, task.created);
  if (!text) return text.error();
  return write_journal(tasks() + "/" + std::to_string(task.number),
                       service::job_text(task.id, *text));
}

bool JobFolder::has_file(const service::TaskEntry& task) const {
  std::error_code ignored;
  return fs::exists(tasks() + "/" + std::to_string(task.number), ignored);
}

bool JobFolder::has_result(const std::string& id) const {
  return state_.has_result(id);
}

bool JobFolder::has_worker(const std::string& id) const {
  return has_result(id) || state_.is_locked(id);
}

Result<std::optional<TaskResult>> JobFolder::close(const service::TaskEntry& task,
                                                   const TaskResult& otherwise) const {
  const auto json = closed(task, otherwise);
  if (!json) return json.error();
  return *json ? service::parse_result(**json) : std::nullopt;
}

// The result in JSON.
Result<std::optional<std::string>> JobFolder::closed(const service::TaskEntry& task,
                                                     const TaskResult& otherwise) const {
  auto known = state_.result(task.id);
  if (!known || *known) return known;
  const auto lock = state_.try_lock(task.id);
  if (!lock) return lock.error();
  if (!*lock) return std::optional<std::string>();
  known = state_.result(task.id);
  if (!known || *known) return known;
  auto json = state_.untold_result(task.id);
  if (!json) return json;
  const Workplace place{storage_root_, state_.journal(task.id)};
  if (!*json) json = std::optional(result_json(finish_publishing(task, place).value_or(otherwise)));
  remove_leftovers(task, storage_root_);
  auto first = state_.note_result(task.id, std::move(**json));
  if (!first) return first.error();
  return std::optional(std::move(*first));
}

void JobFolder::remove(const service::TaskEntry& task) const {
  std::error_code ignored;
  fs::remove(tasks() + "/" + std::to_string(task.number), ignored);
  state_.tidy(task.id);
}

void JobFolder::keep_only(const std::set<std::int64_t>& numbers) const {
  std::set<std::string> names;
  for (const std::int64_t number : numbers) names.insert(std::to_string(number));
  std::error_code ignored;
  for (const fs::path& file : files_in(tasks())) {
    if (!names.contains(file.filename())) fs::remove(file, ignored);
  }
}

void JobFolder::remove_old(const std::set<std::string>& open) const {
  const auto now = fs::file_time_type::clock::now();
  for (const std::string& folder : {state(), logs()}) {
    for (const fs::path& file : files_in(folder)) {
      std::error_code error;
      const auto time = fs::last_write_time(file, error);
      const bool is_old = !error && now - time > kKeep;
      const std::string name = file.filename().string();
      if (is_old && !open.contains(name.substr(0, name.find('.')))) fs::remove(file, error);
    }
  }
}

}  // namespace anim::server
