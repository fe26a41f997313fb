// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/unit_times.h"

#include <utility>

namespace anim {
namespace {

// The probe's own share: a unit may be passing while the probe is removed.
using Flag = std::shared_ptr<std::atomic<bool>>;

GstPadProbeReturn look_at_unit(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer flag) {
  if (!GST_BUFFER_PTS_IS_VALID(GST_PAD_PROBE_INFO_BUFFER(info))) **static_cast<Flag*>(flag) = true;
  return GST_PAD_PROBE_OK;
}

void release_flag(gpointer flag) {
  delete static_cast<Flag*>(flag);
}

}  // namespace

void UnitTimes::watch(glue::Owned<GstPad> pad) {
  stop();
  are_missing_ = std::make_shared<std::atomic<bool>>(false);
  pad_ = std::move(pad);
  probe_ = gst_pad_add_probe(pad_.get(), GST_PAD_PROBE_TYPE_BUFFER, look_at_unit,
                             new Flag(are_missing_), release_flag);
}

void UnitTimes::stop() {
  if (!pad_) return;
  gst_pad_remove_probe(pad_.get(), probe_);
  pad_.reset();
}

}  // namespace anim
