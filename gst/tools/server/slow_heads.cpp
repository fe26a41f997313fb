// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/slow_heads.h"

#include <sys/socket.h>

namespace anim::server {

SlowHeads::SlowHeads(std::chrono::milliseconds most) : most_(most), thread_([this] { watch(); }) {}

SlowHeads::~SlowHeads() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SlowHeads::wait_for(int socket) {
  const std::lock_guard lock(mutex_);
  began_[socket] = Clock::now();
}

void SlowHeads::forget(int socket) {
  const std::lock_guard lock(mutex_);
  began_.erase(socket);
}

// A socket that is shut down is one whose client has gone, to who reads from it.
void SlowHeads::watch() {
  constexpr std::chrono::milliseconds kLookEvery(500);
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kLookEvery, [this] { return is_over_; })) {
    const auto now = Clock::now();
    for (const auto& [socket, began] : began_) {
      if (now - began > most_) shutdown(socket, SHUT_RDWR);
    }
  }
}

}  // namespace anim::server
