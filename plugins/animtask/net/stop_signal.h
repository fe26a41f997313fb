// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells work that waits for a network that it is to end.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

namespace anim {

/// Thread-safe. What was stopped stays so.
class StopSignal {
 public:
  StopSignal() = default;

  /// Stopped by what others do, too: `condition` is asked at least some times a second by whoever
  /// waits, on that thread.
  explicit StopSignal(std::function<bool()> condition) : condition_(std::move(condition)) {}

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopped_ = true;
    }
    changed_.notify_all();
  }

  [[nodiscard]] bool is_stopped() const {
    const std::lock_guard lock(mutex_);
    return is_stopped_ || (condition_ && condition_());
  }

  /// Waits that long, or until it is stopped. False when it was.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds time) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + time;
    std::unique_lock lock(mutex_);
    while (!is_stopped_ && !(condition_ && condition_())) {
      const auto now = Clock::now();
      if (now >= end) return true;
      changed_.wait_until(lock, condition_ ? std::min(end, now + kLook) : end);
    }
    return false;
  }

 private:
  static constexpr std::chrono::milliseconds kLook{100};

  const std::function<bool()> condition_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool is_stopped_ = false;
};

}  // namespace anim
