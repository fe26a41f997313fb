// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/leftovers.h"

#include <filesystem>
#include <optional>
#include <set>

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

void clean(const fs::path& folder, const std::string& beginning) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with(beginning) && name.ends_with(".part")) found.push_back(it->path());
  }
  for (const fs::path& file : found) fs::remove(file, error);
}

}  // namespace

void remove_leftovers(const service::TaskEntry& task, const std::string& storage_root) {
  const std::string beginning = "." + temporary_name(task.id) + "-";
  std::error_code error;
  clean(fs::temp_directory_path(error), beginning);
  for (const fs::path& folder : folders_of(task, storage_root)) clean(folder, beginning);
}

}  // namespace anim::server
