// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/job_pool.h"

#include <utility>

namespace anim::server {

JobPool::JobPool(unsigned threads, std::size_t most) : most_(most) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

bool JobPool::add(Job job) {
  return add_behind(std::move(job), most_);
}

bool JobPool::add_granted(Job job) {
  return add_behind(std::move(job), waiting_.max_size());
}

// Where fewer than `most` wait.
bool JobPool::add_behind(Job job, std::size_t most) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopped_ || waiting_.size() >= most) return false;
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void JobPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void JobPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return is_stopped_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace anim::server
