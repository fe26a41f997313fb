// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/gate.h"

#include <utility>
#include <vector>

namespace anim {
namespace {

GstStructure* structure_of(const ElementSpec& gate) {
  return gst_structure_from_string(wanted_text(gate).c_str(), nullptr);
}

void set_samplers(GstElement* gate, const std::vector<ElementSpec>& gates) {
  GValue wanted = G_VALUE_INIT;
  g_value_init(&wanted, GST_TYPE_ARRAY);
  for (const ElementSpec& spec : gates) {
    GValue sampler = G_VALUE_INIT;
    g_value_init(&sampler, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&sampler, structure_of(spec));
    gst_value_array_append_and_take_value(&wanted, &sampler);
  }
  g_object_set_property(G_OBJECT(gate), "wanted", &wanted);
  g_value_unset(&wanted);
}

}  // namespace

void set_wanted(GstElement* gate, const Task& task, const TimelinePart& part,
                const StreamFacts& stream, bool is_measured) {
  std::vector<ElementSpec> all;
  for (const AnimationRequest& request : task.animations) {
    for (ElementSpec& spec : gate_specs(part, request, stream)) all.push_back(std::move(spec));
  }
  set_samplers(gate, all);
  if (!is_measured) return;
  const Nanoseconds end = part.stop.value_or(Nanoseconds::max());
  g_object_set(gate, "keep-end", static_cast<guint64>(end.count()), nullptr);
}

void want_first_picture(GstElement* gate) {
  set_samplers(gate, {{"samplegate", {{"max-frames", "1"}}}});
}

std::uint64_t units_left_out(GstElement* gate) {
  GstStructure* stats = nullptr;
  g_object_get(gate, "stats", &stats, nullptr);
  std::uint64_t all = 0;
  for (const char* reason : {"dropped-disposable", "dropped-unused", "dropped-after-end"}) {
    guint64 units = 0;
    gst_structure_get_uint64(stats, reason, &units);
    all += units;
  }
  gst_structure_free(stats);
  return all;
}

}  // namespace anim
