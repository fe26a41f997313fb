// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/leftovers.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "gst/core/service/worker_result.h"
#include "gst/core/task_file.h"
#include "gst/core/task_json.h"
#include "gst/core/uri.h"
#include "gst/core/uri_template.h"
#include "plugins/animtask/outputs/publish.h"

namespace anim::server {
namespace {

namespace fs = std::filesystem;

// The folder of an output; nothing when it is in none, or not known.
std::optional<fs::path> folder_of(const std::string& uri, const std::string& storage_root) {
  const auto place = output_place(uri);
  if (!place || place->kind == Place::Kind::S3) return {};
  return fs::path(local_path(*place, storage_root)).parent_path();
}

std::set<fs::path> folders_of(const service::TaskEntry& entry, const std::string& storage_root) {
  std::set<fs::path> out;
  const auto task = parse_task(entry.definition);
  const auto source = task ? source_place(task->sources.front().uri) : Result<Place>(Place{});
  if (!task || !source) return out;
  TemplateValues values;
  values.source = *source;
  values.created = utc_time(entry.created);
  unsigned index = 0;
  for (const AnimationRequest& animation : task->animations) {
    const auto uri = expand_template(animation.uri, values, task->tags, animation.format, ++index);
    const auto folder = uri ? folder_of(*uri, storage_root) : std::nullopt;
    if (folder) out.insert(*folder);
  }
  return out;
}

// The temporary files of a task in a folder.
std::vector<fs::path> temporaries_in(const fs::path& folder, const service::TaskEntry& task) {
  const std::string beginning = "." + temporary_name(task.id) + "-";
  std::error_code error;
  std::vector<fs::path> out;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with(beginning) && name.ends_with(".part")) out.push_back(it->path());
  }
  return out;
}

bool holds(const fs::path& file, const OutputResult& output) {
  std::error_code error;
  if (fs::symlink_status(file, error).type() != fs::file_type::regular) return false;
  if (fs::file_size(file, error) != output.bytes) return false;
  const auto sum = sum_of(file.string());
  return sum && sum->md5 == output.md5;
}

// The output in its place, or else its temporary file beside it.
bool is_in_place(const service::TaskEntry& task, const OutputResult& output,
                 const std::string& storage_root) {
  const auto place = output_place(output.uri);
  if (!place || place->kind == Place::Kind::S3) return false;
  const fs::path final = local_path(*place, storage_root);
  if (holds(final, output)) return true;
  for (const fs::path& file : temporaries_in(final.parent_path(), task)) {
    if (!holds(file, output)) continue;
    std::error_code error;
    fs::rename(file, final, error);
    return !error;
  }
  return false;
}

}  // namespace

std::optional<TaskResult> finish_publishing(const service::TaskEntry& task,
                                            const Workplace& place) {
  constexpr std::size_t kMost = std::size_t{16} << 20;
  const auto text = read_small_file(place.journal, kMost);
  auto result = text ? service::parse_result(*text) : std::nullopt;
  if (!result || result->outputs.empty()) return {};
  const bool is_whole = std::all_of(
      result->outputs.begin(), result->outputs.end(),
      [&](const OutputResult& output) { return is_in_place(task, output, place.storage_root); });
  return is_whole ? std::move(result) : std::nullopt;
}

void remove_leftovers(const service::TaskEntry& task, const std::string& storage_root) {
  std::error_code error;
  auto folders = folders_of(task, storage_root);
  folders.insert(fs::temp_directory_path(error));
  for (const fs::path& folder : folders) {
    for (const fs::path& file : temporaries_in(folder, task)) fs::remove(file, error);
  }
}

}  // namespace anim::server
