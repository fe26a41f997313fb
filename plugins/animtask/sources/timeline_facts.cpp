// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/timeline_facts.h"

#include <algorithm>

#include "gst/core/timeline.h"

namespace anim {

void TimelineFacts::take(std::size_t index, const SourceFacts& facts) {
  known_[task_.sources[index].uri] = facts;
}

std::optional<std::size_t> TimelineFacts::next_unknown() const {
  const auto next =
      std::find_if(task_.sources.begin(), task_.sources.end(),
                   [&](const TaskSource& source) { return !known_.contains(source.uri); });
  if (next == task_.sources.end()) return {};
  return static_cast<std::size_t>(next - task_.sources.begin());
}

Status TimelineFacts::conclude() {
  for (const TaskSource& source : task_.sources) {
    const auto part = trimmed(known_.at(source.uri), source);
    if (!part) return part.error();
    parts_.push_back(*part);
  }
  whole_ = joined_facts(parts_, task_.alignment_index);
  return success();
}

bool TimelineFacts::has_unlike_parts() const {
  return std::any_of(parts_.begin(), parts_.end(), [&](const SourceFacts& part) {
    return part.size != whole_.size || part.has_alpha != whole_.has_alpha;
  });
}

}  // namespace anim
