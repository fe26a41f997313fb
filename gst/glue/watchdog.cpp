// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/watchdog.h"

#include <utility>

namespace anim {

void Watchdog::start(std::function<void()> look) {
  using Look = std::function<void()>;
  GstClock* clock = gst_system_clock_obtain();
  id_ = gst_clock_new_periodic_id(clock, gst_clock_get_time(clock) + kEvery, kEvery);
  gst_object_unref(clock);
  gst_clock_id_wait_async(
      id_,
      [](GstClock* /*clock*/, GstClockTime /*time*/, GstClockID /*id*/, gpointer data) -> gboolean {
        (*static_cast<Look*>(data))();
        return TRUE;
      },
      new Look(std::move(look)), [](gpointer data) { delete static_cast<Look*>(data); });
}

void Watchdog::stop() {
  if (id_ == nullptr) return;
  gst_clock_id_unschedule(id_);
  gst_clock_id_unref(id_);
  id_ = nullptr;
}

}  // namespace anim
