// SPDX-License-Identifier: LGPL-2.1-or-later
// What is known of a task's sources, and of the timeline that their parts make.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/plan.h"
#include "gst/core/task.h"

namespace anim {

/// Not thread-safe.
class TimelineFacts {
 public:
  /// `task` must outlive this.
  explicit TimelineFacts(const Task& task) : task_(task) {}

  /// Of the whole source at `index`, and of all others of the same URI.
  void take(std::size_t index, const SourceFacts& facts);

  /// The next source that nothing is known of.
  [[nodiscard]] std::optional<std::size_t> next_unknown() const;

  /// Makes the timeline, once all sources are known. Fails where a part has nothing to show.
  [[nodiscard]] Status conclude();

  /// Of the timeline; after conclude().
  [[nodiscard]] const SourceFacts& whole() const { return whole_; }

  /// Whether its parts differ in their pictures' size or alpha.
  [[nodiscard]] bool has_unlike_parts() const;

 private:
  const Task& task_;
  std::map<std::string, SourceFacts> known_;  ///< of whole sources, by URI
  std::vector<SourceFacts> parts_;
  SourceFacts whole_;
};

}  // namespace anim
