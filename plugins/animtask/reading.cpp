// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/reading.h"

#include "gst/glue/handle.h"

namespace anim {
namespace {

bool states_ranges(const GstStructure* headers) {
  for (int i = 0; i < gst_structure_n_fields(headers); ++i) {
    const char* name = gst_structure_nth_field_name(headers, static_cast<guint>(i));
    if (g_ascii_strcasecmp(name, "accept-ranges") != 0) continue;
    const char* value = gst_structure_get_string(headers, name);
    return value != nullptr && g_ascii_strcasecmp(value, "bytes") == 0;
  }
  return false;
}

}  // namespace

void Reading::watch(GstElement* reader) {
  const auto pad = glue::adopt(gst_element_get_static_pad(reader, "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, &Reading::take_bytes, this, nullptr);
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, &Reading::take_event, this,
                    nullptr);
}

GstPadProbeReturn Reading::take_bytes(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) {
  static_cast<Reading*>(self)->bytes_ += gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info));
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn Reading::take_event(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) {
  const GstStructure* said = gst_event_get_structure(GST_PAD_PROBE_INFO_EVENT(info));
  if (said == nullptr || gst_structure_has_name(said, "http-headers") == FALSE) {
    return GST_PAD_PROBE_OK;
  }
  const GValue* headers = gst_structure_get_value(said, "response-headers");
  // A partial answer need not say it again.
  if (headers != nullptr && GST_VALUE_HOLDS_STRUCTURE(headers) &&
      states_ranges(gst_value_get_structure(headers))) {
    static_cast<Reading*>(self)->serves_ranges_ = true;
  }
  return GST_PAD_PROBE_OK;
}

}  // namespace anim
