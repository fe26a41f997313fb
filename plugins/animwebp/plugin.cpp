// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers animwebpenc.
#include <gst/gst.h>

#include "gst/glue/element.h"
#include "plugins/animwebp/animwebpenc.h"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  return gst_element_register(plugin, "animwebpenc", GST_RANK_NONE,
                              anim::glue::type<anim::glue::AnimWebpEnc>());
}

}  // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, animwebp, "Animated WebP encoder",
                  plugin_init, ANIM_VERSION, "LGPL", PACKAGE, "https://gstreamer.freedesktop.org")
