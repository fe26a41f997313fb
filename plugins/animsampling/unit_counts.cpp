// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/unit_counts.h"

namespace anim {

void UnitCounts::drop(DropReason reason) {
  if (reason == DropReason::Disposable) ++disposable;
  if (reason == DropReason::Unused) ++unused;
  if (reason == DropReason::AfterEnd) ++after_end;
}

GstStructure* UnitCounts::stats() const {
  return gst_structure_new("application/x-samplegate-stats", "units-in", G_TYPE_UINT64, in,
                           "passed", G_TYPE_UINT64, passed, "dropped-disposable", G_TYPE_UINT64,
                           disposable, "dropped-unused", G_TYPE_UINT64, unused, "dropped-after-end",
                           G_TYPE_UINT64, after_end, "gap-seeks", G_TYPE_UINT64, gaps, nullptr);
}

}  // namespace anim
