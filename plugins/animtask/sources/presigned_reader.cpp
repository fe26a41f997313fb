// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/presigned_reader.h"

namespace anim {
namespace {

constexpr guint kLocation = 1;
constexpr const char* kShownKey = "anim-shown-location";

// The property of the derived class hides that of souphttpsrc; both of its sides are here.
void get_location(GObject* object, guint /*id*/, GValue* value, GParamSpec* /*spec*/) {
  g_value_set_string(value, static_cast<const char*>(g_object_get_data(object, kShownKey)));
}

void class_init(gpointer klass, gpointer /*data*/) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_location;
  g_object_class_install_property(
      object_class, kLocation,
      g_param_spec_string("location", "location", "What is read; its signature is not shown",
                          nullptr,
                          static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

// A class on top of souphttpsrc's, which only its plugin has.
GType derived_type(GType parent) {
  GTypeQuery query;
  g_type_query(parent, &query);
  GTypeInfo info{};
  info.class_size = static_cast<guint16>(query.class_size);
  info.class_init = class_init;
  info.instance_size = static_cast<guint16>(query.instance_size);
  return g_type_register_static(parent, "GstAnimPresignedSrc", &info, GTypeFlags{});
}

// 0 where GStreamer has no souphttpsrc.
GType reader_type() {
  static const GType type = [] {
    GstElementFactory* factory = gst_element_factory_find("souphttpsrc");
    if (factory == nullptr) return GType{0};
    GstPluginFeature* loaded = gst_plugin_feature_load(GST_PLUGIN_FEATURE(factory));
    gst_object_unref(factory);
    if (loaded == nullptr) return GType{0};
    const GType parent = gst_element_factory_get_element_type(GST_ELEMENT_FACTORY(loaded));
    gst_object_unref(loaded);
    return derived_type(parent);
  }();
  return type;
}

}  // namespace

Result<GstElement*> make_presigned_reader(const std::string& url, const std::string& shown) {
  if (reader_type() == 0) {
    return Error{ErrorCode::Unsupported,
                 "\"" + shown +
                     "\" cannot be read here: there is no element souphttpsrc (on Debian, "
                     "gstreamer1.0-plugins-good has it)",
                 {}};
  }
  auto* made = GST_ELEMENT(g_object_new(reader_type(), "automatic-redirect", FALSE, nullptr));
  g_object_set_data_full(G_OBJECT(made), kShownKey, g_strdup(shown.c_str()), g_free);
  if (gst_uri_handler_set_uri(GST_URI_HANDLER(made), url.c_str(), nullptr) != FALSE) return made;
  gst_object_unref(made);
  return Error{ErrorCode::Internal, "\"" + shown + "\" has no URL that can be read", {}};
}

std::string without_queries(const std::string& text) {
  std::string out;
  bool skips = false;
  for (const char c : text) {
    if (c == '?') skips = true;
    if (c == ' ' || c == ',' || c == '"' || c == '\n') skips = false;
    if (!skips) out += c;
  }
  return out;
}

}  // namespace anim
