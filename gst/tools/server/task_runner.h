// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the tasks that wait in the store, wherever that is.
#pragma once

#include <cstdint>

#include "gst/core/error.h"

namespace anim::server {

/// Everything but wake(), stop(), progress() and running() is for one thread.
class TaskRunner {
 public:
  TaskRunner() = default;
  TaskRunner(const TaskRunner&) = delete;
  TaskRunner& operator=(const TaskRunner&) = delete;
  virtual ~TaskRunner() = default;

  /// Takes up the tasks that ran when the service before this one ended.
  [[nodiscard]] virtual Status recover() = 0;

  /// Runs until stop(); the next service does what is left.
  virtual void run() = 0;

  // Of any thread.
  virtual void wake() const = 0;                                      ///< there is a new task
  virtual void stop() = 0;                                            ///< also in a signal handler
  [[nodiscard]] virtual int progress(std::int64_t number) const = 0;  ///< percent
  [[nodiscard]] virtual std::int64_t running() const = 0;
};

}  // namespace anim::server
