// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells work that waits for a network that it is to end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace anim {

/// Thread-safe. What was stopped stays so.
class StopSignal {
 public:
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopped_ = true;
    }
    changed_.notify_all();
  }

  [[nodiscard]] bool is_stopped() const {
    const std::lock_guard lock(mutex_);
    return is_stopped_;
  }

  /// Waits that long, or until stop(). False when it was stopped.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [this] { return is_stopped_; });
  }

 private:
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool is_stopped_ = false;
};

}  // namespace anim
