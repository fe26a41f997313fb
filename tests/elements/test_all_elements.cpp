// SPDX-License-Identifier: LGPL-2.1-or-later
// What holds for every element of ours: it walks through all states, and every property can be set
// over its whole range and read back.
#include <cstdlib>
#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"

namespace {

using anim::glue::adopt;
using anim::glue::Owned;

/// The names of the elements whose plugin lies in the build.
std::vector<std::string> our_elements() {
  const std::string build = std::getenv("ANIM_BUILD");
  std::vector<std::string> names;
  GList* features = gst_registry_get_feature_list(gst_registry_get(), GST_TYPE_ELEMENT_FACTORY);
  for (GList* item = features; item != nullptr; item = item->next) {
    auto* feature = GST_PLUGIN_FEATURE(item->data);
    GstPlugin* plugin = gst_plugin_feature_get_plugin(feature);
    if (plugin == nullptr) continue;
    const gchar* file = gst_plugin_get_filename(plugin);
    if (file != nullptr && std::string(file).starts_with(build)) {
      names.emplace_back(gst_plugin_feature_get_name(feature));
    }
    gst_object_unref(plugin);
  }
  gst_plugin_feature_list_free(features);
  return names;
}

Owned<GstElement> make(const std::string& name) {
  GstElement* element = gst_element_factory_make(name.c_str(), nullptr);
  REQUIRE(element != nullptr);
  return adopt(GST_ELEMENT(gst_object_ref_sink(element)));
}

/// A bin refuses to run without a task; everything else reaches PAUSED by itself.
bool needs_settings(const std::string& name) {
  return name == "animtaskbin";
}

/// Values at both ends of a property's range, and its default.
std::vector<GValue> values_of(GParamSpec* spec) {
  std::vector<GValue> out;
  const auto add = [&](auto set) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, spec->value_type);
    set(&value);
    out.push_back(value);
  };
  add([&](GValue* value) { g_param_value_set_default(spec, value); });
  if (G_IS_PARAM_SPEC_UINT(spec)) {
    add([&](GValue* v) { g_value_set_uint(v, G_PARAM_SPEC_UINT(spec)->minimum); });
    add([&](GValue* v) { g_value_set_uint(v, G_PARAM_SPEC_UINT(spec)->maximum); });
  } else if (G_IS_PARAM_SPEC_INT(spec)) {
    add([&](GValue* v) { g_value_set_int(v, G_PARAM_SPEC_INT(spec)->minimum); });
    add([&](GValue* v) { g_value_set_int(v, G_PARAM_SPEC_INT(spec)->maximum); });
  } else if (G_IS_PARAM_SPEC_UINT64(spec)) {
    add([&](GValue* v) { g_value_set_uint64(v, G_PARAM_SPEC_UINT64(spec)->minimum); });
    add([&](GValue* v) { g_value_set_uint64(v, G_PARAM_SPEC_UINT64(spec)->maximum); });
  } else if (G_IS_PARAM_SPEC_FLOAT(spec)) {
    add([&](GValue* v) { g_value_set_float(v, G_PARAM_SPEC_FLOAT(spec)->minimum); });
    add([&](GValue* v) { g_value_set_float(v, G_PARAM_SPEC_FLOAT(spec)->maximum); });
  } else if (G_IS_PARAM_SPEC_BOOLEAN(spec)) {
    add([&](GValue* v) { g_value_set_boolean(v, TRUE); });
    add([&](GValue* v) { g_value_set_boolean(v, FALSE); });
  } else if (G_IS_PARAM_SPEC_ENUM(spec)) {
    const GEnumClass* values = G_PARAM_SPEC_ENUM(spec)->enum_class;
    for (guint i = 0; i < values->n_values; ++i) {
      add([&](GValue* v) { g_value_set_enum(v, values->values[i].value); });
    }
  } else if (G_IS_PARAM_SPEC_STRING(spec)) {
    add([&](GValue* v) { g_value_set_string(v, "some text"); });
  } else if (GST_IS_PARAM_SPEC_FRACTION(spec)) {
    add([&](GValue* v) { gst_value_set_fraction(v, 30000, 1001); });
  }
  return out;
}

void sweep(GstElement* element, GParamSpec* spec) {
  for (GValue& value : values_of(spec)) {
    g_object_set_property(G_OBJECT(element), spec->name, &value);
    GValue read = G_VALUE_INIT;
    g_value_init(&read, spec->value_type);
    g_object_get_property(G_OBJECT(element), spec->name, &read);
    CHECK(g_param_values_cmp(spec, &value, &read) == 0);
    g_value_unset(&read);
    g_value_unset(&value);
  }
}

}  // namespace

TEST_CASE("our elements are found") {
  CHECK(our_elements().size() >= 5);
}

TEST_CASE("every element walks through all states, twice") {
  for (const std::string& name : our_elements()) {
    if (needs_settings(name)) continue;
    CAPTURE(name);
    const auto element = make(name);
    for (int round = 0; round < 2; ++round) {
      for (const GstState state : {GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING,
                                   GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_NULL}) {
        CHECK(gst_element_set_state(element.get(), state) != GST_STATE_CHANGE_FAILURE);
      }
    }
  }
}

TEST_CASE("every property is set over its range and read") {
  for (const std::string& name : our_elements()) {
    CAPTURE(name);
    const auto element = make(name);
    guint count = 0;
    GParamSpec** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element.get()), &count);
    for (guint i = 0; i < count; ++i) {
      GParamSpec* spec = specs[i];
      CAPTURE(spec->name);
      // A base class's own are its own affair.
      if (spec->owner_type != G_OBJECT_TYPE(element.get())) continue;
      if ((spec->flags & G_PARAM_READABLE) == 0) continue;
      if ((spec->flags & G_PARAM_WRITABLE) != 0) {
        sweep(element.get(), spec);
        continue;
      }
      GValue value = G_VALUE_INIT;
      g_value_init(&value, spec->value_type);
      g_object_get_property(G_OBJECT(element.get()), spec->name, &value);
      g_value_unset(&value);
    }
    g_free(specs);
  }
}
