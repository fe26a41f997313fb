// SPDX-License-Identifier: LGPL-2.1-or-later
// Jobs that run side by side and have a part that is done one after another, in their order.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace anim {

/// Counts whose turn it is. Jobs have to be started in the order of their numbers, on however many
/// threads: then the one whose turn it is always runs.
class Turns {
 public:
  /// The turn of one job. It is passed on at the latest when this goes, whatever ended the job.
  class Turn {
   public:
    Turn(std::shared_ptr<Turns> turns, std::uint64_t number)
        : turns_(std::move(turns)), number_(number) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { pass(); }

    /// Returns when all earlier jobs have passed.
    void wait() { turns_->wait(number_); }
    /// The next job's turn comes. Waits when that was not done.
    void pass() {
      if (std::exchange(is_passed_, true)) return;
      turns_->pass(number_);
    }

   private:
    std::shared_ptr<Turns> turns_;
    std::uint64_t number_;
    bool is_passed_ = false;
  };

 private:
  void wait(std::uint64_t number) {
    std::unique_lock lock(mutex_);
    passed_.wait(lock, [&] { return next_ == number; });
  }

  void pass(std::uint64_t number) {
    wait(number);
    {
      const std::lock_guard lock(mutex_);
      ++next_;
    }
    passed_.notify_all();
  }

  std::mutex mutex_;  // guards next_
  std::condition_variable passed_;
  std::uint64_t next_ = 0;
};

}  // namespace anim
