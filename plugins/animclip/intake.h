// SPDX-License-Identifier: LGPL-2.1-or-later
// From the buffers that come in to units that can be kept: where decoding may begin, on one
// continuous time, in memory of their own size.
#pragma once

#include <cstdint>
#include <optional>

#include <gst/gst.h>

#include "gst/core/display_order.h"
#include "gst/core/live_times.h"
#include "gst/core/reorder_horizon.h"
#include "gst/glue/unit_format.h"
#include "gst/glue/unit_reader.h"
#include "plugins/animclip/stream.h"

namespace anim {

/// What the sink's clock says.
struct ClockReading {
  Nanoseconds running{0};  ///< running time, without latency
  std::int64_t wall = 0;   ///< the same moment, ns since the Unix epoch
};

/// Of the streaming thread.
class Intake {
 public:
  struct Arrived {
    Unit unit;
    bool is_entry = false;
    Format format;
    std::optional<Nanoseconds> passed;  ///< all frames up to it have come
  };

  /// The stream's buffers are `caps` from here on. False when they are nothing that can be kept.
  [[nodiscard]] bool begin(GstCaps* caps);

  /// Another stream begins: a decoder begins anew with it, though its caps are the same.
  void begin_stream();

  /// Nothing that came before counts, after a flush.
  void restart();

  /// The next buffer. `clock`: absent without a clock that counts, then times are the stream's
  /// alone. Nothing for a buffer that is no unit: one without a time that no unit precedes.
  [[nodiscard]] std::optional<Arrived> take(GstBuffer* buffer, const GstSegment& segment,
                                            std::optional<ClockReading> clock);

  [[nodiscard]] std::uint64_t jumps() const { return times_.jumps(); }

 private:
  struct Times {
    Nanoseconds time{0};
    std::optional<Nanoseconds> decode_time;
    std::optional<Nanoseconds> distance;  ///< as in PictureTime
  };
  [[nodiscard]] std::optional<Nanoseconds> distance_of(GstBuffer* buffer,
                                                       const GateUnit& role) const;
  [[nodiscard]] std::optional<Times> times_of(GstBuffer* buffer, const GateUnit& role,
                                              const GstSegment& segment,
                                              std::optional<ClockReading> clock);
  [[nodiscard]] UnitOrder order() const;
  void forget_horizon();
  [[nodiscard]] UnitReader::Unit read(GstBuffer* buffer);
  [[nodiscard]] StreamBuffer payload(GstBuffer* buffer, const GstSegment& segment,
                                     const Times& times, std::optional<ClockReading> clock) const;

  Format format_;
  std::optional<UnitFormat> unit_format_;  ///< nothing: pictures
  std::optional<UnitReader> reader_;
  LiveTimes times_;
  ReorderHorizon horizon_{0};
  DisplayPlaces places_{{}};
  std::optional<Nanoseconds> last_time_;    ///< of the last unit, before the shift
  std::optional<Nanoseconds> newest_time_;  ///< the latest since times jumped, before the shift
};

}  // namespace anim
