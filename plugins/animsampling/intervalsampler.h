// SPDX-License-Identifier: LGPL-2.1-or-later
// The element intervalsampler; intervalsampler.cpp describes it.
#pragma once

#include <vector>

#include <gst/gst.h>

#include "gst/core/sampling.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "plugins/animsampling/decoder_skip.h"
#include "plugins/animsampling/filter_element.h"
#include "plugins/animsampling/held_frame.h"
#include "plugins/animsampling/input_segment.h"
#include "plugins/animsampling/key_times.h"
#include "plugins/animsampling/sample_output.h"
#include "plugins/animsampling/settings.h"
#include "plugins/animsampling/stream_progress.h"

namespace anim {

//   frames -> InputSegment, FrameClock (their times) -> Sampler (which are samples)
//          -> HeldFrame (until its end is known) -> SampleOutput
class IntervalSampler : public FilterElement<IntervalSampler> {
 public:
  using Settings = SamplingSettings;
  static constexpr const char* kTypeName = "GstIntervalSampler";
  static constexpr FilterKind kKind = {
      .factory = "intervalsampler",
      .caps = "video/x-raw(ANY)",
      .long_name = "Interval sampler",
      .description = "Takes the frames on screen at regular moments and plays them at a rate"};

  glue::Guarded<Settings> settings;

  explicit IntervalSampler(GstElement* self);
  static const std::vector<glue::Property<IntervalSampler>>& properties();

  void start();
  void stop();
  bool take_event(glue::Owned<GstEvent> event);
  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  gboolean src_event(GstPad* pad, GstEvent* event);
  gboolean sink_query(GstPad* pad, GstQuery* query);
  gboolean src_query(GstPad* pad, GstQuery* query);
  GstStructure* stats() { return progress_.stats(); }

 private:
  void start_over();
  GstFlowReturn drain();
  [[nodiscard]] Run last_run();
  GstFlowReturn push_held(const Run& run);

  bool take_flush_stop(glue::Owned<GstEvent> event);
  bool take_stream_start(glue::Owned<GstEvent> event);
  bool take_segment(glue::Owned<GstEvent> event);
  bool take_caps(glue::Owned<GstEvent> event);
  bool take_eos(glue::Owned<GstEvent> event);
  bool take_segment_done(glue::Owned<GstEvent> event);

  bool take_pause(GstEvent* event);
  bool pass_key_event(glue::Owned<GstEvent> event);
  [[nodiscard]] bool takes_keys() const { return now_.mode == SamplerMode::Key; }
  [[nodiscard]] Nanoseconds time_of(GstBuffer* buffer);
  [[nodiscard]] GstFlowReturn fail_without_keys();
  void remember_zero(GstBuffer* buffer);
  [[nodiscard]] Nanoseconds output_start() const;
  bool seek(glue::Owned<GstEvent> event);

  StreamProgress progress_;

  // Of the streaming thread.
  Settings now_;  ///< the settings since start or the last flush
  InputSegment input_;
  FrameClock clock_;
  Sampler sampler_{SamplingPlan{}};
  KeyTimes keys_;
  bool is_held_key_ = false;  ///< the frame held is a random access point
  HeldFrame held_;
  SampleOutput output_;
  DecoderSkip skip_;
  bool is_input_over_ = false;  ///< EOS has come
  bool has_warned_ = false;
};

/// False when GStreamer refuses the type.
[[nodiscard]] bool register_intervalsampler(GstPlugin* plugin);

}  // namespace anim
