// SPDX-License-Identifier: LGPL-2.1-or-later
// Connections whose request has not come yet, and an end to those that take too long.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace anim::server {

/// libmicrohttpd ends who is silent; this ends who sends a head byte by byte. Thread-safe.
class SlowHeads {
 public:
  /// A head may take that long to come.
  explicit SlowHeads(std::chrono::milliseconds most);
  SlowHeads(const SlowHeads&) = delete;
  SlowHeads& operator=(const SlowHeads&) = delete;
  ~SlowHeads();

  /// A head is waited for from now on at this socket, which is open until forget().
  void wait_for(int socket);
  /// It has come, or the socket is about to be closed.
  void forget(int socket);

 private:
  using Clock = std::chrono::steady_clock;

  void watch();

  const std::chrono::milliseconds most_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool is_over_ = false;
  std::map<int, Clock::time_point> began_;  ///< by socket
  std::thread thread_;
};

}  // namespace anim::server
