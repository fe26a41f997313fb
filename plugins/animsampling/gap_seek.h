// SPDX-License-Identifier: LGPL-2.1-or-later
// Going around what nobody wants by a seek upstream, and finding out where that has led.
//
//   leave() -> FLUSH_START, FLUSH_STOP, SEGMENT of the seek -> units: arrive() -> reading on
//                                                                  \-> go_back() to where it left
//
// None of those events concerns downstream, where the stream goes on as if units had been dropped.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include <gst/gst.h>

#include "gst/core/timing.h"

namespace anim {

/// One element's seeks, one at a time. Of the streaming thread but where it says otherwise.
class GapSeek {
 public:
  /// `sink` belongs to `element`; neither is owned.
  GapSeek(GstElement* element, GstPad* sink) : element_(element), sink_(sink) {}

  /// Nothing has been read yet. Without `is_enabled` nothing is ever left out.
  void start_over(bool is_enabled);

  /// Whether seeks are wanted and have been of use so far.
  [[nodiscard]] bool is_enabled() const { return is_enabled_; }

  /// Takes note of a unit that was read: where to go back to.
  void mark(const GstBuffer* unit, std::optional<Nanoseconds> position);

  /// Seeks to the last key unit at or before stream time `position`, and waits until the source
  /// has begun to flush, which it does at once. False: it has refused, and reading goes on.
  [[nodiscard]] bool leave(Nanoseconds position);

  /// Whether units that come are to be told to arrive().
  [[nodiscard]] bool is_away() const { return phase_ != Phase::Reading; }

  /// Whether the next unit is the first one after a leave().
  [[nodiscard]] bool is_landing() const { return phase_ == Phase::Landing; }

  enum class Arrival {
    New,   ///< reading goes on with this unit
    Seen,  ///< it lies before the mark, or is the marked one: it was read before
    Lost,  ///< it lies behind the mark: go_back()
  };

  /// What a unit is that comes after a seek. `goes_on`: it is in the place that was wanted. When it
  /// is not, no gap will be left out any more.
  [[nodiscard]] Arrival arrive(const GstBuffer* unit, bool goes_on);

  /// Seeks to the mark, and when that did not lead to it, to the beginning. False when that did not
  /// either: there is no way back.
  [[nodiscard]] bool go_back();

  /// Whether `event` is part of a seek of ours: it must go no further. Of every thread.
  [[nodiscard]] bool takes(GstEvent* event);

  /// Nobody waits for a seek any more. Of every thread.
  void forget();

 private:
  enum class Phase {
    Reading,
    Landing,    ///< the first unit after leave() is to come
    Returning,  ///< units up to the mark come again
  };
  /// A unit, by the times that demuxers read from its container.
  struct Mark {
    GstClockTime pts = GST_CLOCK_TIME_NONE;
    GstClockTime dts = GST_CLOCK_TIME_NONE;
    std::optional<Nanoseconds> position{};  ///< stream time

    [[nodiscard]] bool is(const GstBuffer* unit) const {
      return GST_BUFFER_PTS(unit) == pts && GST_BUFFER_DTS(unit) == dts;
    }
  };
  struct Asked {
    guint32 seqnum = GST_SEQNUM_INVALID;
    bool has_flushed = false;
    bool is_answered = false;
  };

  [[nodiscard]] bool ask(Nanoseconds position);
  void send(GstEvent* seek);

  GstElement* element_;
  GstPad* sink_;
  bool is_enabled_ = false;
  Phase phase_ = Phase::Reading;
  bool is_first_ = false;  ///< the next unit is the first one after a seek
  Mark mark_;
  unsigned returns_ = 0;

  std::mutex mutex_;  // guards what follows
  std::condition_variable news_;
  std::optional<Asked> asked_;
};

}  // namespace anim
