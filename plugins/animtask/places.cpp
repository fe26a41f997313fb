// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/places.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "gst/core/uri.h"
#include "plugins/animtask/outputs/publish.h"

namespace anim {
namespace {

Status check_targets(const Task& task, const std::vector<OutputTarget>& targets,
                     const std::vector<SourceInput>& sources, const Surroundings& around) {
  std::vector<Place> files;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Place& place = targets[i].place;
    const std::string path = task.animations[i].path + "/URI";
    if (Status status = check_scheme(path, place.uri, around.limits); !status) return status;
    const auto store = around.stores.of(place);
    if (!store) return store.error();
    if (!*store) files.push_back(place);
  }
  std::vector<std::string> taken(sources.size());
  std::transform(sources.begin(), sources.end(), taken.begin(),
                 [](const SourceInput& source) { return source.address.file; });
  return check_places(files, taken, around.storage_root);
}

}  // namespace

bool is_any_source_stored(const Task& task, const Stores& stores) {
  return std::any_of(task.sources.begin(), task.sources.end(), [&](const TaskSource& source) {
    const auto place = source_place(source.uri);
    const auto store = place ? stores.of(*place) : std::optional<StoreClient>();
    return store && *store;
  });
}

Result<std::vector<SourceInput>> find_sources(const Task& task, const Surroundings& around) {
  std::vector<SourceInput> out;
  for (const TaskSource& source : task.sources) {
    const auto place = source_place(source.uri);
    if (!place) return place.error();
    auto address = find_source(*place, around.storage_root, around.stores);
    if (!address) return address.error();
    auto rules = nested_rules(*place, address->file, around.storage_root, around.limits.schemes);
    out.push_back({.rules = std::move(rules),
                   .address = std::move(*address),
                   .stop = &around.stores.stop_signal()});
  }
  return out;
}

Result<std::vector<OutputTarget>> find_targets(const Task& task,
                                               const std::vector<SourceInput>& sources,
                                               UtcTime created, const Surroundings& around) {
  const SourceInput& first = sources.front();
  auto targets = output_targets(task, {.source = first.rules.place,
                                       .stream_index = 0,
                                       .created = created,
                                       .source_modified = first.address.modified});
  if (!targets) return targets.error();
  if (Status status = check_targets(task, *targets, sources, around); !status) {
    return status.error();
  }
  return targets;
}

}  // namespace anim
