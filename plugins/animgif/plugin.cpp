// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers animgifenc.
#include <gst/gst.h>

#include "gst/glue/element.h"
#include "plugins/animgif/animgifenc.h"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  return gst_element_register(plugin, "animgifenc", GST_RANK_NONE,
                              anim::glue::type<anim::AnimGifEnc>());
}

}  // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, animgif, "Animated GIF encoder",
                  plugin_init, ANIM_VERSION, "LGPL", PACKAGE, "https://gstreamer.freedesktop.org/")
