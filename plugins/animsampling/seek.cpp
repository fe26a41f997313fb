// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/seek.h"

#include <algorithm>

namespace anim {
namespace {

Seek::Edge edge_in_source(const Seek::Edge& output, const SamplingPlan& plan,
                          Nanoseconds stream_zero) {
  if (output.type == GST_SEEK_TYPE_NONE || output.position == -1) return output;
  const Nanoseconds distance = plan.to_source(Nanoseconds(output.position));
  // From the end it is a distance; and 0 is the very beginning of the file.
  if (output.type == GST_SEEK_TYPE_END || output.position == 0) {
    return {output.type, distance.count()};
  }
  return {output.type, (std::min(distance, kForever - stream_zero) + stream_zero).count()};
}

}  // namespace

Seek Seek::of(GstEvent* event) {
  Seek seek;
  gst_event_parse_seek(event, &seek.rate, &seek.format, &seek.flags, &seek.start.type,
                       &seek.start.position, &seek.stop.type, &seek.stop.position);
  seek.seqnum = gst_event_get_seqnum(event);
  return seek;
}

glue::Owned<GstEvent> Seek::event() const {
  auto event = glue::adopt(gst_event_new_seek(rate, format, flags, start.type, start.position,
                                              stop.type, stop.position));
  gst_event_set_seqnum(event.get(), seqnum);
  return event;
}

Seek Seek::in_source(const SamplingPlan& plan, Nanoseconds stream_zero) const {
  Seek source = *this;
  source.start = edge_in_source(start, plan, stream_zero);
  source.stop = edge_in_source(stop, plan, stream_zero);
  return source;
}

}  // namespace anim
