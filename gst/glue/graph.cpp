// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/graph.h"

#include <utility>

namespace anim {
namespace {

Status set_property(GstElement* element, const std::string& name, const std::string& value) {
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), name.c_str());
  if (spec == nullptr) {
    return Error{ErrorCode::Unsupported,
                 "the element " + std::string(GST_OBJECT_NAME(gst_element_get_factory(element))) +
                     " here has no property \"" + name + "\"",
                 {}};
  }
  // A path is no text to be parsed.
  if (spec->value_type == G_TYPE_STRING) {
    g_object_set(element, name.c_str(), value.c_str(), nullptr);
  } else {
    gst_util_set_object_arg(G_OBJECT(element), name.c_str(), value.c_str());
  }
  return success();
}

}  // namespace

Result<GstElement*> make_element(const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (element != nullptr) return element;
  return Error{ErrorCode::Unsupported,
               std::string("the element ") + factory +
                   " is not installed: GStreamer does not find it in its plugins",
               {}};
}

Result<GstElement*> make_from(const ElementSpec& spec) {
  auto element = make_element(spec.factory.c_str());
  if (!element) return element;
  for (const auto& [name, value] : spec.properties) {
    if (Status status = set_property(*element, name, value); !status) {
      gst_object_unref(*element);
      return status.error();
    }
  }
  return element;
}

Result<std::vector<GstElement*>> add_chain(GstBin* bin, const std::vector<ElementSpec>& specs) {
  std::vector<GstElement*> out;
  for (const ElementSpec& spec : specs) {
    auto element = make_from(spec);
    if (!element) return element.error();
    gst_bin_add(bin, *element);
    if (!out.empty() && gst_element_link(out.back(), *element) == FALSE) {
      return Error{ErrorCode::Internal, "cannot link " + spec.factory, {}};
    }
    out.push_back(*element);
  }
  return out;
}

void take_out(GstBin* bin, GstElement* element) {
  const auto kept = glue::share(element);
  gst_element_set_locked_state(element, TRUE);
  gst_element_set_state(element, GST_STATE_NULL);
  gst_bin_remove(bin, element);
}

bool is_inside(GstObject* object, GstElement* ancestor) {
  if (ancestor == nullptr) return false;
  return object == GST_OBJECT_CAST(ancestor) ||
         gst_object_has_as_ancestor(object, GST_OBJECT_CAST(ancestor)) != FALSE;
}

}  // namespace anim
