// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers the element of the animclip plugin.
#include <gst/gst.h>

#include "plugins/animclip/animclipsink.h"

static gboolean plugin_init(GstPlugin* plugin) {
  return static_cast<gboolean>(anim::register_animclipsink(plugin));
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, animclip,
                  "Animated images of moments in live streams", plugin_init, ANIM_VERSION, "LGPL",
                  PACKAGE, "https://gstreamer.freedesktop.org")
