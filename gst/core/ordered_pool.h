// SPDX-License-Identifier: LGPL-2.1-or-later
// Jobs on a bounded number of threads; their results come back in the order given.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
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

/// Runs jobs on a number of threads, the caller's among them: while it waits for a result it runs
/// parts of jobs as well, so one thread alone needs no other. None ever waits for a job's turn: it
/// is at a part of another meanwhile. All members are called from one thread. Callers that ask
/// is_full() hold at most two jobs a thread, so memory is bounded whatever the speeds of both
/// sides.
template <class Value>
class OrderedPool {
 public:
  using Job = OrderedJob<Value>;

  /// `threads` with the caller's; 0 means one for each core.
  explicit OrderedPool(unsigned threads) {
    const unsigned count =
        threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
    try {
      while (workers_.size() + 1 < count) workers_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      // The system gives no further thread: fewer do the same work, at least the caller's.
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
  [[nodiscard]] bool is_full() const { return results_.size() >= 2 * (workers_.size() + 1); }
  /// Whether every result has been taken.
  [[nodiscard]] bool is_empty() const { return results_.empty(); }

  /// Queues a job.
  void submit(Job job) {
    auto task = std::make_shared<Task>(std::move(job));
    results_.push_back(task);
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }

  /// The oldest result; runs parts of jobs, this one's or others', until it is there (a part that
  /// was begun is ended first). Throws what
  /// a part of its job has thrown; the parts after that have not run. Only when not empty.
  [[nodiscard]] Value take() {
    const std::shared_ptr<Task> oldest = std::move(results_.front());
    results_.pop_front();
    std::unique_lock lock(mutex_);
    while (!oldest->is_done) {
      if (has_part()) {
        run_part(lock);
      } else {
        caller_.wait(lock);
      }
    }
    // What the parts run here have led to is for a worker now.
    if (has_part()) wake_.notify_one();
    if (oldest->error) std::rethrow_exception(oldest->error);
    return std::move(*oldest->value);
  }

  /// The oldest result when it is ready now, or there is no other thread that could make it so.
  [[nodiscard]] std::optional<Value> take_ready() {
    if (is_empty() || !(workers_.empty() || is_oldest_done())) return std::nullopt;
    return take();
  }

 private:
  struct Task {
    explicit Task(Job given) : job(std::move(given)) {}
    Job job;
    bool is_prepared = false;
    bool is_done = false;  ///< has a value or an error
    std::optional<Value> value;
    std::exception_ptr error;
  };

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || has_part(); });
      if (stopping_) return;
      run_part(lock);
    }
  }

  [[nodiscard]] bool is_oldest_done() {
    const std::lock_guard lock(mutex_);
    return results_.front()->is_done;
  }

  [[nodiscard]] bool has_turn() const {
    return !is_turn_taken_ && turned_ < tasks_.size() && tasks_[turned_]->is_prepared;
  }
  [[nodiscard]] bool has_last() const { return turned_ > 0; }
  [[nodiscard]] bool has_new() const { return begun_ < tasks_.size(); }
  [[nodiscard]] bool has_part() const { return has_turn() || has_last() || has_new(); }

  // These four are called with the lock, and run a part without it.

  /// What others wait for comes first, then what frees memory.
  void run_part(std::unique_lock<std::mutex>& lock) {
    if (has_turn()) {
      take_turn(lock);
    } else if (has_last()) {
      finish(lock);
    } else {
      prepare(lock);
    }
  }

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
    if (!has_turn()) return;
    wake_.notify_one();
    caller_.notify_one();
  }

  void finish(std::unique_lock<std::mutex>& lock) {
    const std::shared_ptr<Task> task = std::move(tasks_.front());
    tasks_.pop_front();
    --turned_;
    --begun_;
    const auto last = [&task] {
      task->value = task->job.result();
      task->job = {};  // frees its memory, without the lock
    };
    run(*task, last, lock);
    task->is_done = true;
    caller_.notify_one();
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

  std::deque<std::shared_ptr<Task>> results_;  // not taken, in order; the caller's thread alone
  std::mutex mutex_;                           // guards what follows, is_prepared and is_done
  std::condition_variable wake_;               // of workers
  std::condition_variable caller_;             // of the caller's thread, in take()
  std::deque<std::shared_ptr<Task>> tasks_;    // whose last part has not begun, in order
  std::size_t begun_ = 0;                      // how many of them, from the front, have begun
  std::size_t turned_ = 0;                     // how many of them have had their turn
  bool is_turn_taken_ = false;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace anim
