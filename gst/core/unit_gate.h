// SPDX-License-Identifier: LGPL-2.1-or-later
// Which units of a stream must be decoded so that samplers get the very frames that decoding
// everything would give them.
//
//   unit (role, time) -> in order of time: is its frame shown? (FrameDemand)
//                     -> in decoding order: does a shown one depend on it? -> pass or drop
//
// A unit waits until that is known: until the next entry at the latest (a group of pictures), or
// until GateLimits are reached. What is not certain passes: all that comes before the first entry,
// and from the first unit whose times or roles leave a doubt on everything.
//
// What a decoder makes of units before the first entry, and of the entry's leading pictures, is its
// own affair: it may show any of them. They reach it as they would without the gate, so that it
// shows the same; FrameDemand allows for every case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "gst/core/frame_demand.h"
#include "gst/core/timing.h"
#include "gst/core/unit_rules.h"

namespace anim {

/// How much may wait. Beyond it references pass undecided, beyond twice as much all does; the
/// frames stay the same.
struct GateLimits {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t units = 4096;
};

/// A time of which nothing is wanted and no unit has come yet: running times, `from` the newest
/// unit `until` the next wanted frame.
struct Gap {
  Nanoseconds from{0};
  Nanoseconds until{0};
  Nanoseconds group{0};  ///< the longest group of pictures so far
};

/// Where to seek in order to go around a gap, in a stream of `length`: to its end, but not into the
/// last two groups of the stream, which are read as they are. Nothing where that is no great way.
/// All times are on one clock.
[[nodiscard]] std::optional<Nanoseconds> way_around(const Gap& gap, Nanoseconds length);

/// A unit as the gate looks at it.
struct GateUnit {
  Entry entry = Entry::None;
  bool is_reference = true;
  bool continues_picture = false;  ///< shares the fate of the unit before it
  bool is_shown = true;
  std::optional<Nanoseconds> time{};      ///< running time; may be before 0
  std::optional<Nanoseconds> duration{};  ///< as the stream says
  std::size_t bytes = 0;
};

/// Why a unit is left out.
enum class DropReason {
  Disposable,  ///< not shown, and nothing depends on it
  Unused,      ///< nothing that is shown depends on it: the rest of a group, or all of it
  AfterEnd,    ///< it follows the last frame that is wanted
};

/// What becomes of a unit.
struct GateDecision {
  std::optional<DropReason> drop;  ///< nothing: the unit passes
  /// References have been left out since the last unit that passed: the decoder begins anew, and
  /// must give out what it holds before. Not said of codecs that hold nothing back.
  bool begins_anew = false;
  bool is_entry = false;  ///< a random access point passes
};

/// Decides unit by unit, in decoding order.
class UnitGate {
 public:
  UnitGate(FrameDemand demand, UnitOrder order, GateLimits limits = {});

  /// The next unit in decoding order.
  void add(const GateUnit& unit);

  /// The gap ahead, if it is so long that going around it costs less than reading it.
  [[nodiscard]] std::optional<Gap> gap() const;

  /// Units were left unread. False if the gate cannot go on at `unit`, which is to be added next:
  /// it is no entry inside the gap. Then nothing has changed.
  [[nodiscard]] bool lands_at(const GateUnit& unit);

  /// The stream ends: all is decided. `until`: as in FrameDemand::end().
  void end(std::optional<Nanoseconds> until = std::nullopt);

  /// From the next unit on times count from elsewhere: another segment, which begins at running
  /// time `begin`. A decoder may give frames of units before a time of either segment, so all
  /// passes up to the next entry, whose time must lie after all others.
  void change_times(Nanoseconds begin);

  /// What waits and what follows passes.
  void pass_all();

  [[nodiscard]] bool passes_all() const { return passes_all_; }

  /// The next decision, in decoding order; nothing while it is open.
  [[nodiscard]] std::optional<GateDecision> next();

  /// Running time at which the wanted part of the stream ends, as far as it is known.
  [[nodiscard]] std::optional<Nanoseconds> end_time() const { return demand_.end_time(); }

  /// Whether all that is wanted has been passed.
  [[nodiscard]] bool is_done() const { return is_done_ && pending_.empty(); }

 private:
  using Number = std::uint64_t;  ///< of a unit, in decoding order
  enum class Fate { Open, Pass, Drop };
  struct Pending {
    GateUnit unit;
    Fate fate = Fate::Open;
    Number entry = 0;          ///< the entry that it follows; its own number if it is one
    Number chain = 0;          ///< the entry before which nothing matters to it
    bool is_leading = false;   ///< it follows an Open entry and is shown before it
    bool follows_gap = false;  ///< units before it were left unread
    bool is_broken = false;    ///< what it depends on may be missing: decoders may not show it
  };
  struct LastEntry {
    Number number = 0;
    Number previous = 0;
    Entry kind = Entry::None;
    Nanoseconds time{0};
    std::optional<Nanoseconds> after{};  ///< the latest time before it
  };
  /// A frame whose place in the order of time is certain.
  struct Placed {
    Number number = 0;
    Number entry = 0;
    bool is_entry = false;
    bool is_leading = false;
    bool is_broken = false;
    std::optional<Nanoseconds> duration{};
  };

  [[nodiscard]] Number end_number() const { return first_ + pending_.size(); }
  [[nodiscard]] Pending* find(Number number);
  [[nodiscard]] bool is_doubtful(const GateUnit& unit) const;
  [[nodiscard]] bool is_doubtful_time(const GateUnit& unit) const;
  [[nodiscard]] bool knows_first_frame();
  [[nodiscard]] std::optional<Nanoseconds> newest() const;
  void append(const GateUnit& unit, Fate fate);
  void join(const GateUnit& unit);
  [[nodiscard]] bool begins_chain(const GateUnit& unit) const;
  [[nodiscard]] bool has_passed_references() const;
  void begin_chain(const GateUnit& unit);
  void complete_picture();
  void expect(const Pending& pending);
  void place_up_to(Nanoseconds time);
  void place(const Placed& frame, Nanoseconds time);
  void settle(const Placed& frame);
  void forget_before(Number entry);
  void want(Number number);
  void decide_open(Fate fate);
  void relieve();

  const UnitOrder order_;
  const GateLimits limits_;
  FrameDemand demand_;

  std::deque<Pending> pending_;  ///< in decoding order
  Number first_ = 0;             ///< of pending_
  std::size_t pending_bytes_ = 0;
  Fate last_fate_ = Fate::Pass;  ///< of the last unit that was taken
  std::optional<LastEntry> entry_;
  Nanoseconds longest_group_{0};
  Number first_entry_ = 0;
  std::size_t broken_frames_ = 0;
  Number forgotten_ = 0;               ///< the newest entry whose predecessors are decided
  std::optional<Nanoseconds> anchor_;  ///< of the newest reference that is shown

  std::multimap<Nanoseconds, Placed> unplaced_;  ///< frames that others may still come before
  std::multiset<Nanoseconds> latest_;  ///< the latest times, one more than may be reordered
  std::optional<Nanoseconds> placed_until_;
  std::optional<Nanoseconds> changed_after_;  ///< the latest time before the times changed
  std::optional<Placed> last_;                ///< in order of time
  std::optional<Placed> before_last_;

  bool follows_gap_ = false;  ///< the next unit
  bool has_dropped_reference_ = false;
  bool is_done_ = false;
  bool passes_all_ = false;
};

}  // namespace anim
