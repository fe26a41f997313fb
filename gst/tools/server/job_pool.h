// SPDX-License-Identifier: LGPL-2.1-or-later
// A few threads for what would hold up the answers of others.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace anim::server {

/// Thread-safe.
class JobPool {
 public:
  using Job = std::function<void()>;

  /// `most` jobs wait at most.
  JobPool(unsigned threads, std::size_t most);
  JobPool(const JobPool&) = delete;
  JobPool& operator=(const JobPool&) = delete;
  ~JobPool() { stop(); }

  /// False when too many wait, or it was stopped. A job must not throw.
  [[nodiscard]] bool add(Job job);

  /// As add(), for what is bounded elsewhere: waits, however many do.
  [[nodiscard]] bool add_granted(Job job);

  /// Takes no more, and returns when those that were taken are done.
  void stop();

 private:
  [[nodiscard]] bool add_behind(Job job, std::size_t most);
  void work();

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  bool is_stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace anim::server
