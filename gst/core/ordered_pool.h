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
#include <queue>
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
      new_.push(task);
      turns_.push(std::move(task));
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
    bool is_ready = false;  // for its turn
    std::exception_ptr error;
  };
  using Tasks = std::queue<std::shared_ptr<Task>>;

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock,
                 [this] { return stopping_ || has_turn() || !last_.empty() || !new_.empty(); });
      if (stopping_) return;
      // What others wait for comes first, then what frees memory.
      if (has_turn()) {
        take_turn(lock);
      } else if (!last_.empty()) {
        finish(lock);
      } else {
        prepare(lock);
      }
    }
  }

  [[nodiscard]] bool has_turn() const {
    return !is_turn_taken_ && !turns_.empty() && turns_.front()->is_ready;
  }

  // These three are called with the lock, and run a part without it.

  void prepare(std::unique_lock<std::mutex>& lock) {
    const std::shared_ptr<Task> task = taken(new_);
    run(*task, task->job.before, lock);
    task->is_ready = true;
    wake_.notify_one();
  }

  void take_turn(std::unique_lock<std::mutex>& lock) {
    is_turn_taken_ = true;
    std::shared_ptr<Task> task = taken(turns_);
    run(*task, task->job.in_turn, lock);
    is_turn_taken_ = false;
    last_.push(std::move(task));
    wake_.notify_one();
  }

  void finish(std::unique_lock<std::mutex>& lock) {
    const std::shared_ptr<Task> task = taken(last_);
    const auto promise = [&task] { task->promise.set_value(task->job.result()); };
    run(*task, promise, lock);
    if (task->error) task->promise.set_exception(task->error);
  }

  static std::shared_ptr<Task> taken(Tasks& tasks) {
    std::shared_ptr<Task> task = std::move(tasks.front());
    tasks.pop();
    return task;
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
  std::mutex mutex_;                        // guards what follows, and Task::is_ready
  std::condition_variable wake_;
  Tasks new_;    // to be prepared
  Tasks turns_;  // whose turns are to come
  Tasks last_;   // whose result is to be made
  bool is_turn_taken_ = false;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace anim
