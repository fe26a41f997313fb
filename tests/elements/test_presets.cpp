// SPDX-License-Identifier: LGPL-2.1-or-later
// The presets of both encoders: where GStreamer finds them, what they set, and what they make.
#include <map>
#include <string>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"

namespace {

using namespace anim::glue;

/// Property and value as text, as in gst-launch.
using Values = std::map<std::string, std::string>;

struct Preset {
  const char* encoder;
  const char* name;
  Values sets;
};

const Preset kPresets[] = {
    {"animwebpenc", "fast", {{"speed", "1"}, {"preset", "none"}, {"content", "auto"}}},
    {"animwebpenc", "balanced", {{"speed", "4"}, {"preset", "none"}, {"content", "auto"}}},
    {"animwebpenc", "best", {{"speed", "6"}, {"preset", "none"}, {"content", "auto"}}},
    {"animwebpenc", "screen", {{"speed", "4"}, {"preset", "text"}, {"content", "screen"}}},
    {"animgifenc", "fast", {{"colors", "128"}, {"dither", "none"}, {"lossy", "50"}}},
    {"animgifenc", "balanced", {{"colors", "256"}, {"dither", "auto"}, {"lossy", "50"}}},
    {"animgifenc", "best", {{"colors", "256"}, {"dither", "floyd-steinberg"}, {"lossy", "0"}}},
    {"animgifenc", "screen", {{"colors", "256"}, {"dither", "none"}, {"lossy", "50"}}},
};

Owned<GstElement> make(const char* factory) {
  return adopt(
      static_cast<GstElement*>(gst_object_ref_sink(gst_element_factory_make(factory, nullptr))));
}

std::string value_of(GstElement* element, const char* property) {
  const GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), property);
  REQUIRE(spec != nullptr);
  GValue value = G_VALUE_INIT;
  g_value_init(&value, spec->value_type);
  g_object_get_property(G_OBJECT(element), property, &value);
  std::string text;
  if (G_VALUE_HOLDS_ENUM(&value)) {
    text =
        g_enum_get_value(G_PARAM_SPEC_ENUM(spec)->enum_class, g_value_get_enum(&value))->value_nick;
  } else {
    const auto serialized = adopt(gst_value_serialize(&value));
    text = serialized ? serialized.get() : "";
  }
  g_value_unset(&value);
  return text;
}

/// Every property that can be set, as text.
Values all_values(GstElement* element) {
  Values out;
  guint count = 0;
  GParamSpec** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  for (guint i = 0; i < count; ++i) {
    const bool is_ours = specs[i]->owner_type == G_OBJECT_TYPE(element);
    const bool is_set = is_ours && (specs[i]->flags & G_PARAM_WRITABLE) != 0;
    if (is_set) out[specs[i]->name] = value_of(element, specs[i]->name);
  }
  g_free(specs);
  return out;
}

}  // namespace

TEST_CASE("GStreamer finds the four") {
  for (const char* encoder : {"animwebpenc", "animgifenc"}) {
    const auto element = make(encoder);
    gchar** names = gst_preset_get_preset_names(GST_PRESET(element.get()));
    REQUIRE(names != nullptr);
    for (const char* name : {"fast", "balanced", "best", "screen"}) {
      CAPTURE(name);
      CHECK(g_strv_contains(names, name));
      gchar* comment = nullptr;
      CHECK(gst_preset_get_meta(GST_PRESET(element.get()), name, "comment", &comment));
      CHECK(adopt(comment));
    }
    g_strfreev(names);
  }
}

TEST_CASE("each sets what it says, whatever was loaded before, and leaves the rest alone") {
  for (const Preset& before : kPresets) {
    for (const Preset& preset : kPresets) {
      if (std::string(before.encoder) != preset.encoder) continue;
      CAPTURE(preset.encoder);
      CAPTURE(preset.name);
      const auto element = make(preset.encoder);
      gst_util_set_object_arg(G_OBJECT(element.get()), "quality", "61");
      gst_util_set_object_arg(G_OBJECT(element.get()), "n-threads", "3");
      Values expected = all_values(element.get());
      for (const auto& [name, value] : preset.sets) expected[name] = value;
      REQUIRE(gst_preset_load_preset(GST_PRESET(element.get()), before.name));
      REQUIRE(gst_preset_load_preset(GST_PRESET(element.get()), preset.name));
      CHECK(all_values(element.get()) == expected);
    }
  }
}

TEST_CASE("balanced is the default") {
  for (const char* encoder : {"animwebpenc", "animgifenc"}) {
    const auto element = make(encoder);
    const Values fresh = all_values(element.get());
    REQUIRE(gst_preset_load_preset(GST_PRESET(element.get()), "balanced"));
    CHECK(all_values(element.get()) == fresh);
  }
}

TEST_CASE("each encodes, as gst-launch loads it") {
  for (const Preset& preset : kPresets) {
    CAPTURE(preset.encoder);
    CAPTURE(preset.name);
    const std::string text =
        std::string("videotestsrc num-buffers=3 ! video/x-raw,width=64,height=48 ! ") +
        preset.encoder + " @preset=" + preset.name + " name=encoder ! fakesink";
    const auto pipeline =
        adopt(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(text.c_str(), nullptr))));
    const auto encoder = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "encoder"));
    REQUIRE(encoder);
    for (const auto& [name, value] : preset.sets) {
      CHECK(value_of(encoder.get(), name.c_str()) == value);
    }
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const auto bus = adopt(gst_element_get_bus(pipeline.get()));
    const auto end = adopt(gst_bus_timed_pop_filtered(
        bus.get(), 60 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    REQUIRE(end);
    CHECK(GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS);
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    GstStructure* raw = nullptr;
    g_object_get(encoder.get(), "stats", &raw, nullptr);
    guint64 frames = 0;
    CHECK(gst_structure_get_uint64(adopt(raw).get(), "frames-in", &frames));
    CHECK(frames == 3);
  }
}
