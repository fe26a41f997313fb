// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/joined_source.h"

#include <algorithm>
#include <utility>

#include "gst/core/chain.h"
#include "gst/core/store/retry.h"
#include "gst/glue/graph.h"
#include "plugins/animtask/sources/facts.h"
#include "plugins/animtask/sources/gate.h"
#include "plugins/animtask/sources/source_words.h"

namespace anim {
namespace {

// Of a source whose server has trouble; readers themselves try again where nothing answers.
constexpr RetryPolicy kReopening = {.attempts = 4};

constexpr std::chrono::milliseconds kNow{0};

}  // namespace

JoinedSource::JoinedSource(GstBin* bin, const Task& task, std::vector<SourceInput> places,
                           Events events)
    : bin_(bin),
      task_(task),
      places_(std::move(places)),
      events_(std::move(events)),
      joiner_(bin),
      facts_(task) {}

JoinedSource::Opened& JoinedSource::current() const {
  const std::lock_guard lock(mutex_);
  return *current_;
}

// ---- looking at all sources ---------------------------------------------------------------------

Status JoinedSource::open() {
  if (Status status = joiner_.make(places_.size()); !status) return status;
  return open_source(0, Purpose::Part);
}

Status JoinedSource::open_source(std::size_t index, Purpose purpose) {
  return open_source(index, purpose, places_[index]);
}

Status JoinedSource::open_source(std::size_t index, Purpose purpose, const SourceInput& input) {
  Source::Events events{
      [this] { picture_is_there(); }, [this](Failure failure) { failed(std::move(failure)); },
      [this](GstElement* gate, const UnitFacts& units) { tell_gate(current(), gate, units); },
      [=, this](GstPad* pad) { events_.video_pad(task_.sources[index], pad); }};
  // Others look at sources at any time; at this one when it is whole.
  std::list<Opened> opened;
  opened.emplace_back(index, purpose, bin_, input, std::move(events));
  Status status = opened.back().source.open();
  const std::lock_guard lock(mutex_);
  opened_.splice(opened_.end(), opened);
  current_ = &opened_.back();
  if (index == 0 && !is_open_) first_ = current_;
  return status;
}

// On a streaming thread, while part_ and current_ stay as they are.
void JoinedSource::tell_gate(Opened& opened, GstElement* gate, const UnitFacts& units) const {
  opened.units = units;
  if (opened.purpose == Purpose::Look) {
    want_first_picture(gate);
    return;
  }
  const TimelinePart part = part_of(task_.sources[opened.index], part_.offset);
  set_wanted(gate, task_, part,
             {.unit_rate = units.rate, .timeline_length = timeline_length(units)},
             opened.index + 1 < places_.size());
}

// As the plan will have it, or nothing.
std::optional<Nanoseconds> JoinedSource::timeline_length(const UnitFacts& units) const {
  if (is_open_) return facts_.whole().length;
  if (places_.size() > 1 || !units.length) return {};
  const auto length = trimmed_length(task_.sources.front(), *units.length);
  return length ? std::optional(*length) : std::nullopt;
}

// On the decoder's thread.
void JoinedSource::picture_is_there() {
  events_.later(
      [this] {
        if (!is_open_) {
          take_facts();
        } else if (has_ended()) {
          end_here();
        } else if (const Status status = begin_part(); !status) {
          events_.failure(failure_of(status.error()));
        }
      },
      kNow);
}

// On any thread. Who ends the timeline does not care what a source would still have given.
void JoinedSource::failed(Failure failure) {
  if (has_ended()) {
    events_.later([this] { end_here(); }, kNow);
  } else {
    events_.failure(std::move(failure));
  }
}

bool JoinedSource::try_again(GstMessage* message) {
  const auto status = http_status(message);
  const std::lock_guard lock(mutex_);
  Opened* owner = owner_of(GST_MESSAGE_SRC(message));
  if (!status || owner == nullptr || owner != current_ || owner->source.has_picture()) return false;
  owner->has_moved = owner->source.has_moved(message) && owner->attempt < kReopening.attempts;
  const auto delay = owner->has_moved ? kNow
                                      : kReopening.delay_after(owner->attempt, RequestEnd::Answered,
                                                               *status, g_random_double());
  if (!delay) return false;
  if (!std::exchange(owner->is_given_up, true)) {
    events_.later([this, owner] { reopen(*owner); }, *delay);
  }
  return true;
}

void JoinedSource::reopen(Opened& opened) {
  if (&opened != &current()) return;
  if (has_ended()) return;  // end() closes it
  opened.source.close();
  const SourceInput& known = places_[opened.index];
  StopSignal stop([&] { return known.stop->is_stopped() || events_.has_failed() || has_ended(); });
  const auto input = opened.has_moved ? moved(known, stop) : Result<SourceInput>(known);
  if (stop.is_stopped()) return;
  const Status status =
      input ? open_source(opened.index, opened.purpose, *input) : Status(input.error());
  current().attempt = opened.attempt + 1;
  if (status) {
    follow_current();
  } else {
    events_.failure(failure_of(status.error()));
  }
}

void JoinedSource::take_facts() {
  Opened& looked_at = current();
  facts_.take(looked_at.index, facts_of(looked_at.source.decoded(), looked_at.units));
  if (looked_at.purpose == Purpose::Look) looked_at.source.close();
  look_on();
}

// A source that cannot start says why itself.
void JoinedSource::follow_current() {
  if (!current().source.follow_bin()) {
    events_.failure(failure_of({ErrorCode::Internal, "the source's elements do not start", {}}));
  }
}

// The next source that nothing is known of.
void JoinedSource::look_on() {
  Status status = success();
  if (const auto next = facts_.next_unknown()) {
    status = open_source(*next, Purpose::Look);
    if (status) follow_current();
  } else {
    status = conclude_facts();
    if (status) events_.opened();
  }
  if (!status) events_.failure(failure_of(status.error()));
}

Status JoinedSource::conclude_facts() {
  if (Status status = facts_.conclude(); !status) return status;
  const std::lock_guard lock(mutex_);
  current_ = first_;
  is_open_ = true;
  return success();
}

// ---- part by part -------------------------------------------------------------------------------

void JoinedSource::release() {
  if (std::exchange(is_released_, true)) return;
  if (const Status status = begin_part(); !status) events_.failure(failure_of(status.error()));
}

// The current source holds its first picture.
Status JoinedSource::begin_part() {
  Opened& source = current();
  part_ = part_of(task_.sources[source.index], part_.offset);
  reached_ = Nanoseconds(0);
  auto cutter = make_from(part_spec(part_));
  if (!cutter) return cutter.error();
  cutter_ = *cutter;
  gst_bin_add(bin_, cutter_);
  gst_element_sync_state_with_parent(cutter_);
  const auto in = glue::adopt(gst_element_get_static_pad(cutter_, "sink"));
  const auto out = glue::adopt(gst_element_get_static_pad(cutter_, "src"));
  const auto entry = joiner_.entry(source.index);
  gst_pad_add_probe(
      out.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      &JoinedSource::passes, this, nullptr);
  if (gst_pad_link(out.get(), entry.get()) != GST_PAD_LINK_OK ||
      gst_pad_link(source.source.decoded(), in.get()) != GST_PAD_LINK_OK) {
    return Error{ErrorCode::Internal, "cannot link the decoded video", {}};
  }
  source.source.release();
  return success();
}

// On the cutter's streaming thread. Its output counts from 0.
GstPadProbeReturn JoinedSource::passes(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) {
  auto& joined = *static_cast<JoinedSource*>(self);
  if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    const GstBuffer* picture = GST_PAD_PROBE_INFO_BUFFER(info);
    joined.reached_ = Nanoseconds(
        static_cast<std::int64_t>(GST_BUFFER_PTS(picture) + GST_BUFFER_DURATION(picture)));
    return GST_PAD_PROBE_OK;
  }
  return GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS ? joined.part_ends()
                                                                         : GST_PAD_PROBE_OK;
}

GstPadProbeReturn JoinedSource::part_ends() {
  std::size_t index = 0;
  bool has_ended = false;
  bool is_damaged = false;
  {
    const std::lock_guard lock(mutex_);
    index = current_->index;
    is_damaged = current_->is_damaged;
    has_ended = has_ended_;
    current_->source.stop_measuring();  // the cutter may have ended the part
  }
  if (reached_ == Nanoseconds(0) && !has_ended) {
    events_.failure(no_picture_in_part(task_.sources[index], is_damaged));
    return GST_PAD_PROBE_DROP;
  }
  ended_ = index + 1;
  if (ended_ < places_.size()) events_.later([this] { end_part(); }, kNow);
  return GST_PAD_PROBE_OK;
}

void JoinedSource::close_part() {
  current().source.close();
  if (cutter_ != nullptr) take_out(bin_, cutter_);
  cutter_ = nullptr;
}

void JoinedSource::end_part() {
  const std::size_t next = current().index + 1;
  close_part();
  part_.offset += reached_;
  if (!is_next_wanted(next)) {
    end_entries();
    return;
  }
  const Status status = open_source(next, Purpose::Part);
  if (status) {
    follow_current();
  } else {
    events_.failure(failure_of(status.error()));
  }
}

bool JoinedSource::is_next_wanted(std::size_t index) const {
  return !has_ended() && is_wanted(part_of(task_.sources[index], part_.offset), task_.animations,
                                   facts_.whole().length);
}

// The joiner gets the end of the parts that do not come.
void JoinedSource::end_entries() {
  joiner_.end_from(std::exchange(ended_, places_.size()));
}

// The joiner has no more than what it got. In a job.
void JoinedSource::end_here() {
  close_part();
  end_entries();
}

bool JoinedSource::has_ended() const {
  const std::lock_guard lock(mutex_);
  return has_ended_;
}

// A later source that is being opened has nothing to end, and is closed.
void JoinedSource::end() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  events_.later(
      [this] {
        if (!current().source.has_picture()) end_here();
      },
      kNow);
  Source& source = current().source;
  if (source.has_picture()) source.end();
}

std::optional<JoinedSource::Damaged> JoinedSource::mark_damaged(GstObject* object) {
  const std::lock_guard lock(mutex_);
  Opened* owner = owner_of(object);
  if (owner == nullptr || std::exchange(owner->is_damaged, true)) return {};
  return Damaged{places_[owner->index].rules.place.uri, [owner] { owner->source.end(); }};
}

bool JoinedSource::follow_bin() {
  return joiner_.follow_bin() && current().source.follow_bin();
}

void JoinedSource::close() {
  // Downstream first: what is upstream may wait for it.
  joiner_.close();
  if (cutter_ != nullptr) take_out(bin_, cutter_);
  cutter_ = nullptr;
  for (Opened& opened : opened_) opened.source.close();
}

// ---- what others want to know -------------------------------------------------------------------

// Called with mutex_ held.
JoinedSource::Opened* JoinedSource::owner_of(GstObject* object) const {
  const auto owner = std::find_if(opened_.begin(), opened_.end(), [&](const Opened& opened) {
    return opened.source.contains(object);
  });
  return owner != opened_.end() ? &*owner : nullptr;
}

// Called with mutex_ held. The first source waits with its picture while others are looked at.
bool JoinedSource::is_read(const Opened& opened) const {
  return !opened.is_given_up && (&opened == current_ || (!is_open_ && &opened == first_));
}

bool JoinedSource::contains(GstObject* object) const {
  const std::lock_guard lock(mutex_);
  return owner_of(object) != nullptr;
}

void JoinedSource::note(GstMessage* message) {
  const std::lock_guard lock(mutex_);
  Opened* owner = owner_of(GST_MESSAGE_SRC(message));
  if (owner != nullptr && is_read(*owner)) owner->source.note(message);
}

std::optional<Failure> JoinedSource::explain(GstMessage* message) {
  Opened* owner = nullptr;
  {
    const std::lock_guard lock(mutex_);
    owner = owner_of(GST_MESSAGE_SRC(message));
    if (owner == nullptr || !is_read(*owner) || owner->is_damaged) return {};
    const bool has_picture = owner->source.has_picture();
    if (has_picture && owner->purpose == Purpose::Look) return {};
    if (!has_picture && has_ended_) return {};
  }
  return owner->source.explain(message);
}

std::optional<JoinedSource::Opening> JoinedSource::opening() const {
  const std::lock_guard lock(mutex_);
  if (current_ == nullptr || current_->source.has_picture()) return {};
  const auto index = static_cast<unsigned>(current_->index);
  return Opening{.number = 2 * index + (current_->purpose == Purpose::Part ? 1 : 2),
                 .uri = places_[current_->index].rules.place.uri,
                 .is_at_rest = !current_->is_given_up && current_->source.is_at_rest(),
                 .gave_up = current_->source.gave_up()};
}

bool JoinedSource::has_picture(GstObject* object) const {
  const std::lock_guard lock(mutex_);
  const Opened* owner = owner_of(object);
  return owner != nullptr && owner->source.has_picture();
}

SourceCounts JoinedSource::counts() const {
  const std::lock_guard lock(mutex_);
  SourceCounts sum;
  for (const Opened& opened : opened_) sum += opened.source.counts();
  return sum;
}

std::optional<Failure> JoinedSource::broke_off() const {
  const std::lock_guard lock(mutex_);
  for (const Opened& opened : opened_) {
    if (auto failure = opened.source.broke_off()) return failure;
  }
  return {};
}

std::vector<JoinedSource::Shortfall> JoinedSource::shortfalls() const {
  const std::lock_guard lock(mutex_);
  std::vector<Shortfall> out;
  for (const Opened& opened : opened_) {
    const auto extent = opened.source.shortfall();
    if (extent) out.push_back({places_[opened.index].rules.place.uri, *extent});
  }
  return out;
}

}  // namespace anim
