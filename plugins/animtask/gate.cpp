// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/gate.h"

#include <string>

#include "gst/core/chain.h"

namespace anim {
namespace {

// The properties of a samplegate as one entry of `wanted`.
GstStructure* structure_of(const ElementSpec& gate) {
  std::string text = "sampler";
  for (const auto& [name, value] : gate.properties) {
    text.append(", ").append(name).append(name == "rate" ? "=(fraction)" : "=(guint64)");
    text.append(value);
  }
  return gst_structure_from_string(text.c_str(), nullptr);
}

}  // namespace

void set_wanted(GstElement* gate, const Task& task, std::optional<Rational> unit_rate) {
  GValue wanted = G_VALUE_INIT;
  g_value_init(&wanted, GST_TYPE_ARRAY);
  for (const AnimationRequest& request : task.animations) {
    GValue sampler = G_VALUE_INIT;
    g_value_init(&sampler, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&sampler, structure_of(gate_spec(task.sources.front(), request, unit_rate)));
    gst_value_array_append_and_take_value(&wanted, &sampler);
  }
  g_object_set_property(G_OBJECT(gate), "wanted", &wanted);
  g_value_unset(&wanted);
}

}  // namespace anim
