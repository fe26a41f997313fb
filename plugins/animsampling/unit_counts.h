// SPDX-License-Identifier: LGPL-2.1-or-later
// Units so far, as samplegate's property `stats` tells them.
#pragma once

#include <cstdint>

#include <gst/gst.h>

#include "gst/core/unit_gate.h"

namespace anim {

struct UnitCounts {
  std::uint64_t in = 0;
  std::uint64_t passed = 0;
  std::uint64_t disposable = 0;
  std::uint64_t unused = 0;
  std::uint64_t after_end = 0;
  std::uint64_t gaps = 0;  ///< that were gone around

  /// One more that is left out.
  void drop(DropReason reason);

  /// A new structure.
  [[nodiscard]] GstStructure* stats() const;
};

}  // namespace anim
