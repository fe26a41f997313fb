// SPDX-License-Identifier: LGPL-2.1-or-later
// Independent jobs on a bounded number of threads; their results come back in the order given.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <queue>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace anim {

/// Runs jobs of type `Value()` on worker threads. All members are called from one thread.
/// At most two jobs a worker are held, so memory is bounded whatever the speeds of both sides.
template <class Value>
class OrderedPool {
 public:
  using Job = std::function<Value()>;

  /// `threads` workers; 0 means one for each core.
  explicit OrderedPool(unsigned threads) {
    const unsigned count =
        threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
    try {
      while (workers_.size() < count) workers_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      // The system gives no further thread: fewer do the same work. Without any there is no pool.
      if (workers_.empty()) throw;
    }
  }
  OrderedPool(const OrderedPool&) = delete;
  OrderedPool& operator=(const OrderedPool&) = delete;

  /// Jobs that have not started are thrown away; those that run are waited for.
  ~OrderedPool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      waiting_ = {};
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  /// Whether a further job has to wait until take() has made room.
  [[nodiscard]] bool is_full() const { return results_.size() >= 2 * workers_.size(); }
  /// Whether every result has been taken.
  [[nodiscard]] bool is_empty() const { return results_.empty(); }

  /// Queues a job.
  void submit(Job job) {
    std::packaged_task<Value()> task(std::move(job));
    results_.push_back(task.get_future());
    {
      const std::lock_guard lock(mutex_);
      waiting_.push(std::move(task));
    }
    wake_.notify_one();
  }

  /// The oldest result; waits for it. Only when not empty.
  [[nodiscard]] Value take() {
    std::future<Value> front = std::move(results_.front());
    results_.pop_front();
    return front.get();
  }

  /// The oldest result when it is ready now.
  [[nodiscard]] std::optional<Value> take_ready() {
    if (is_empty()) return std::nullopt;
    if (results_.front().wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      return std::nullopt;
    }
    return take();
  }

 private:
  void work() {
    while (true) {
      std::packaged_task<Value()> task;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        task = std::move(waiting_.front());
        waiting_.pop();
      }
      task();
    }
  }

  std::deque<std::future<Value>> results_;  // the caller's thread alone
  std::mutex mutex_;                        // guards waiting_ and stopping_
  std::condition_variable wake_;
  std::queue<std::packaged_task<Value()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace anim
