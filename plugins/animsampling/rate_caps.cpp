// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/rate_caps.h"

#include <optional>

namespace anim {
namespace {

using namespace glue;

Owned<GstCaps> with_any_rate(const GstCaps* caps) {
  auto out = adopt(gst_caps_copy(caps));
  for (guint i = 0; i < gst_caps_get_size(out.get()); ++i) {
    gst_structure_remove_fields(gst_caps_get_structure(out.get(), i), "framerate", "max-framerate",
                                nullptr);
  }
  return out;
}

// In the filter's order, which is the asker's preference.
Owned<GstCaps> filtered(Owned<GstCaps> caps, GstCaps* filter) {
  if (filter == nullptr) return caps;
  return adopt(gst_caps_intersect_full(filter, caps.get(), GST_CAPS_INTERSECT_FIRST));
}

}  // namespace

Rational frame_distance(const GstCaps* caps) {
  gint num = 0;
  gint den = 1;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  if (gst_structure_get_fraction(structure, "framerate", &num, &den) == FALSE || num <= 0) return 0;
  return Rational(den, num).times(kSecond).value_or(0);
}

Rational frame_distance(GstPad* pad) {
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  return caps ? frame_distance(caps.get()) : Rational(0);
}

// Every frame at its own time has the source's rate.
bool RateCaps::renames_rate() const {
  if (!plan_.takes_every_frame() || plan_.keys_alone) return true;
  return retime_ && (!plan_.keeps_source_timing() || plan_.speed != Rational(1));
}

void RateCaps::write_rate(GstStructure* structure) const {
  const auto rate = retime_ ? plan_.output_rate() : std::nullopt;
  const Rational shown = rate.value_or(0);  // 0/1: variable
  gst_structure_set(structure, "framerate", GST_TYPE_FRACTION, static_cast<gint>(shown.num()),
                    static_cast<gint>(shown.den()), nullptr);
  gst_structure_remove_field(structure, "max-framerate");
}

Owned<GstCaps> RateCaps::with_output_rate(const GstCaps* caps) const {
  auto out = adopt(gst_caps_copy(caps));
  for (guint i = 0; renames_rate() && i < gst_caps_get_size(out.get()); ++i) {
    write_rate(gst_caps_get_structure(out.get(), i));
  }
  return out;
}

Owned<GstCaps> RateCaps::upstream_may_send(GstPad* sink, GstPad* src, GstCaps* filter) const {
  const auto own = adopt(gst_pad_get_pad_template_caps(sink));
  const auto wanted = with_output_rate(own.get());
  auto taken = adopt(gst_pad_peer_query_caps(src, wanted.get()));
  if (renames_rate()) taken = with_any_rate(taken.get());
  return filtered(adopt(gst_caps_intersect(taken.get(), own.get())), filter);
}

Owned<GstCaps> RateCaps::downstream_may_get(GstPad* sink, GstPad* src, GstCaps* filter) const {
  const auto own = adopt(gst_pad_get_pad_template_caps(src));
  const auto given = adopt(gst_pad_peer_query_caps(sink, own.get()));
  return filtered(with_output_rate(given.get()), filter);
}

}  // namespace anim
