// SPDX-License-Identifier: LGPL-2.1-or-later
// The plugin: registers animtaskbin.
#include <gst/gst.h>

#include "gst/glue/element.h"
#include "plugins/animtask/animtaskbin.h"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  return gst_element_register(plugin, "animtaskbin", GST_RANK_NONE,
                              anim::glue::type<anim::AnimTaskBin>());
}

}  // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, animtask,
                  "Tasks in JSON: video in, animated images out", plugin_init, ANIM_VERSION, "LGPL",
                  PACKAGE, "https://gstreamer.freedesktop.org/")
