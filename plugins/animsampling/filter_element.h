// SPDX-License-Identifier: LGPL-2.1-or-later
// What the elements of this plugin have in common: one sink pad, one source pad, runs from READY to
// READY.
//
// Such an element derives from FilterElement<Impl>, is registered with register_filter<Impl>(), and
// has
//   static constexpr FilterKind kKind = {...};   static constexpr const char* kTypeName = "GstX";
//   explicit Impl(GstElement* self) : FilterElement(self) {}    may set further pad functions
//   void start();                        before the first data of a run
//   void stop();                         after the last
//   void interrupt();                    (optional) before the pads stop: nothing waits any more
//   bool take_event(Owned<GstEvent>);    one that came to the sink pad
//   GstFlowReturn chain(GstPad*, GstBuffer*);
// beside properties() as in glue/property.h.
#pragma once

#include <gst/gst.h>

#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"

namespace anim {

/// What an element is to others.
struct FilterKind {
  const char* factory;    ///< its name in pipelines
  const char* caps;       ///< of both pads
  const char* long_name;  ///< and what follows, as gst-inspect-1.0 shows it
  const char* description;
  const char* classification = "Filter/Video";
};

/// The base of the elements.
template <class Impl>
class FilterElement {
 public:
  using Parent = GstElement;
  using ParentClass = GstElementClass;
  static GType parent_type() { return GST_TYPE_ELEMENT; }

  explicit FilterElement(GstElement* self)
      : self_(self), sink_(glue::add_pad(self, "sink")), src_(glue::add_pad(self, "src")) {
    gst_pad_set_chain_function(sink_, (glue::pad_function<Impl, &Impl::chain>));
    gst_pad_set_event_function(sink_, (glue::pad_function<Impl, &FilterElement::sink_event>));
  }

  static void class_init(GstElementClass* klass) {
    constexpr FilterKind kKind = Impl::kKind;
    glue::install_properties<Impl>(klass);
    glue::add_pad_template(klass, "sink", GST_PAD_SINK, gst_caps_from_string(kKind.caps));
    glue::add_pad_template(klass, "src", GST_PAD_SRC, gst_caps_from_string(kKind.caps));
    gst_element_class_set_static_metadata(klass, kKind.long_name, kKind.classification,
                                          kKind.description, "The gst-plugins-anim developers");
    klass->change_state = glue::vfunc<Impl, &FilterElement::change_state>;
  }

  GstStateChangeReturn change_state(GstStateChange transition) {
    auto& element = static_cast<Impl&>(*this);
    if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) element.start();
    if constexpr (requires { element.interrupt(); }) {
      if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) element.interrupt();
    }
    const auto result = glue::parent_class<Impl>()->change_state(self_, transition);
    if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) element.stop();
    return result;
  }

  gboolean sink_event(GstPad* /*pad*/, GstEvent* event) {
    return static_cast<gboolean>(static_cast<Impl&>(*this).take_event(glue::adopt(event)));
  }

 protected:
  /// Sends an event downstream. False when it was refused.
  bool pass_on(glue::Owned<GstEvent> event) {
    return gst_pad_push_event(src_, event.release()) != FALSE;
  }

  GstElement* self_;
  GstPad* sink_;  // owned by self_
  GstPad* src_;   // owned by self_
};

/// Registers the element. False when GStreamer refuses the type.
template <class Impl>
[[nodiscard]] bool register_filter(GstPlugin* plugin) {
  return gst_element_register(plugin, Impl::kKind.factory, GST_RANK_NONE, glue::type<Impl>()) !=
         FALSE;
}

}  // namespace anim
