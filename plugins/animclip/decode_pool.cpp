// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/decode_pool.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace anim {

DecodePool& DecodePool::shared() {
  // Never destroyed: its threads may be on their last lines when the process ends.
  static auto* pool = new DecodePool(
      std::max<std::size_t>(8, 2 * std::size_t{std::thread::hardware_concurrency()}));
  return *pool;
}

void DecodePool::submit(Job job) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(job));
  start_what_may();
}

void DecodePool::start_what_may() {
  while (running_jobs_ < most_) {
    const auto next = std::find_if(waiting_.begin(), waiting_.end(), [this](const Job& job) {
      return running_[job.owner] < std::max(job.most, 1U);
    });
    if (next == waiting_.end()) return;
    start(next);
  }
}

void DecodePool::hurry(const void* owner) {
  const std::lock_guard lock(mutex_);
  const auto is_its = [owner](const Job& job) { return job.owner == owner; };
  for (auto next = waiting_.begin();
       (next = std::find_if(waiting_.begin(), waiting_.end(), is_its)) != waiting_.end();) {
    start(next);
  }
}

void DecodePool::start(const std::deque<Job>::iterator& job) {
  ++running_[job->owner];
  ++running_jobs_;
  std::thread([this, taken = std::move(*job)] { run(taken); }).detach();
  waiting_.erase(job);
}

void DecodePool::run(const Job& job) {
  job.run();
  const std::lock_guard lock(mutex_);
  --running_jobs_;
  if (--running_[job.owner] == 0) running_.erase(job.owner);
  start_what_may();
}

}  // namespace anim
