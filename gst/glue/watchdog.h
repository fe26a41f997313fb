// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks after something at regular times, on the system clock's thread.
#pragma once

#include <functional>

#include <gst/gst.h>

namespace anim {

/// Not thread-safe: start() and stop() from one thread at a time.
class Watchdog {
 public:
  static constexpr GstClockTime kEvery = 250 * GST_MSECOND;

  Watchdog() = default;
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog() { stop(); }

  /// Calls `look` every kEvery, until stop().
  void start(std::function<void()> look);

  /// A call that has begun may still be going on afterwards.
  void stop();

 private:
  GstClockID id_ = nullptr;
};

}  // namespace anim
