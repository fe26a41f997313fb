// SPDX-License-Identifier: LGPL-2.1-or-later
// What the elements that make animated images have in common: pads, times, conversion, output.
//
// An encoder element derives from AnimationElement, is registered with type<Impl>(), and has
//   static constexpr AnimationKind kKind = {...};
//   static void class_init(GstElementClass* klass) { init_animation_class<Impl>(klass); ... }
//   explicit Impl(GstElement* self) : AnimationElement(self, kKind, pad_functions<Impl>()) {}
// and says by overriding which pictures its codec takes and how the codec is made.
// Not a GstVideoEncoder: that one wants a buffer out for a frame in, and posts QOS for the others.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>
#include <gst/video/video.h>

#include "gst/core/animation.h"
#include "gst/core/frame_times.h"
#include "gst/core/sized_animation.h"
#include "gst/glue/animation_caps.h"
#include "gst/glue/animation_output.h"
#include "gst/glue/element.h"
#include "gst/glue/picture_converter.h"
#include "gst/glue/property.h"

namespace anim::glue {

/// What the properties say of an animation as a whole.
struct AnimationWishes {
  double quality = 0;
  std::uint64_t target_size = 0;  ///< bytes at most, whatever quality that takes; 0 = any
  std::string spool_folder;       ///< for temporary files; empty = in memory or the system's
};

/// The base of the encoder elements.
class AnimationElement {
 public:
  using Parent = GstElement;
  using ParentClass = GstElementClass;
  static GType parent_type() { return GST_TYPE_ELEMENT; }
  static void add_interfaces(GType type);

  struct PadFunctions {
    GstPadChainFunction chain;
    GstPadEventFunction event;
    GstPadQueryFunction query;
  };

  AnimationElement(GstElement* self, const AnimationKind& kind, const PadFunctions& functions);
  AnimationElement(const AnimationElement&) = delete;
  AnimationElement& operator=(const AnimationElement&) = delete;
  virtual ~AnimationElement() = default;

  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  gboolean sink_event(GstPad* pad, GstEvent* event);
  gboolean sink_query(GstPad* pad, GstQuery* query);
  GstStateChangeReturn change_state(GstStateChange transition);

  /// For the read-only property `stats`; of the latest animation, also after its end.
  GstStructure* stats();

 protected:
  /// The pictures that the codec takes for a stream of `source`.
  [[nodiscard]] virtual PixelFormat picture_format(const GstVideoInfo& source) const = 0;

  [[nodiscard]] virtual AnimationWishes wishes() const = 0;

  /// What the stream's tags have said so far; null without any. The stream's own come before those
  /// of the whole.
  [[nodiscard]] const GstTagList* tags() const { return tags_.get(); }
  void warn(const Error& warning) const;

  /// Makes the codec of an animation of this canvas, with the properties as they are now.
  [[nodiscard]] virtual EncoderAt encoder_at(Size canvas, bool has_alpha) const = 0;

 private:
  /// One animation, from its first frame to the end of the stream.
  struct Running {
    std::unique_ptr<AnimationEncoder> encoder;
    AnimationOutput output;
    FrameTimes times;
    bool has_alpha;
  };
  /// A piece of the running time; `length` only where the stream says it.
  struct Span {
    Nanoseconds start;
    std::optional<Nanoseconds> length;
  };
  enum class Clipped { Inside, Outside };

  bool set_caps(GstCaps* caps);
  Status take_caps(GstCaps* caps);
  bool set_segment(GstEvent* event);
  void push_caps();
  bool end();
  void hold(GstEvent* gap);
  void note_tags(GstEvent* event);
  void reset();

  GstFlowReturn encode(GstBuffer* buffer);
  bool narrow(MappedFrame& frame) const;
  Status begin();
  Result<std::unique_ptr<AnimationEncoder>> make_encoder(const AnimationWishes& wishes);
  [[nodiscard]] bool is_flushing() const;
  GstFlowReturn finish();
  GstFlowReturn deliver(Result<Bytes> bytes);
  GstFlowReturn outcome(const AnimationOutput::Sent& sent);
  GstFlowReturn refuse(const Error& error);
  Clipped clip(GstClockTime start, GstClockTime length, std::optional<Span>& span) const;
  [[nodiscard]] std::optional<Nanoseconds> nominal_distance() const;

  GstElement* self_;
  AnimationKind kind_;
  GstPad* sink_;
  GstPad* source_;

  // The streaming thread's; others only while it is stopped.
  GstSegment segment_{};
  std::optional<GstVideoInfo> info_;
  PictureConverter converter_;
  std::optional<Running> running_;
  bool failed_ = false;
  Owned<GstTagList> tags_;
  std::vector<Owned<GstEvent>> waiting_events_;  ///< those that came before ours could go first

  Guarded<AnimationStats> stats_;
};

/// The pad functions of `Impl`, to give to the constructor.
template <class Impl>
AnimationElement::PadFunctions pad_functions() {
  return {pad_function<Impl, &AnimationElement::chain>,
          pad_function<Impl, &AnimationElement::sink_event>,
          pad_function<Impl, &AnimationElement::sink_query>};
}

/// The part of class_init that is the same for all.
template <class Impl>
void init_animation_class(GstElementClass* klass) {
  add_animation_pads(klass, Impl::kKind);
  klass->change_state = vfunc<Impl, &AnimationElement::change_state>;
}

}  // namespace anim::glue
