// SPDX-License-Identifier: LGPL-2.1-or-later
// How far a stream really reaches, beside what its container states: a file that was cut off often
// ends without an error.
#pragma once

#include <mutex>
#include <optional>

#include <gst/gst.h>

#include "gst/core/timing.h"

namespace anim {

/// Watches the units of one stream. Its pad's streaming thread must have ended before it does.
class Extent {
 public:
  /// Times from the stream's beginning.
  struct Shortfall {
    Nanoseconds reached;
    Nanoseconds stated;
  };

  /// Watches `pad`, once.
  void watch(GstPad* pad);

  /// What comes from now on does not count.
  void stop();

  /// Whether the stream has come to its end, within what sound may outlast the pictures.
  [[nodiscard]] bool is_whole() const;

  /// Nothing unless the stream has come to its end clearly before the one that is stated.
  [[nodiscard]] std::optional<Shortfall> shortfall() const;

 private:
  static GstPadProbeReturn probe(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void take_event(GstPad* pad, GstEvent* event);
  void take_unit(GstBuffer* unit);

  GstSegment segment_{};          // of the streaming thread
  Nanoseconds reached_{0};        // of the streaming thread
  mutable std::mutex mutex_;      // guards what follows
  std::optional<Shortfall> end_;  ///< of a stream whose length is stated
  bool has_stopped_ = false;
};

}  // namespace anim
