// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers the elements of the animsampling plugin.
#include <gst/gst.h>

#include "plugins/animsampling/frameorder.h"
#include "plugins/animsampling/intervalsampler.h"
#include "plugins/animsampling/samplegate.h"
#include "plugins/animsampling/scenefilter.h"

namespace {

gboolean plugin_init(GstPlugin* plugin) {
  return static_cast<gboolean>(
      anim::register_intervalsampler(plugin) && anim::register_samplegate(plugin) &&
      anim::register_scenefilter(plugin) && anim::register_frameorder(plugin));
}

}  // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, animsampling,
                  "Samples video at an interval for animated images", plugin_init, ANIM_VERSION,
                  "LGPL", PACKAGE, "https://gstreamer.freedesktop.org")
