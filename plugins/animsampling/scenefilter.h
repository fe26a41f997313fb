// SPDX-License-Identifier: LGPL-2.1-or-later
// The element scenefilter; scenefilter.cpp describes it.
#pragma once

#include <gst/gst.h>

namespace anim {

/// False when GStreamer refuses the type.
[[nodiscard]] bool register_scenefilter(GstPlugin* plugin);

}  // namespace anim
