// SPDX-License-Identifier: LGPL-2.1-or-later
// Says what a task would make: a worker looks at its sources and makes nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/service/worker_result.h"

namespace anim::server {

struct PlannerSettings {
  std::vector<std::string> command;  ///< the worker and its options
  std::string folder;                ///< for tasks while they are planned
  int lock = -1;                     ///< of the service, held by the workers, too
  service::WorkerLimits limits = {std::uint64_t{1} << 30, std::chrono::seconds(10),
                                  std::chrono::seconds(10)};
};

/// Thread-safe.
class Planner {
 public:
  explicit Planner(PlannerSettings settings) : settings_(std::move(settings)) {}

  /// The plan's JSON. Waits for it, at most as long as the limits allow. Fails as plan_of(), and
  /// with LimitExceeded when this is stopped or the client has left.
  [[nodiscard]] Result<std::string> plan(
      const std::string& definition,
      const std::function<bool()>& is_left = [] { return false; }) const;

  /// Ends what goes on.
  void stop() { is_stopped_ = true; }

 private:
  [[nodiscard]] Result<std::string> plan_file(const std::string& file,
                                              const std::function<bool()>& is_left) const;

  const PlannerSettings settings_;
  std::atomic<bool> is_stopped_{false};
};

}  // namespace anim::server
