// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/graph.h"

#include <utility>

namespace anim {

Result<GstElement*> make_element(const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (element != nullptr) return element;
  return Error{ErrorCode::Unsupported,
               std::string("the element ") + factory +
                   " is not installed: GStreamer does not find it in its plugins",
               {}};
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
