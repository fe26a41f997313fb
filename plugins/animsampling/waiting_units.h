// SPDX-License-Identifier: LGPL-2.1-or-later
// The units that wait for a decision, and the serialized events between them.
#pragma once

#include <cstddef>
#include <deque>
#include <variant>

#include <gst/gst.h>

#include "gst/core/image.h"
#include "gst/glue/handle.h"

namespace anim {

/// A unit with the parameter sets in it.
struct WaitingUnit {
  glue::Owned<GstBuffer> buffer;
  Bytes headers;
};

/// Of the streaming thread. Keeps the order of units and events.
class WaitingUnits {
 public:
  /// `src` (not owned) must outlive this.
  explicit WaitingUnits(GstPad* src) : src_(src) {}

  [[nodiscard]] bool is_empty() const { return waiting_.empty(); }

  /// Whether more waits than any stream needs: one whose video stops may go on with events alone.
  [[nodiscard]] bool is_too_long() const;

  void add(WaitingUnit unit);
  /// The oldest unit, before which no event may wait.
  [[nodiscard]] WaitingUnit take();

  /// Sends the serialized event, or lets it wait behind the units. False when it was refused.
  bool forward(glue::Owned<GstEvent> event);
  /// Sends the events before the oldest unit.
  void send_events();
  /// For a flush: as HeldFrame::store_sticky_events().
  void store_sticky_events();

  /// Drops the units, and sends the events.
  void forget_units();
  void forget_headers();
  /// Drops all. The parameter sets of the units, in order.
  [[nodiscard]] std::deque<Bytes> clear();

 private:
  using Waiting = std::variant<glue::Owned<GstEvent>, WaitingUnit>;

  GstPad* src_;
  std::deque<Waiting> waiting_;
};

}  // namespace anim
