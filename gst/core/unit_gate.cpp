// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/unit_gate.h"

#include <algorithm>
#include <utility>

namespace anim {
namespace {

// Each of them may be the first frame that is shown, so that with many the samplers could want all
// frames. A stream with still more has no entries, or its first picture at a wrong time.
constexpr std::size_t kMostBroken = 64;

// A seek costs as much as reading some seconds, and it lands up to a group before the wanted frame.
constexpr Nanoseconds kShortestGap{5 * kSecond};
constexpr int kGroupsOfGap = 4;

}  // namespace

std::optional<Nanoseconds> way_around(const Gap& gap, Nanoseconds length) {
  const Nanoseconds last = length - 2 * std::max(gap.group, Nanoseconds(kSecond));
  const Nanoseconds position = std::min(gap.until, last);
  if (position - gap.from < 2 * gap.group) return {};
  return position;
}

UnitGate::UnitGate(FrameDemand demand, UnitOrder order, GateLimits limits)
    : order_(order), limits_(limits), demand_(std::move(demand)) {}

// ---- units, in decoding order -------------------------------------------------------------------

void UnitGate::add(const GateUnit& unit) {
  if (is_done_) {
    append(unit, Fate::Drop);
    return;
  }
  if (!passes_all_ && is_doubtful(unit)) pass_all();
  if (passes_all_) {
    append(unit, Fate::Pass);
    return;
  }
  join(unit);
  if (broken_frames_ > kMostBroken) pass_all();
  relieve();
}

void UnitGate::append(const GateUnit& unit, Fate fate) {
  pending_bytes_ += unit.bytes;
  pending_.push_back({.unit = unit, .fate = fate});
}

void UnitGate::join(const GateUnit& unit) {
  const bool is_entry = begins_chain(unit);
  if (is_entry) begin_chain(unit);
  append(unit, entry_ ? Fate::Open : Fate::Pass);
  Pending& pending = pending_.back();
  pending.follows_gap = std::exchange(follows_gap_, false);
  if (!is_entry) pending.unit.entry = Entry::None;
  pending.is_broken = !entry_;
  if (entry_) {
    pending.is_leading = entry_->kind == Entry::Open && unit.time && *unit.time < entry_->time;
    pending.entry = entry_->number;
    pending.chain = pending.is_leading ? entry_->previous : entry_->number;
    pending.is_broken = pending.is_leading && pending.entry == first_entry_;
    // Nobody ever wants it, so that it need not wait.
    if (demand_.keys_alone() && demand_.has_begun() && !is_entry) pending.fate = Fate::Drop;
  }
  if (unit.continues_picture) {
    complete_picture();
  } else if (unit.is_shown) {
    if (unit.is_reference) anchor_ = unit.time;
    expect(pending);
  } else if (!unit.is_reference && entry_) {
    pending.fate = Fate::Drop;
  }
}

// What leaves a doubt about the order of the frames, or about what they depend on.
bool UnitGate::is_doubtful(const GateUnit& unit) const {
  if (unit.continues_picture) return first_ + pending_.size() == 0;
  return unit.is_shown && is_doubtful_time(unit);
}

bool UnitGate::is_doubtful_time(const GateUnit& unit) const {
  if (!unit.time) return true;
  if (placed_until_ && *unit.time < *placed_until_) return true;
  if (unit.entry != Entry::None && changed_after_ && *unit.time <= *changed_after_) return true;
  if (unit.entry == Entry::Closed) return newest() && *unit.time <= *newest();
  // Decoders may give out pictures of one time in either order.
  if (order_.reorder_limit > 0 && latest_.contains(*unit.time)) return true;
  if (entry_ && entry_->kind == Entry::Closed && entry_->after && *unit.time <= *entry_->after) {
    return true;
  }
  return order_.disposable_precedes_anchor && !unit.is_reference && anchor_ &&
         *unit.time > *anchor_;
}

std::optional<Nanoseconds> UnitGate::newest() const {
  if (latest_.empty()) return {};
  return *latest_.rbegin();
}

// An entry that is shown before a picture that it follows begins nothing: that picture would depend
// on what comes before the entry.
bool UnitGate::begins_chain(const GateUnit& unit) const {
  if (unit.entry == Entry::None) return false;
  if (unit.entry == Entry::Join && (entry_ || !has_passed_references())) return false;
  return !unit.time || !newest() || *unit.time > *newest();
}

bool UnitGate::has_passed_references() const {
  return !has_dropped_reference_ &&
         std::none_of(pending_.begin(), pending_.end(), [](const Pending& pending) {
           return pending.fate == Fate::Drop && pending.unit.is_reference;
         });
}

void UnitGate::begin_chain(const GateUnit& unit) {
  const Number number = end_number();
  const Nanoseconds time = unit.time.value_or(newest().value_or(Nanoseconds(0)));
  if (!entry_) first_entry_ = number;
  if (entry_ && newest()) longest_group_ = std::max(longest_group_, time - entry_->time);
  entry_ = LastEntry{.number = number,
                     .previous = entry_ ? entry_->number : number,
                     .kind = unit.entry == Entry::Closed ? Entry::Closed : Entry::Open,
                     .time = time,
                     .after = newest()};
}

// A stream without durations needs each of its last two frames, wherever it ends.
std::optional<Gap> UnitGate::gap() const {
  if (passes_all_ || is_done_ || longest_group_ == Nanoseconds(0)) return {};
  const auto until = demand_.next_time();
  if (!until || *until == kForever || !newest() || !last_ || !last_->duration) return {};
  const Gap ahead{.from = *newest(), .until = *until, .group = longest_group_};
  const Nanoseconds length = ahead.until - ahead.from;
  if (length < kShortestGap || length / kGroupsOfGap < ahead.group) return {};
  return ahead;
}

bool UnitGate::lands_at(const GateUnit& unit) {
  const auto ahead = gap();
  if (!ahead || !unit.time) return false;
  if (unit.entry == Entry::None || unit.entry == Entry::Join) return false;
  if (*unit.time <= ahead->from || *unit.time > ahead->until) return false;
  decide_open(Fate::Drop);
  unplaced_.clear();
  latest_.clear();
  anchor_.reset();
  follows_gap_ = true;
  return true;
}

// The second field of a picture: both are one to all others.
void UnitGate::complete_picture() {
  Pending& second = pending_.back();
  Pending* first = find(end_number() - 2);
  if (first == nullptr) {
    second.fate = last_fate_;
    return;
  }
  second.fate = first->fate;
  second.entry = first->entry;
  second.chain = first->chain;
  second.is_leading = first->is_leading;
  second.is_broken = first->is_broken;
  first->unit.is_reference = first->unit.is_reference || second.unit.is_reference;
  second.unit.is_reference = first->unit.is_reference;
}

// ---- frames, in order of time -------------------------------------------------------------------

// Of the units to come, none can be shown before the earliest of the latest times: more units would
// precede it and be shown after it than may be reordered.
void UnitGate::expect(const Pending& pending) {
  const Nanoseconds time = *pending.unit.time;
  if (pending.is_broken && !demand_.has_begun()) ++broken_frames_;
  unplaced_.emplace(time, Placed{.number = end_number() - 1,
                                 .entry = pending.entry,
                                 .is_entry = pending.unit.entry != Entry::None,
                                 .is_leading = pending.is_leading,
                                 .is_broken = pending.is_broken,
                                 .duration = pending.unit.duration});
  latest_.insert(time);
  if (latest_.size() > order_.reorder_limit + 1) latest_.erase(latest_.begin());
  if (latest_.size() == order_.reorder_limit + 1) place_up_to(*latest_.begin());
}

void UnitGate::place_up_to(Nanoseconds time) {
  while (!unplaced_.empty() && unplaced_.begin()->first <= time && !is_done_) {
    const auto [frame_time, frame] = *unplaced_.begin();
    unplaced_.erase(unplaced_.begin());
    place(frame, frame_time);
  }
}

void UnitGate::place(const Placed& frame, Nanoseconds time) {
  placed_until_ = time;
  const auto answer = demand_.frame({.time = time,
                                     .duration = frame.duration,
                                     .may_be_hidden = frame.is_broken,
                                     .is_key = frame.is_entry});
  if (answer.needs_this) want(frame.number);
  if (answer.shows_previous && last_) want(last_->number);
  if (before_last_) settle(*before_last_);
  if (last_ && !last_->is_leading) forget_before(last_->entry);
  before_last_ = std::exchange(last_, frame);
  if (!demand_.is_done()) return;
  is_done_ = true;
  decide_open(Fate::Drop);
}

// A frame that nobody wants by now. It was kept while it might have been the last but one, whose
// distance from the last may say how long that one lasts.
void UnitGate::settle(const Placed& frame) {
  Pending* pending = find(frame.number);
  if (pending == nullptr || pending->fate != Fate::Open || pending->unit.is_reference) return;
  pending->fate = Fate::Drop;
  Pending* second = find(frame.number + 1);
  if (second != nullptr && second->unit.continues_picture) second->fate = Fate::Drop;
}

// All that is shown before `entry` has been placed: what is undecided before it, and of its leading
// pictures, is of no use to anybody.
void UnitGate::forget_before(Number entry) {
  if (entry <= forgotten_) return;
  forgotten_ = entry;
  for (Number number = first_; number < end_number(); ++number) {
    Pending& pending = *find(number);
    if (pending.fate != Fate::Open) continue;
    const bool is_leading = pending.is_leading && pending.entry == entry;
    if (number < entry || is_leading) pending.fate = Fate::Drop;
  }
}

// ---- what a frame depends on --------------------------------------------------------------------

UnitGate::Pending* UnitGate::find(Number number) {
  if (number < first_ || number >= end_number()) return nullptr;
  return &pending_[static_cast<std::size_t>(number - first_)];
}

// The frame passes, and all references that it may depend on: those since its entry, without the
// leading pictures of entries that it is shown after. What a decoder makes of a broken one depends
// on all units before it.
void UnitGate::want(Number number) {
  Pending* wanted = find(number);
  if (wanted == nullptr) return;
  wanted->fate = Fate::Pass;
  Pending* second = find(number + 1);
  if (second != nullptr && second->unit.continues_picture) second->fate = Fate::Pass;
  for (Number i = std::max(first_, wanted->chain); i < number; ++i) {
    Pending& earlier = *find(i);
    const bool is_beside =
        earlier.is_leading && !(wanted->is_leading && earlier.entry == wanted->entry);
    const bool may_matter = earlier.unit.is_reference && !is_beside;
    if (may_matter || wanted->is_broken) earlier.fate = Fate::Pass;
  }
}

// ---- decisions ----------------------------------------------------------------------------------

void UnitGate::decide_open(Fate fate) {
  for (Pending& pending : pending_) {
    if (pending.fate == Fate::Open) pending.fate = fate;
  }
}

void UnitGate::change_times(Nanoseconds begin) {
  if (passes_all_ || is_done_) return;
  if (!knows_first_frame()) {
    pass_all();
    return;
  }
  if (is_done_) return;
  changed_after_ = std::max(begin - Nanoseconds(1), newest().value_or(begin));
  decide_open(Fate::Pass);
  unplaced_.clear();
  latest_.clear();
  anchor_.reset();
  placed_until_.reset();
  entry_.reset();
}

// The samplers' zero must be certain: what follows the change does not set it.
bool UnitGate::knows_first_frame() {
  if (demand_.has_begun()) return true;
  if (unplaced_.empty()) return false;
  const auto [time, first] = *unplaced_.begin();
  const bool is_certain = first.number == 0 && !first.is_broken && entry_->kind == Entry::Closed;
  if (is_certain) place(first, time);
  return demand_.has_begun();
}

void UnitGate::pass_all() {
  passes_all_ = true;
  decide_open(Fate::Pass);
}

void UnitGate::relieve() {
  if (pending_bytes_ <= limits_.bytes && pending_.size() <= limits_.units) return;
  if (pending_bytes_ > 2 * limits_.bytes || pending_.size() > 2 * limits_.units) {
    decide_open(Fate::Pass);
    return;
  }
  for (Pending& pending : pending_) {
    if (pending.fate == Fate::Open && pending.unit.is_reference) pending.fate = Fate::Pass;
  }
}

void UnitGate::end(std::optional<Nanoseconds> until) {
  if (passes_all_ || is_done_) return;
  if (!unplaced_.empty()) place_up_to(unplaced_.rbegin()->first);
  if (last_ && !is_done_ && demand_.end(until)) {
    if (before_last_) want(before_last_->number);
    want(last_->number);
  }
  decide_open(Fate::Drop);
  is_done_ = true;
}

std::optional<GateDecision> UnitGate::next() {
  if (pending_.empty() || pending_.front().fate == Fate::Open) return {};
  const Pending taken = pending_.front();
  pending_.pop_front();
  ++first_;
  pending_bytes_ -= taken.unit.bytes;
  last_fate_ = taken.fate;
  GateDecision decision;
  if (taken.fate == Fate::Drop) {
    decision.drop = is_done_                  ? DropReason::AfterEnd
                    : taken.unit.is_reference ? DropReason::Unused
                                              : DropReason::Disposable;
    has_dropped_reference_ =
        has_dropped_reference_ || (taken.unit.is_reference && !taken.is_leading);
    return decision;
  }
  if (taken.unit.entry != Entry::None) {
    decision.is_entry = true;
    const bool is_cut = std::exchange(has_dropped_reference_, false) || taken.follows_gap;
    decision.begins_anew = is_cut && order_.reorder_limit > 0;
  }
  return decision;
}

}  // namespace anim
