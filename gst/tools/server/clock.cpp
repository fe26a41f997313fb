// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/clock.h"

#include <chrono>

namespace anim::server {

Moment now() {
  using namespace std::chrono;
  return duration_cast<Moment>(system_clock::now().time_since_epoch());
}

}  // namespace anim::server
