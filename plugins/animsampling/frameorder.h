// SPDX-License-Identifier: LGPL-2.1-or-later
// The element frameorder; frameorder.cpp describes it.
#pragma once

#include <gst/gst.h>

namespace anim {

/// False when GStreamer refuses the type.
[[nodiscard]] bool register_frameorder(GstPlugin* plugin);

}  // namespace anim
