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
#include "gst/core/unit_gate.h"
#include "gst/glue/handle.h"
#include "plugins/animsampling/input_segment.h"

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

  /// Takes note of a unit that was read: where to go back to. `position` is its stream time.
  void mark(const GstBuffer* unit, std::optional<Nanoseconds> position);

  /// Seeks around `gap`, which lies in the segment `input`, and waits until the source has begun to
  /// flush. False: that is no great way, or the source has refused, or nobody can say where to come
  /// back to; reading goes on.
  [[nodiscard]] bool leave(const Gap& gap, const InputSegment& input);

  /// Whether events and units are those of another place: units are to be told to arrive(),
  /// segments to take_segment(), and nothing goes downstream.
  [[nodiscard]] bool is_away() const { return phase_ != Phase::Reading; }

  /// A segment that comes while away, where `input` is the one of the units before the gap.
  void take_segment(const InputSegment& input, const GstSegment& segment);

  /// The units that come while away are in another format.
  void note_other_format() { is_comparable_ = false; }

  /// Whether the next unit is the first one after a leave(), and its time can be compared.
  [[nodiscard]] bool is_landing() const { return phase_ == Phase::Landing && is_comparable_; }

  enum class Arrival {
    New,   ///< reading goes on with this unit
    Seen,  ///< it lies before the mark, or is the marked one: it was read before
    Lost,  ///< it lies behind the mark: go_back()
  };

  /// What a unit is that comes while away. `goes_on`: it is in the place that was wanted. When it
  /// is not, no gap will be left out any more.
  [[nodiscard]] Arrival arrive(const GstBuffer* unit, bool goes_on);

  /// Seeks to the mark, and when that did not lead to it, to the beginning. False when that did not
  /// either: there is no way back.
  [[nodiscard]] bool go_back();

  /// Whatever comes from the place of the last seek is the end: nobody looks where it is.
  void stay() {
    phase_ = Phase::Reading;
    is_enabled_ = false;
  }

  /// The SEGMENT `event` with the running time that it would have without seeks of ours: the source
  /// counts from the place of the last one.
  [[nodiscard]] glue::Owned<GstEvent> in_running_time(glue::Owned<GstEvent> event) const;

  /// Whether `event` is the end of a flush of ours, or of the place that it has led to. Of every
  /// thread.
  [[nodiscard]] bool is_ours(GstEvent* event) const;

  /// Takes note of a FLUSH_START of ours; false when it is not. Of every thread.
  [[nodiscard]] bool take_flush(GstEvent* flush_start);

  /// Passes another one's seek upstream, never before one of ours that is under way, and none of
  /// ours after it. Of every thread.
  bool pass_on(GstEvent* seek);

  /// Nobody waits for a seek any more. Of every thread.
  void forget();

  /// From close() to open() no seek is asked for. Of the thread that changes the state.
  void open();
  void close();

 private:
  enum class Phase {
    Reading,
    Landing,    ///< the first unit after leave() is to come
    Returning,  ///< units up to the mark come again
  };
  /// A unit, by its time in the container.
  struct Mark {
    GstClockTime pts = GST_CLOCK_TIME_NONE;
    std::optional<Nanoseconds> position{};
  };
  struct Asked {
    guint32 seqnum = GST_SEQNUM_INVALID;
    bool has_flushed = false;
    bool is_answered = false;
  };

  [[nodiscard]] std::optional<Nanoseconds> position_after(const Gap& gap,
                                                          const InputSegment& input) const;
  [[nodiscard]] bool ask(Nanoseconds position);
  void send(GstEvent* seek);
  void set_passing_on(bool is_passing_on);
  [[nodiscard]] bool is_asked(guint32 seqnum) const;

  GstElement* element_;
  GstPad* sink_;
  bool is_enabled_ = false;
  Phase phase_ = Phase::Reading;
  Mark mark_;
  unsigned returns_ = 0;
  // Of the last seek.
  Nanoseconds position_{0};
  bool awaits_segment_ = false;
  bool awaits_unit_ = false;
  bool is_comparable_ = false;  ///< times there mean what they meant before
  Nanoseconds base_shift_{0};   ///< how much later the source's segments begin than they say

  std::mutex sending_;        // held while a seek is on its way up; before mutex_
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable news_;
  std::optional<Asked> asked_;
  bool is_closed_ = false;
  bool is_passing_on_ = false;  ///< another one's seek is on its way up
};

}  // namespace anim
