// SPDX-License-Identifier: LGPL-2.1-or-later
// What the service counts, as Prometheus reads it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace anim::server {

/// What one task that ended adds.
struct TaskCount {
  std::string_view code;  ///< "" = it succeeded
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::uint64_t decoded_frames = 0;
  std::uint64_t skipped_units = 0;
};

/// What there is at the moment.
struct Gauges {
  std::int64_t queued = 0;
  std::int64_t running = 0;
};

/// Thread-safe.
class Metrics {
 public:
  void count_call(std::string_view action, int status);
  void count_task(const TaskCount& count);
  void count_worker(double cpu_seconds);
  void count_message(bool is_delivered);

  /// The text exposition format, version 0.0.4.
  [[nodiscard]] std::string text(const Gauges& gauges) const;

 private:
  mutable std::mutex mutex_;  // guards what follows
  std::map<std::pair<std::string, int>, std::uint64_t> calls_;
  std::map<std::string, std::uint64_t> ends_;
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t decoded_frames_ = 0;
  std::uint64_t skipped_units_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t undelivered_ = 0;
  double cpu_seconds_ = 0;
};

}  // namespace anim::server
