// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/run.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "gst/core/text.h"
#include "gst/core/uri.h"
#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/report.h"
#include "plugins/animtask/flow_limits.h"
#include "plugins/animtask/graph.h"
#include "plugins/animtask/places.h"
#include "plugins/animtask/plan_json.h"

namespace anim {
namespace {

constexpr unsigned kRestsUntilDead = 4;

// An error of the file system at an output's place.
Failure output_failure(const Error& error) {
  const bool full = error.code == ErrorCode::NoSpaceLeft;
  return {full ? TaskCode::DiskFull : TaskCode::OutputFailed, error};
}

std::string seconds_text(Nanoseconds time) {
  constexpr std::int64_t kMillisecond = 1'000'000;
  return readable(Rational(mul_div_round(time.count(), 1, kMillisecond), 1000)) + " s";
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

}  // namespace

TaskRun::TaskRun(GstBin* bin, Task task, RunSettings settings, RunEvents events)
    : bin_(bin),
      task_(std::move(task)),
      settings_(std::move(settings)),
      events_(std::move(events)),
      stores_(settings_.store_settings, stop_),
      progress_(GST_ELEMENT(bin)),
      record_(GST_ELEMENT(bin), task_, settings_.storage_root, stores_) {}

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
  if (first_failure() || !open_source() || source_->follow_bin()) return;
  const auto said = first_failure();
  if (!said) fail(failure_of({ErrorCode::Internal, "the source's elements do not start", {}}));
}

// Called with jobs_ held.
bool TaskRun::open_source() {
  if (const auto failure = make_targets()) {
    const auto said = first_failure();
    if (!said && stop_.is_stopped()) return false;  // cancel() is waiting for jobs_
    fail(said ? *said : *failure);
    return false;
  }
  const Status status = source_->open();
  if (!status) {
    fail(failure_of(status.error()));
    return false;
  }
  watchdog_.start([weak = weak_from_this()] {
    if (const auto run = weak.lock()) run->watch();
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
  {
    const std::lock_guard lock(mutex_);
    if (failure_ || is_decided_) return;
    failure_ = failure_of(took_too_long(settings_.limits));
    schedule([this] { end_or_fail(); });
  }
  stop_.stop();
}

std::optional<Failure> TaskRun::make_targets() {
  if (const auto service = stores_.message_service(); task_.topic && !service) {
    return failure_of(service.error());
  }
  const Surroundings around{settings_.storage_root, settings_.limits, stores_};
  auto sources = find_sources(task_, around);
  if (!sources) return failure_of(sources.error());
  const auto targets = find_targets(task_, *sources, utc_time(record_.begun()), around);
  if (!targets) return failure_of(targets.error());
  for (std::size_t i = 0; i < targets->size(); ++i) {
    Output& output = outputs_.emplace_back();
    output.request = &task_.animations[i];
    output.target = (*targets)[i];
    output.on_sample = [this, &output] { take_sample(output); };
  }
  make_source(std::move(*sources));
  const std::lock_guard lock(mutex_);
  has_source_ = true;
  return {};
}

void TaskRun::make_source(std::vector<SourceInput> places) {
  source_.emplace(
      bin_, task_, std::move(places),
      JoinedSource::Events{
          [this] { become_open(); }, [this](Failure failure) { note_failure(std::move(failure)); },
          [this](JoinedSource::Job job, std::chrono::milliseconds delay) {
            schedule(
                [this, job = std::move(job)] {
                  if (!first_failure()) job();
                },
                delay);
          },
          [this](const TaskSource& source, GstPad* pad) { watch_size(source, pad); }});
}

// On the streaming thread that is about to decode, or has begun to.
void TaskRun::watch_size(const TaskSource& source, GstPad* pad) {
  watch_pictures(pad, [this, &source](Size size) {
    const Status status = check_picture(source.path, size, settings_.limits);
    if (!status) note_failure(failure_of(status.error()));
    return status.ok();
  });
}

// On the branch's thread.
void TaskRun::take_sample(Output& output) {
  const std::uint64_t count = ++output.samples;
  if (settings_.limits.frames > 0 && count > settings_.limits.frames) {
    note_failure(failure_of(too_many_frames(*output.request, settings_.limits)));
  }
  progress_.step();
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
  PlanBudget budget(settings_.limits);
  std::vector<PlannedOutput> planned;
  std::optional<std::uint64_t> total = 0;
  for (Output& output : outputs_) {
    const auto plan = plan_output(*output.request, facts);
    if (!plan) return failure_of(plan.error());
    if (Status status = budget.take(*output.request, *plan); !status) {
      return failure_of(status.error());
    }
    output.plan = *plan;
    planned.push_back(
        {output.target.place.uri, output.request->format, output.request->loop_count, *plan});
    if (!plan->frames) total.reset();
    if (total) *total += *plan->frames;
    for (const std::string& warning : output.target.warnings) record_.warn(warning);
    for (const std::string& warning : plan->warnings) record_.warn(warning);
  }
  progress_.expect(total);
  events_.plan(plan_json(facts, planned, record_.warnings()));
  return {};
}

// While a source is being opened, so that nothing hangs: neither a source that is slow beyond all
// measure, nor one that has given up without an error.
void TaskRun::watch() {
  const auto opening = source_->opening();
  if (!opening) return;
  if (std::exchange(watched_opening_, opening->number) != opening->number) watched_ = at_rest_ = 0;
  ++watched_;
  at_rest_ = opening->is_at_rest ? at_rest_ + 1 : 0;
  if (at_rest_ >= kRestsUntilDead) {
    note_failure(opening->gave_up);
    return;
  }
  if (settings_.open_timeout == 0 || watched_ * Watchdog::kEvery < settings_.open_timeout) return;
  const std::string seconds =
      Rational(static_cast<std::int64_t>(settings_.open_timeout), kSecond).to_string();
  note_failure(
      {TaskCode::SourceUnreadable,
       Error{ErrorCode::ReadFailed,
             quoted(opening->uri) + " gave no picture within " + seconds + " s (open-timeout)",
             {}}});
}

// ---- running ------------------------------------------------------------------------------------

bool TaskRun::start() {
  const std::lock_guard lock(jobs_);
  if (phase_ != Phase::Open) return phase_ != Phase::Opening;
  if (const auto failure = build_outputs()) {
    fail(*failure);
    return false;
  }
  phase_ = Phase::Running;
  record_.begin_phase("sample", "Sampling the video");
  record_.begin_phase("encode", "Encoding the animations");
  return true;
}

std::optional<Failure> TaskRun::build_outputs() {
  publication_.emplace(settings_.storage_root, settings_.spool_dir, stores_);
  for (Output& output : outputs_) {
    auto file = publication_->stage(output.target.place, output.request->format);
    if (!file) return output_failure(file.error());
    output.file = *file;
  }
  auto tee = make_element("tee");
  if (!tee) return failure_of(tee.error());
  tee_ = *tee;
  gst_bin_add(bin_, tee_);
  for (Output& output : outputs_) {
    if (auto failure = build_branch(output)) return failure;
  }
  gst_element_set_state(tee_, GST_STATE_PAUSED);
  const auto entry = glue::adopt(gst_element_get_static_pad(tee_, "sink"));
  watch_timeline(entry.get(), settings_.limits.duration,
                 [this] { note_failure(failure_of(timeline_too_long(settings_.limits))); });
  if (gst_pad_link(source_->pictures(), entry.get()) == GST_PAD_LINK_OK) return {};
  return failure_of({ErrorCode::Internal, "cannot link the decoded video", {}});
}

namespace {

// Threads for each of so many animations, which run side by side; 0 = all, for a single one.
unsigned share_of_cores(std::size_t animations) {
  if (animations < 2) return 0;
  return std::max(1U, std::thread::hardware_concurrency() / static_cast<unsigned>(animations));
}

}  // namespace

std::optional<Failure> TaskRun::build_branch(Output& output) {
  output.branch.emplace(bin_);
  {
    const std::lock_guard lock(mutex_);
    running_.emplace(GST_OBJECT(output.branch->element()), &output);
  }
  const SourceFacts& facts = source_->facts();
  const BranchPlan plan{.request = *output.request,
                        .output = output.plan,
                        .file = output.file,
                        .threads = share_of_cores(outputs_.size()),
                        .deinterlace = facts.may_be_interlaced,
                        .common = source_->has_unlike_parts()
                                      ? std::optional(CommonPicture{facts.size, facts.has_alpha})
                                      : std::nullopt};
  if (Status status = output.branch->make(plan, &output.on_sample); !status) {
    return failure_of(status.error());
  }
  watch_file(output.branch->sink(), settings_.limits.output_bytes, [this, &output] {
    note_failure(
        failure_of(output_too_large(*output.request, output.target.place.uri, settings_.limits)));
  });
  const Status status = output.branch->attach(tee_);
  if (status) return {};
  // The element that could not start has said why.
  const auto said = first_failure();
  return said ? *said : failure_of(status.error());
}

void TaskRun::flow() {
  const std::lock_guard lock(jobs_);
  if (phase_ == Phase::Running) source_->release();
}

void TaskRun::end_source() {
  const std::lock_guard lock(mutex_);
  if (is_done_) return;
  is_ended_early_ = true;
  // A decoder whose input ends while it is being set up may fail or not.
  if (!has_source_ || !source_->is_open()) {
    if (failure_) return;
    failure_ = Failure{
        TaskCode::Cancelled,
        Error{ErrorCode::InvalidArgument, "the task was ended before its source was open", {}}};
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
      branch_ended(GST_MESSAGE_SRC(message));
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

void TaskRun::branch_ended(GstObject* branch) {
  const std::lock_guard lock(mutex_);
  if (running_.erase(branch) == 0 || !running_.empty()) return;
  schedule([this] { end_or_fail(); });
}

void TaskRun::hold_error(GstMessage* message) {
  {
    const std::lock_guard lock(mutex_);
    if (is_done_ || failure_) return;
  }
  GstObject* origin = GST_MESSAGE_SRC(message);
  if (!source_->contains(origin)) {
    note_failure(explain_output(message));
    return;
  }
  if (source_->try_again(message)) return;
  auto failure = source_->explain(message);
  if (!failure) return;
  const bool is_damage = is_stream_error(message) && failure->code != TaskCode::Unsupported;
  if (!source_->has_picture(origin) || !is_damage) {
    note_failure(std::move(*failure));
    return;
  }
  // A damaged file gives what could be read of it.
  auto damaged = source_->mark_damaged(origin);
  if (!damaged) return;
  record_.warn(failure->error.message +
               (task_.sources.size() > 1 ? "; its part ends there" : "; the animations end there"));
  {
    const std::lock_guard lock(mutex_);
    damaged_ = std::move(damaged->uri);
  }
  glue::call_later(GST_ELEMENT(bin_),
                   [self = shared_from_this(), end = std::move(damaged->end)] { end(); });
}

// An encoder that complains before its first sample has been given none.
Failure TaskRun::explain_output(GstMessage* message) {
  Error said = error_of(message);
  const std::lock_guard lock(mutex_);
  for (const auto& [branch, output] : running_) {
    if (gst_object_has_as_ancestor(GST_MESSAGE_SRC(message), branch) == FALSE) continue;
    if (output->samples > 0 || said.code != ErrorCode::InvalidArgument) {
      said.message = quoted(output->target.place.uri) + ": " + said.message;
      break;
    }
    return explain_no_sample(*output->request, said.detail);
  }
  return failure_of(said);
}

// Called with mutex_ held.
Failure TaskRun::explain_no_sample(const AnimationRequest& request,
                                   const std::string& detail) const {
  if (request.mode == SamplingMode::Key && !damaged_ && !is_ended_early_) {
    return {
        TaskCode::InvalidArgument,
        Error{ErrorCode::InvalidArgument,
              request.path + "/Mode: key finds no random access point in this part of the video",
              detail}};
  }
  if (damaged_) {
    return {TaskCode::SourceUnreadable,
            Error{ErrorCode::ReadFailed,
                  quoted(*damaged_) + " is damaged before the first picture of " + request.path,
                  detail}};
  }
  if (is_ended_early_) {
    return {TaskCode::Cancelled,
            Error{ErrorCode::InvalidArgument,
                  "the task was ended before the first picture of " + request.path, detail}};
  }
  return {TaskCode::StartTimeOutOfRange,
          Error{ErrorCode::OutOfRange,
                request.path + "/StartTime: " + readable(request.start_time) +
                    " s is at or after the end of the video: there is no picture to sample",
                detail}};
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
  const std::lock_guard lock(mutex_);
  if (failure_ || is_done_) return;
  failure_ = std::move(failure);
  schedule([this] { end_or_fail(); });
}

std::optional<Failure> TaskRun::first_failure() {
  const std::lock_guard lock(mutex_);
  return failure_;
}

// Called with jobs_ held.
void TaskRun::end_or_fail() {
  if (const auto failure = first_failure()) {
    fail(*failure);
    return;
  }
  if (const auto failure = source_->broke_off()) {
    fail(*failure);
    return;
  }
  finish();
}

void TaskRun::fail_now() {
  const std::lock_guard lock(jobs_);
  if (phase_ == Phase::Done) return;
  const auto failure = first_failure();
  fail(failure ? *failure
               : failure_of({ErrorCode::Internal, "the source's elements do not start", {}}));
}

// Called with jobs_ held.
void TaskRun::tear_down() {
  {
    const std::lock_guard lock(mutex_);
    is_done_ = true;
  }
  phase_ = Phase::Done;
  watchdog_.stop();
  // Downstream first: what is upstream may wait for it.
  for (Output& output : outputs_) {
    if (output.branch) take_out(bin_, output.branch->element());
    output.branch.reset();
  }
  if (tee_ != nullptr) take_out(bin_, tee_);
  tee_ = nullptr;
  if (source_) source_->close();
}

// Called with jobs_ held.
void TaskRun::finish() {
  record_.end_phases(GST_PROGRESS_TYPE_COMPLETE, "Done");
  record_.begin_phase("store", "Putting the animations in their places");
  std::vector<BranchStats> stats;
  for (const Output& output : outputs_) stats.push_back(output.branch->stats());
  warn_of_shortfalls();
  tear_down();  // closes the files
  const auto failure = collect(stats);
  if (const auto late = decide(); failure && late) {
    fail(*late);
    return;
  }
  if (failure && stop_.is_stopped()) {
    take_back();
    return;
  }
  if (failure) {
    fail(*failure);
    return;
  }
  record_.end_phases(GST_PROGRESS_TYPE_COMPLETE, "All animations are in their places");
  progress_.finish();
  conclude();
  gst_element_post_message(GST_ELEMENT(bin_), gst_message_new_eos(GST_OBJECT(bin_)));
}

// The outputs are in their places or not: nothing fails the run any more. What has till now.
std::optional<Failure> TaskRun::decide() {
  const std::lock_guard lock(mutex_);
  is_decided_ = true;
  return failure_;
}

// Called with jobs_ held.
void TaskRun::warn_of_shortfalls() {
  for (const auto& [uri, extent] : source_->shortfalls()) {
    record_.warn(quoted(uri) + " states a length of " + seconds_text(extent.stated) +
                 ", but its video ends after " + seconds_text(extent.reached) +
                 "; another track is longer, or the file was cut off");
  }
}

// The results of all branches, whose files are complete; then the files go to their places.
std::optional<Failure> TaskRun::collect(const std::vector<BranchStats>& stats) {
  std::vector<OutputResult> results;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const Output& output = outputs_[i];
    const auto sum = sum_of(output.file);
    if (!sum) return output_failure(sum.error());
    results.push_back({.uri = output.target.place.uri,
                       .format = output.request->format,
                       .size = stats[i].size,
                       .frame_count = stats[i].frame_count,
                       .stored_frames = stats[i].stored_frames,
                       .duration = stats[i].duration,
                       .loop_count = output.request->loop_count,
                       .bytes = sum->bytes,
                       .md5 = sum->md5});
  }
  if (const Status status = publication_->publish(); !status) {
    return output_failure(status.error());
  }
  record_.note_outputs(std::move(results));
  return {};
}

// Called with jobs_ held.
void TaskRun::fail(const Failure& failure) {
  auto* element = GST_ELEMENT(bin_);
  const bool was_opening = phase_ == Phase::Opening;
  tear_down();
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
  }
  record_.note_failure(failure,
                       publication_ ? publication_->published() : std::vector<std::string>());
  publication_.reset();
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
  record_.note_failure(
      {TaskCode::Cancelled,
       Error{ErrorCode::InvalidArgument, "the task was stopped before its end", {}}},
      publication_ ? publication_->published() : std::vector<std::string>());
  publication_.reset();
  record_.end_phases(GST_PROGRESS_TYPE_CANCELED, "Stopped before the end");
  conclude();
}

void TaskRun::conclude() {
  timeout_.stop();
  if (source_) record_.note_source(source_->decoded_frames(), source_->bytes_read());
  record_.conclude(events_.result);
}

}  // namespace anim
