// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of units once it is decided: those that pass go downstream, with all that a decoder
// and a sampler must be told of them and of those that are left out.
#pragma once

#include <optional>
#include <utility>

#include <gst/gst.h>

#include "gst/core/timing.h"
#include "gst/core/unit_gate.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "plugins/animsampling/gate_headers.h"
#include "plugins/animsampling/unit_counts.h"
#include "plugins/animsampling/waiting_units.h"

namespace anim {

/// Of the streaming thread.
class UnitOutput {
 public:
  /// `src` (not owned) and `counts` must outlive this.
  UnitOutput(GstPad* src, glue::Guarded<UnitCounts>& counts) : src_(src), counts_(counts) {}

  /// A run begins. `tells_keys`: some sampler wants to know the random access points.
  void reset(bool tells_keys);
  /// Nothing was sent since start or flush. Parameter sets outlive a flush, in decoders too.
  void start_over() { has_told_ = false; }

  [[nodiscard]] bool tells_keys() const { return tells_keys_; }

  /// The parameter sets of units that were left out; they go with the next unit that passes.
  [[nodiscard]] GateHeaders& headers() { return headers_; }

  /// A unit that nothing is known of.
  [[nodiscard]] GstFlowReturn pass(glue::Owned<GstBuffer> unit) {
    return push(headers_.put_before(std::move(unit), {}), {});
  }
  [[nodiscard]] GstFlowReturn carry_out(const GateDecision& decision, WaitingUnit unit);
  void drop(DropReason reason, Bytes headers);

  /// Running time at which the last frame ends, if that is known.
  void tell_end(std::optional<Nanoseconds> time);
  /// Of the events that are made here: that of the input's segment.
  void set_seqnum(guint32 seqnum) { seqnum_ = seqnum; }
  /// Sends an EOS of our own.
  void end();

 private:
  [[nodiscard]] GstFlowReturn push(glue::Owned<GstBuffer> unit, const GateDecision& decision);
  void drain_decoder();
  void tell_of_key(GstBuffer* unit, bool is_entry);

  GstPad* src_;
  glue::Guarded<UnitCounts>& counts_;
  GateHeaders headers_;
  guint32 seqnum_ = GST_SEQNUM_INVALID;
  bool tells_keys_ = false;
  bool has_told_ = false;  ///< that it will tell of them
};

}  // namespace anim
