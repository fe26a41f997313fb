// SPDX-License-Identifier: LGPL-2.1-or-later
// Jobs on a bounded number of threads; their results come back in the order given.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace anim {

/// What leads to a `Value`, in up to three parts, one after another. Of all jobs of a pool, parts
/// `in_turn` run one at a time, in the order of the jobs; all others run beside each other.
template <class Value>
struct OrderedJob {
  std::function<void()> before = {};   ///< may be empty
  std::function<void()> in_turn = {};  ///< may be empty
  std::function<Value()> result;
};

/// Runs jobs on worker threads, none of which ever waits for another job: while a job waits for its
/// turn, its thread is at a part of another. All members are called from one thread. At most two
/// jobs a worker are held, so memory is bounded whatever the speeds of both sides.
template <class Value>
class OrderedPool {
 public:
  using Job = OrderedJob<Value>;

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

  /// Parts that have not started are thrown away; those that run are waited for.
  ~OrderedPool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
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
    auto task = std::make_shared<Task>(std::move(job));
    results_.push_back(task->promise.get_future());
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }

  /// The oldest result; waits for it. Throws what a part of its job has thrown; the parts after
  /// that have not run. Only when not empty.
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
  struct Task {
    explicit Task(Job given) : job(std::move(given)) {}
    Job job;
    std::promise<Value> promise;
    bool is_prepared = false;
    std::exception_ptr error;
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || has_turn() || has_last() || has_new(); });
      if (stopping_) return;
      // What others wait for comes first, then what frees memory.
      if (has_turn()) {
        take_turn(lock);
      } else if (has_last()) {
        finish(lock);
      } else {
        prepare(lock);
      }
    }
  }

  [[nodiscard]] bool has_turn() const {
    return !is_turn_taken_ && turned_ < tasks_.size() && tasks_[turned_]->is_prepared;
  }
  [[nodiscard]] bool has_last() const { return turned_ > 0; }
  [[nodiscard]] bool has_new() const { return begun_ < tasks_.size(); }

  // These three are called with the lock, and run a part without it.

  void prepare(std::unique_lock<std::mutex>& lock) {
    const std::shared_ptr<Task> task = tasks_[begun_++];
    run(*task, task->job.before, lock);
    task->is_prepared = true;
  }

  void take_turn(std::unique_lock<std::mutex>& lock) {
    is_turn_taken_ = true;
    const std::shared_ptr<Task> task = tasks_[turned_];
    run(*task, task->job.in_turn, lock);
    is_turn_taken_ = false;
    ++turned_;
    // This thread takes the next turn, so another has to finish this job.
    if (has_turn()) wake_.notify_one();
  }

  void finish(std::unique_lock<std::mutex>& lock) {
    const std::shared_ptr<Task> task = std::move(tasks_.front());
    tasks_.pop_front();
    --turned_;
    --begun_;
    const auto last = [&task] {
      Value value = task->job.result();
      task->job = {};  // frees its memory, without the lock
      task->promise.set_value(std::move(value));
    };
    run(*task, last, lock);
    if (task->error) task->promise.set_exception(task->error);
  }

  static void run(Task& task, const std::function<void()>& part,
                  std::unique_lock<std::mutex>& lock) {
    if (!part || task.error) return;
    lock.unlock();
    try {
      part();
    } catch (...) {
      task.error = std::current_exception();
    }
    lock.lock();
  }

  std::deque<std::future<Value>> results_;  // the caller's thread alone
  std::mutex mutex_;                        // guards what follows, and Task::is_prepared
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Task>> tasks_;  // whose last part has not begun, in order
  std::size_t begun_ = 0;                    // how many of them, from the front, have begun
  std::size_t turned_ = 0;                   // how many of them have had their turn
  bool is_turn_taken_ = false;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace anim
