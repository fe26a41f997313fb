// SPDX-License-Identifier: LGPL-2.1-or-later
// The element samplegate; samplegate.cpp describes it.
#pragma once

#include <optional>
#include <vector>

#include <gst/gst.h>

#include "gst/core/unit_gate.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "gst/glue/unit_format.h"
#include "plugins/animsampling/filter_element.h"
#include "plugins/animsampling/gap_seek.h"
#include "plugins/animsampling/gate_settings.h"
#include "plugins/animsampling/unit_counts.h"
#include "plugins/animsampling/unit_input.h"
#include "plugins/animsampling/unit_output.h"
#include "plugins/animsampling/waiting_units.h"

namespace anim {

//   units -> UnitInput (roles, times) -> UnitGate -> decisions
//         -> WaitingUnits (in order, with the events between them) -> UnitOutput (passed or
//         dropped)
class SampleGate : public FilterElement<SampleGate> {
 public:
  using Settings = GateSettings;
  static constexpr const char* kTypeName = "GstSampleGate";
  static constexpr FilterKind kKind = {.factory = "samplegate",
                                       .caps = kGateCaps,
                                       .long_name = "Sample gate",
                                       .description =
                                           "Drops encoded units that no sample of an "
                                           "intervalsampler needs, before they are decoded"};

  glue::Guarded<Settings> settings;

  explicit SampleGate(GstElement* self);
  static const std::vector<glue::Property<SampleGate>>& properties();

  void start();
  void interrupt() { gap_seek_.close(); }
  void stop() { start_over(); }
  bool take_event(glue::Owned<GstEvent> event);
  gboolean src_event(GstPad* pad, GstEvent* event);
  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  GstStructure* stats() { return counts_.copy().stats(); }

 private:
  void start_over();
  void begin_gate();
  bool take_at_once(glue::Owned<GstEvent> event);
  bool take_event_away(glue::Owned<GstEvent> event);
  bool take_caps(glue::Owned<GstEvent> event);
  bool take_segment(glue::Owned<GstEvent> event);
  bool take_flush_stop(glue::Owned<GstEvent> event);
  bool take_pause(glue::Owned<GstEvent> event);
  bool take_eos(glue::Owned<GstEvent> event);
  bool take_stream_start(glue::Owned<GstEvent> event);
  bool forward(glue::Owned<GstEvent> event);

  [[nodiscard]] GstFlowReturn take(glue::Owned<GstBuffer> buffer,
                                   std::optional<UnitReader::Unit> unit);
  [[nodiscard]] GstFlowReturn take_away(glue::Owned<GstBuffer> buffer);
  [[nodiscard]] GstFlowReturn go_back();
  [[nodiscard]] GstFlowReturn push_decided();
  [[nodiscard]] GstFlowReturn fail_without_keys();
  void let_all_pass();
  void finish_waiting();

  glue::Guarded<UnitCounts> counts_;

  // Of the streaming thread.
  GateSettings run_settings_;     ///< of this run
  UnitInput input_;               ///< it reads nothing: all passes
  std::optional<UnitGate> gate_;  ///< from the first unit on
  WaitingUnits waiting_;
  UnitOutput output_;
  GapSeek gap_seek_;
  glue::Owned<GstEvent> missing_;  ///< a GAP of missing frames since the last unit
  bool has_ended_ = false;
};

/// False when GStreamer refuses the type.
[[nodiscard]] bool register_samplegate(GstPlugin* plugin);

}  // namespace anim
