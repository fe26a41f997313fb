// SPDX-License-Identifier: LGPL-2.1-or-later
// The element animclipsink; animclipsink.cpp describes it.
#pragma once

#include <gst/gst.h>

namespace anim {

/// False when GStreamer refuses the type.
[[nodiscard]] bool register_animclipsink(GstPlugin* plugin);

}  // namespace anim
