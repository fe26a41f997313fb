// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/run.h"

#include <thread>
#include <utility>

#include "gst/core/text.h"
#include "gst/glue/element.h"
#include "gst/glue/report.h"
#include "plugins/animtask/child_errors.h"
#include "plugins/animtask/flow_limits.h"

namespace anim {
namespace {

// Of all outputs together; nothing when that of one is unknown.
std::optional<std::uint64_t> total_frames(const std::vector<PlannedOutput>& outputs) {
  std::uint64_t total = 0;
  for (const PlannedOutput& output : outputs) {
    if (!output.plan.frames) return {};
    total += *output.plan.frames;
  }
  return total;
}

Failure do_not_start() {
  return failure_of({ErrorCode::Internal, "the source's elements do not start", {}});
}

Failure cancelled(const char* why) {
  return {TaskCode::Cancelled, Error{ErrorCode::InvalidArgument, why, {}}};
}

}  // namespace

TaskRun::TaskRun(GstBin* bin, Task task, RunSettings settings, RunEvents events)
    : bin_(bin),
      task_(std::move(task)),
      settings_(std::move(settings)),
      events_(std::move(events)),
      stores_(settings_.store_settings, stop_),
      outputs_(bin, task_, surroundings(), settings_.spool_dir, output_events()),
      progress_(GST_ELEMENT(bin)),
      record_(GST_ELEMENT(bin), task_, settings_.task_id, settings_.storage_root, stores_),
      opening_watch_(settings_.open_timeout) {}

Surroundings TaskRun::surroundings() const {
  return {settings_.storage_root, settings_.limits, stores_, settings_.task_id};
}

OutputSet::Events TaskRun::output_events() {
  return {.sample = [this] { progress_.step(); },
          .failure = [this](Failure failure) { note_failure(std::move(failure)); },
          .warning = [this](const std::string& text) { record_.warn(text); }};
}

// ---- opening ------------------------------------------------------------------------------------

bool TaskRun::open() {
  const std::lock_guard lock(jobs_);
  record_.begin_phase("open", "Opening the source");
  start_timeout();
  if (!is_any_source_stored(task_, stores_)) return open_source();
  // Stores are asked first, which may take its time.
  schedule([this] { open_stored_source(); });
  return true;
}

// Called with jobs_ held.
void TaskRun::open_stored_source() {
  if (verdict_.failure() || !open_source() || source_->follow_bin()) return;
  if (!verdict_.failure()) fail(do_not_start());
}

// Called with jobs_ held.
bool TaskRun::open_source() {
  if (const auto failure = find_places()) {
    const auto said = verdict_.failure();
    if (!said && stop_.is_stopped()) return false;  // cancel() is waiting for jobs_
    fail(said.value_or(*failure));
    return false;
  }
  const Status status = source_->open();
  if (!status) {
    fail(failure_of(status.error()));
    return false;
  }
  watchdog_.start([weak = weak_from_this()] {
    if (const auto run = weak.lock()) run->watch_opening();
  });
  return true;
}

void TaskRun::start_timeout() {
  using Clock = std::chrono::steady_clock;
  if (settings_.limits.timeout.count() == 0) return;
  timeout_.start([weak = weak_from_this(), end = Clock::now() + settings_.limits.timeout] {
    if (Clock::now() < end) return;
    if (const auto run = weak.lock()) run->give_up_late();
  });
}

// Also while the outputs are uploaded, when nothing else can fail the run any more.
void TaskRun::give_up_late() {
  if (!verdict_.fail_late(failure_of(took_too_long(settings_.limits)))) return;
  schedule([this] { end_or_fail(); });
  stop_.stop();
}

std::optional<Failure> TaskRun::find_places() {
  if (const auto service = stores_.message_service(); task_.topic && !service) {
    return failure_of(service.error());
  }
  auto sources = find_sources(task_, surroundings());
  if (!sources) return failure_of(sources.error());
  auto targets = find_targets(task_, *sources, utc_time(record_.begun()), surroundings());
  if (!targets) return failure_of(targets.error());
  outputs_.set_targets(std::move(*targets));
  source_.emplace(bin_, task_, std::move(*sources), source_events());
  has_source_ = true;
  return {};
}

JoinedSource::Events TaskRun::source_events() {
  return {[this] { become_open(); }, [this](Failure failure) { note_failure(std::move(failure)); },
          [this] { return verdict_.failure().has_value(); },
          [this](JoinedSource::Job job, std::chrono::milliseconds delay) {
            schedule(
                [this, job = std::move(job)] {
                  if (!verdict_.failure()) job();
                },
                delay);
          },
          [this](const TaskSource& source, GstPad* pad) { watch_size(source, pad); }};
}

// On the streaming thread that is about to decode, or has begun to.
void TaskRun::watch_size(const TaskSource& source, GstPad* pad) {
  watch_pictures(pad, [this, &source](Size size) {
    const Status status = check_picture(source.path, size, settings_.limits);
    if (!status) note_failure(failure_of(status.error()));
    return status.ok();
  });
}

// Called with jobs_ held.
void TaskRun::become_open() {
  if (const auto failure = make_plan()) {
    note_failure(*failure);
    return;
  }
  phase_ = Phase::Open;
  record_.end_phases(GST_PROGRESS_TYPE_COMPLETE, "The source is open");
  events_.opened();
}

std::optional<Failure> TaskRun::make_plan() {
  const SourceFacts& facts = source_->facts();
  if (facts.length) {
    const Status status = check_timeline(*facts.length, settings_.limits);
    if (!status) return failure_of(status.error());
  }
  const auto planned = outputs_.plan(facts);
  if (!planned) return failure_of(planned.error());
  progress_.expect(total_frames(*planned));
  events_.plan(plan_json(facts, *planned, record_.warnings()));
  return {};
}

// On the watchdog's thread.
void TaskRun::watch_opening() {
  const auto opening = source_->opening();
  if (!opening) return;
  if (auto failure = opening_watch_.look(*opening)) note_failure(std::move(*failure));
}

// ---- running ------------------------------------------------------------------------------------

bool TaskRun::start() {
  const std::lock_guard lock(jobs_);
  if (phase_ != Phase::Open) return phase_ != Phase::Opening;
  const auto failure =
      outputs_.build(source_->pictures(), source_->facts(), source_->has_unlike_parts());
  if (failure) {
    // An element that could not start has said why.
    fail(verdict_.failure().value_or(*failure));
    return false;
  }
  phase_ = Phase::Running;
  record_.begin_phase("sample", "Sampling the video");
  record_.begin_phase("encode", "Encoding the animations");
  return true;
}

void TaskRun::flow() {
  const std::lock_guard lock(jobs_);
  if (phase_ == Phase::Running) source_->release();
}

void TaskRun::end_source() {
  if (!verdict_.is_open()) return;
  verdict_.note_early_end();
  // A decoder whose input ends while it is being set up may fail or not.
  if (!has_source_ || !source_->is_open()) {
    if (!verdict_.fail(cancelled("the task was ended before its source was open"))) return;
    stop_.stop();
    schedule([this] { end_or_fail(); });
    return;
  }
  // Without jobs_: it waits for the unit in the decoder, and cancel() makes it give up.
  glue::call_later(GST_ELEMENT(bin_), [self = shared_from_this()] { self->source_->end(); });
}

// ---- messages of children -----------------------------------------------------------------------

bool TaskRun::hold_back(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_EOS:
      if (outputs_.note_end(GST_MESSAGE_SRC(message))) schedule([this] { end_or_fail(); });
      return true;
    case GST_MESSAGE_ERROR:
      hold_error(message);
      return true;
    case GST_MESSAGE_WARNING:
      record_.note_warning(message);
      return false;
    case GST_MESSAGE_ASYNC_START:
    case GST_MESSAGE_ASYNC_DONE:
      // A later source that is opened does not set the bin back.
      return source_->is_open() && source_->contains(GST_MESSAGE_SRC(message));
    case GST_MESSAGE_STREAM_COLLECTION:
    case GST_MESSAGE_ELEMENT:
    case GST_MESSAGE_NEED_CONTEXT:
      source_->note(message);
      return GST_MESSAGE_TYPE(message) != GST_MESSAGE_NEED_CONTEXT;
    case GST_MESSAGE_BUFFERING:
    case GST_MESSAGE_QOS:
    case GST_MESSAGE_PROGRESS:
    case GST_MESSAGE_STREAMS_SELECTED:
      return true;
    default:
      return false;
  }
}

void TaskRun::hold_error(GstMessage* message) {
  if (!verdict_.is_open()) return;
  auto error = understand(message, *source_, outputs_, verdict_.circumstances());
  if (error.failure) note_failure(std::move(*error.failure));
  if (!error.damaged) return;
  record_.warn(error.damage +
               (task_.sources.size() > 1 ? "; its part ends there" : "; the animations end there"));
  verdict_.note_damage(std::move(error.damaged->uri));
  glue::call_later(GST_ELEMENT(bin_),
                   [self = shared_from_this(), end = std::move(error.damaged->end)] { end(); });
}

// ---- the end ------------------------------------------------------------------------------------

void TaskRun::schedule(std::function<void()> job, std::chrono::milliseconds delay) {
  glue::call_later(GST_ELEMENT(bin_), [self = shared_from_this(), job = std::move(job), delay] {
    std::this_thread::sleep_for(delay);
    const std::lock_guard lock(self->jobs_);
    if (self->phase_ != Phase::Done) job();
  });
}

void TaskRun::note_failure(Failure failure) {
  if (verdict_.fail(std::move(failure))) schedule([this] { end_or_fail(); });
}

// Called with jobs_ held.
void TaskRun::end_or_fail() {
  auto failure = verdict_.failure();
  if (!failure) failure = source_->broke_off();
  if (failure) {
    fail(*failure);
  } else {
    finish();
  }
}

void TaskRun::fail_now() {
  const std::lock_guard lock(jobs_);
  if (phase_ != Phase::Done) fail(verdict_.failure().value_or(do_not_start()));
}

// Called with jobs_ held.
void TaskRun::tear_down() {
  verdict_.close();
  phase_ = Phase::Done;
  watchdog_.stop();
  outputs_.close();
  if (source_) source_->close();
}

// Called with jobs_ held.
void TaskRun::finish() {
  record_.end_phases(GST_PROGRESS_TYPE_COMPLETE, "Done");
  record_.begin_phase("store", "Putting the animations in their places");
  outputs_.note_stats();
  for (const auto& [uri, extent] : source_->shortfalls()) record_.warn_of_shortfall(uri, extent);
  tear_down();
  const auto failure = publish();
  if (failure && failure->code == TaskCode::Cancelled) {
    take_back();
    return;
  }
  if (failure) {
    fail(*failure);
    return;
  }
  record_.note_outputs(outputs_.results());
  record_.end_phases(GST_PROGRESS_TYPE_COMPLETE, "All animations are in their places");
  progress_.finish();
  conclude();
  gst_element_post_message(GST_ELEMENT(bin_), gst_message_new_eos(GST_OBJECT(bin_)));
}

// Sums the outputs up and writes the journal.
std::optional<Failure> TaskRun::announce() {
  record_.note_source(source_->counts());
  if (auto failure = outputs_.sum_up()) return failure;
  if (settings_.journal.empty()) return {};
  const Status status = write_journal(settings_.journal, record_.success_json(outputs_.results()));
  return status ? std::nullopt : std::optional(failure_of(status.error()));
}

// Cancelled, or too late, is what stopped it and not what that made of it.
std::optional<Failure> TaskRun::publish() {
  auto failure = announce();
  if (!failure) failure = outputs_.publish(!settings_.journal.empty());
  auto late = verdict_.decide();
  if (!failure) return {};
  if (late) return late;
  return stop_.is_stopped() ? cancelled("the task was stopped before its end") : failure;
}

// Called with jobs_ held.
void TaskRun::fail(const Failure& failure) {
  auto* element = GST_ELEMENT(bin_);
  const bool was_opening = phase_ == Phase::Opening;
  tear_down();
  verdict_.settle(failure);
  record_.note_failure(failure, outputs_.take_back());
  record_.end_phases(GST_PROGRESS_TYPE_ERROR, failure.error.message.c_str());
  conclude();
  glue::post_error(element, failure.error);
  if (was_opening) gst_element_abort_state(element);
}

void TaskRun::cancel() {
  stop_.stop();  // a job that waits for a network holds jobs_
  const std::lock_guard lock(jobs_);
  if (phase_ == Phase::Done) return;
  const bool had_begun = phase_ == Phase::Running;
  tear_down();
  if (had_begun) {
    take_back();
  } else {
    timeout_.stop();
    record_.end_phases(GST_PROGRESS_TYPE_CANCELED, "Stopped before the end");
  }
}

// Called with jobs_ held, after tear_down(): a run that had begun was stopped.
void TaskRun::take_back() {
  record_.note_failure(cancelled("the task was stopped before its end"), outputs_.take_back());
  record_.end_phases(GST_PROGRESS_TYPE_CANCELED, "Stopped before the end");
  conclude();
}

void TaskRun::conclude() {
  timeout_.stop();
  if (source_) record_.note_source(source_->counts());
  record_.conclude(events_.result);
}

}  // namespace anim
