// SPDX-License-Identifier: LGPL-2.1-or-later
// The element animclipsink; animclipsink.cpp describes it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <gst/base/gstbasesink.h>
#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/timing.h"
#include "gst/glue/property.h"
#include "plugins/animclip/captures.h"
#include "plugins/animclip/intake.h"
#include "plugins/animclip/raw_reduction.h"
#include "plugins/animclip/settings.h"
#include "plugins/animclip/trigger.h"

namespace anim {

//   units ---------------------> Intake (their roles and times) -> Captures
//   pictures -> RawReduction ---^
class AnimClipSink {
 public:
  using Parent = GstBaseSink;
  using ParentClass = GstBaseSinkClass;
  using Settings = ClipSettings;
  static constexpr const char* kTypeName = "GstAnimClipSink";
  static GType parent_type() { return GST_TYPE_BASE_SINK; }

  glue::Guarded<Settings> settings;

  explicit AnimClipSink(GstBaseSink* self);
  static const std::vector<glue::Property<AnimClipSink>>& properties();
  static void class_init(GstBaseSinkClass* klass);
  void property_changed(const char* name);

  GstStateChangeReturn change_state(GstStateChange transition);
  gboolean set_caps(GstCaps* caps);
  gboolean event(GstEvent* event);
  gboolean send_event(GstEvent* event);
  gboolean unlock();
  gboolean unlock_stop();
  GstFlowReturn render(GstBuffer* buffer);
  GstStructure* stats();

 private:
  static void get_times(GstBaseSink* sink, GstBuffer* buffer, GstClockTime* start,
                        GstClockTime* end);
  static guint on_capture(GstElement* element, const gchar* location, guint64 running_time);
  [[nodiscard]] Status begin();
  [[nodiscard]] GstElement* element() const { return GST_ELEMENT(self_); }
  [[nodiscard]] std::optional<ClockReading> clock() const;
  [[nodiscard]] std::optional<Nanoseconds> now() const;
  guint capture(const Trigger& trigger, std::optional<Nanoseconds> now);
  [[nodiscard]] bool begin_pictures(GstCaps* caps);
  [[nodiscard]] GstFlowReturn take(GstBuffer* buffer, const GstSegment& segment);
  [[nodiscard]] bool finish();

  GstBaseSink* self_;
  std::shared_ptr<Captures> captures_;
  std::mutex changing_;

  // Of the streaming thread.
  Intake intake_;
  std::unique_ptr<RawReduction> reduction_;  ///< while the stream is decoded video
};

/// False when GStreamer refuses the type.
[[nodiscard]] bool register_animclipsink(GstPlugin* plugin);

}  // namespace anim
