// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoded video made small before it is kept: sampled at the clips' Interval, on the stream's own
// grid, and scaled to their size.
#pragma once

#include <functional>
#include <optional>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/task.h"
#include "gst/core/timing.h"
#include "gst/glue/handle.h"

namespace anim {

/// Of the streaming thread. Two elements by themselves, between two pads of ours.
class RawReduction {
 public:
  /// Gets the small pictures, in push().
  struct Taker {
    std::function<bool(GstCaps*)> caps;
    std::function<GstFlowReturn(GstBuffer*, const GstSegment&)> picture;
  };

  explicit RawReduction(Taker taker);
  RawReduction(const RawReduction&) = delete;
  RawReduction& operator=(const RawReduction&) = delete;
  ~RawReduction();

  /// `length`: of a clip. Unsupported for Mode key, which needs encoded video.
  [[nodiscard]] Status make(const AnimationRequest& look, Nanoseconds length);

  /// Pictures are `caps` from here on. False when they cannot be scaled.
  [[nodiscard]] bool set_caps(GstCaps* caps);

  /// The next picture (borrowed), in `segment`. An error's reason is in error().
  [[nodiscard]] GstFlowReturn push(GstBuffer* picture, const GstSegment& segment);

  /// Gives out the picture that is held back.
  void drain();

  /// Nothing that came before counts.
  void restart();

  /// What the elements said of the last failure.
  [[nodiscard]] Error error();

 private:
  static GstFlowReturn take(GstPad* pad, GstObject* parent, GstBuffer* buffer);
  static gboolean take_event(GstPad* pad, GstObject* parent, GstEvent* event);
  [[nodiscard]] Status connect();
  void begin_stream();

  Taker taker_;
  glue::Owned<GstElement> sampler_;
  glue::Owned<GstElement> scaler_;
  glue::Owned<GstBus> bus_;
  glue::Owned<GstPad> feed_;
  glue::Owned<GstPad> drain_;
  glue::Owned<GstCaps> caps_;
  GstSegment given_{};  ///< as it was sent
  GstSegment segment_{};
  std::optional<GstClockTime> newest_;  ///< of the pictures given out
};

}  // namespace anim
