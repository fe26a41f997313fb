// SPDX-License-Identifier: LGPL-2.1-or-later
// The fitscale element: negotiation, tags and settings around a Conversion.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <gst/video/gstvideofilter.h>
#include <gst/video/video.h>

#include "gst/core/fit.h"
#include "gst/core/orient.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "plugins/animscale/conversion.h"

namespace anim {

enum class ToneMap { Auto, Off };

class FitScale {
 public:
  using Parent = GstVideoFilter;
  using ParentClass = GstVideoFilterClass;
  static constexpr const char* kTypeName = "GstFitScale";
  static GType parent_type() { return GST_TYPE_VIDEO_FILTER; }
  static void class_init(GstVideoFilterClass* klass);
  static const std::vector<glue::Property<FitScale>>& properties();

  struct Settings {
    double width = 0;
    double height = 0;
    ScaleType scale_type = ScaleType::Stretch;
    unsigned background = 0xFF000000;
    GstVideoResamplerMethod method = GST_VIDEO_RESAMPLER_METHOD_LANCZOS;
    bool enlarge = true;
    bool auto_orient = true;
    ToneMap tone_map = ToneMap::Auto;
    unsigned n_threads = 0;
  };
  glue::Guarded<Settings> settings;

  explicit FitScale(GstVideoFilter* self);

  void property_changed(const char* name);

 private:
  /// What the streaming thread knows of the stream.
  struct State {
    std::optional<Orientation> stream_orientation;
    std::optional<Orientation> global_orientation;
    std::optional<Size> canvas;  ///< of the first frame; kept when the input changes
    glue::Owned<GstCaps> caps;   ///< of the first frame
    glue::Owned<GstCaps> input;  ///< the current ones
    bool warned_of_interlacing = false;
  };

  gboolean start();
  gboolean stop();
  gboolean query(GstPadDirection direction, GstQuery* query);
  gboolean sink_event(GstEvent* event);
  GstCaps* transform_caps(GstPadDirection direction, GstCaps* caps, GstCaps* filter);
  GstCaps* fixate_caps(GstPadDirection direction, GstCaps* caps, GstCaps* othercaps);
  gboolean set_info(GstCaps* incaps, GstVideoInfo* in, GstCaps* outcaps, GstVideoInfo* out);
  GstFlowReturn submit_input_buffer(gboolean is_discont, GstBuffer* buffer);
  GstFlowReturn transform_frame(GstVideoFrame* in, GstVideoFrame* out);

  [[nodiscard]] bool is_tone_mapped(const GstCaps* caps) const;
  [[nodiscard]] std::optional<Hdr> hdr_of(const GstCaps* caps, const GstVideoInfo& info) const;
  [[nodiscard]] Orientation orientation() const;
  [[nodiscard]] Size upright_size(const GstVideoInfo& info) const;
  [[nodiscard]] Result<Size> canvas(const GstVideoInfo& in, const GstCaps* possible) const;
  GstEvent* read_tags(GstEvent* event);
  void rebuild();
  void warn_of_interlacing(const GstVideoInfo& in);
  GstElement* element() { return GST_ELEMENT(self_); }

  GstVideoFilter* self_;
  State state_;
  std::mutex negotiation_;  ///< held by allocation queries: GStreamer lets them in while pads stop
  bool is_started_ = false;
  std::atomic<bool> forget_canvas_ = false;
  // The base class does not configure again for equal caps, so what changes pictures but not caps
  // (a method, a rotation by 180 degrees) is noted here and taken up at the next frame.
  std::atomic<bool> is_stale_ = false;
  std::unique_ptr<Conversion> conversion_;  // none in passthrough
};

}  // namespace anim
