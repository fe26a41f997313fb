// SPDX-License-Identifier: LGPL-2.1-or-later
// How many clips are made at once: one pool for all sinks of the process, so that fifty streams do
// not decode fifty clips at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>

namespace anim {

/// Each job has a thread of its own while it runs. Jobs start in the order in which they come, but
/// for those of an owner that has as many running as it may.
class DecodePool {
 public:
  struct Job {
    const void* owner = nullptr;
    unsigned most = 1;  ///< of the owner's jobs at once
    std::function<void()> run;
  };

  /// The pool of the process: twice as many jobs as cores, at least 8.
  static DecodePool& shared();

  explicit DecodePool(std::size_t most) : most_(most) {}
  DecodePool(const DecodePool&) = delete;
  DecodePool& operator=(const DecodePool&) = delete;

  /// Runs the job now or when there is room. Never waits.
  void submit(Job job);

  /// Runs what waits of the owner now, whatever else is running: jobs that have been cancelled, and
  /// so have nothing to do.
  void hurry(const void* owner);

 private:
  void start_what_may();
  void start(const std::deque<Job>::iterator& job);
  void run(const Job& job);

  const std::size_t most_;
  std::mutex mutex_;  // guards the rest
  std::deque<Job> waiting_;
  std::map<const void*, unsigned> running_;  ///< by owner
  std::size_t running_jobs_ = 0;
};

}  // namespace anim
