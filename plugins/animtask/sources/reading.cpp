// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/reading.h"

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
  auto& reading = *static_cast<Reading*>(self);
  const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  reading.bytes_ += gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info));
  if (GST_BUFFER_OFFSET_IS_VALID(buffer)) {
    reading.position_ =
        GST_BUFFER_OFFSET(buffer) + gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info));
  }
  return GST_PAD_PROBE_OK;
}

void Reading::note_end(GstPad* pad) {
  gint64 length = 0;
  const auto reader = glue::adopt(gst_pad_get_parent_element(pad));
  if (gst_element_query_duration(reader.get(), GST_FORMAT_BYTES, &length) == FALSE || length <= 0) {
    return;
  }
  const auto stated = static_cast<std::uint64_t>(length);
  const std::lock_guard lock(mutex_);
  if (position_ < stated) cut_ = Cut{position_, stated};
}

std::optional<Reading::Cut> Reading::cut_short() const {
  const std::lock_guard lock(mutex_);
  return cut_;
}

GstPadProbeReturn Reading::take_event(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) {
    static_cast<Reading*>(self)->note_end(pad);
  }
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
