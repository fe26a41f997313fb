// SPDX-License-Identifier: LGPL-2.1-or-later
// Sees whether the units that go into a decoder all say when they are shown.
#pragma once

#include <atomic>
#include <memory>

#include <gst/gst.h>

#include "gst/glue/handle.h"

namespace anim {

/// Watches one pad at a time, of which units pass in any thread. Of the streaming thread otherwise.
class UnitTimes {
 public:
  UnitTimes() = default;
  UnitTimes(const UnitTimes&) = delete;
  UnitTimes& operator=(const UnitTimes&) = delete;
  ~UnitTimes() { stop(); }

  /// Instead of the pad watched so far.
  void watch(glue::Owned<GstPad> pad);
  void stop();

  /// Whether a unit without a presentation time has passed.
  [[nodiscard]] bool are_missing() const { return *are_missing_; }

 private:
  glue::Owned<GstPad> pad_;
  gulong probe_ = 0;
  std::shared_ptr<std::atomic<bool>> are_missing_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace anim
