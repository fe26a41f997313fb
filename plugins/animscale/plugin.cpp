// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers the elements of libgstanimscale.
#include <gst/gst.h>

#include "gst/glue/element.h"
#include "plugins/animscale/fitscale.h"

static gboolean plugin_init(GstPlugin* plugin) {
  return gst_element_register(plugin, "fitscale", GST_RANK_NONE,
                              anim::glue::type<anim::FitScale>());
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, animscale,
                  "Scaling of video for animated images", plugin_init, ANIM_VERSION, "LGPL",
                  PACKAGE, "https://gstreamer.freedesktop.org/")
