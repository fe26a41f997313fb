// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/joiner.h"

#include <string>

#include "gst/glue/graph.h"

namespace anim {

Status Joiner::make(std::size_t entries) {
  const auto made = make_element("concat");
  if (!made) return made.error();
  element_ = *made;
  entries_ = entries;
  gst_bin_add(bin_, element_);
  pictures_ = glue::adopt(gst_element_get_static_pad(element_, "src"));
  for (std::size_t i = 0; i < entries; ++i) {
    // The element owns the pad, which is found again by its name.
    gst_object_unref(gst_element_request_pad_simple(element_, "sink_%u"));
  }
  return success();
}

bool Joiner::follow_bin() {
  return gst_element_sync_state_with_parent(element_) != FALSE;
}

void Joiner::close() {
  if (element_ != nullptr) take_out(bin_, element_);
  element_ = nullptr;
}

glue::Owned<GstPad> Joiner::entry(std::size_t index) const {
  const std::string name = "sink_" + std::to_string(index);
  return glue::adopt(gst_element_get_static_pad(element_, name.c_str()));
}

void Joiner::end_from(std::size_t index) {
  for (; index < entries_; ++index) {
    const auto end = entry(index);
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_send_event(end.get(), gst_event_new_stream_start("end"));
    gst_pad_send_event(end.get(), gst_event_new_segment(&segment));
    gst_pad_send_event(end.get(), gst_event_new_eos());
  }
}

}  // namespace anim
