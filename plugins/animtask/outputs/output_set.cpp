// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/outputs/output_set.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "gst/core/task_limits.h"
#include "gst/core/text.h"
#include "gst/glue/graph.h"
#include "gst/glue/handle.h"
#include "plugins/animtask/flow_limits.h"

namespace anim {
namespace {

// An error of the file system at an output's place.
Failure output_failure(const Error& error) {
  const bool full = error.code == ErrorCode::NoSpaceLeft;
  return {full ? TaskCode::DiskFull : TaskCode::OutputFailed, error};
}

// Threads for each of so many animations, which run side by side; 0 = all, for a single one.
unsigned share_of_cores(std::size_t animations) {
  if (animations < 2) return 0;
  return std::max(1U, std::thread::hardware_concurrency() / static_cast<unsigned>(animations));
}

}  // namespace

OutputSet::OutputSet(GstBin* bin, const Task& task, const Surroundings& around,
                     std::string spool_dir, Events events)
    : bin_(bin),
      task_(task),
      around_(around),
      spool_dir_(std::move(spool_dir)),
      events_(std::move(events)) {}

void OutputSet::set_targets(std::vector<OutputTarget> targets) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    Output& output = outputs_.emplace_back();
    output.request = &task_.animations[i];
    output.target = std::move(targets[i]);
    output.on_sample = [this, &output] { take_sample(output); };
  }
}

// On the branch's thread.
void OutputSet::take_sample(Output& output) {
  const std::uint64_t count = ++output.samples;
  if (around_.limits.frames > 0 && count > around_.limits.frames) {
    events_.failure(failure_of(too_many_frames(*output.request, around_.limits)));
  }
  events_.sample();
}

Result<std::vector<PlannedOutput>> OutputSet::plan(const SourceFacts& facts) {
  PlanBudget budget(around_.limits);
  std::vector<PlannedOutput> planned;
  for (Output& output : outputs_) {
    const auto plan = plan_output(*output.request, facts);
    if (!plan) return plan.error();
    if (Status status = budget.take(*output.request, *plan); !status) return status.error();
    output.plan = *plan;
    planned.push_back(
        {output.target.place.uri, output.request->format, output.request->loop_count, *plan});
    for (const std::string& warning : output.target.warnings) events_.warning(warning);
    for (const std::string& warning : plan->warnings) events_.warning(warning);
  }
  return planned;
}

std::optional<Failure> OutputSet::build(GstPad* pictures, const SourceFacts& facts, bool is_mixed) {
  if (auto failure = stage()) return failure;
  auto tee = make_element("tee");
  if (!tee) return failure_of(tee.error());
  tee_ = *tee;
  gst_bin_add(bin_, tee_);
  for (Output& output : outputs_) {
    const Status status = build_branch(output, branch_plan(output, facts, is_mixed));
    if (!status) return failure_of(status.error());
  }
  gst_element_set_state(tee_, GST_STATE_PAUSED);
  const auto entry = glue::adopt(gst_element_get_static_pad(tee_, "sink"));
  watch_timeline(entry.get(), around_.limits.duration,
                 [this] { events_.failure(failure_of(timeline_too_long(around_.limits))); });
  if (gst_pad_link(pictures, entry.get()) == GST_PAD_LINK_OK) return {};
  return failure_of({ErrorCode::Internal, "cannot link the decoded video", {}});
}

std::optional<Failure> OutputSet::stage() {
  publication_.emplace(around_.storage_root, spool_dir_, around_.task_id, around_.stores);
  for (Output& output : outputs_) {
    auto file = publication_->stage(output.target.place, output.request->format);
    if (!file) return output_failure(file.error());
    output.file = *file;
  }
  return {};
}

BranchPlan OutputSet::branch_plan(const Output& output, const SourceFacts& facts,
                                  bool is_mixed) const {
  return {.request = *output.request,
          .output = output.plan,
          .file = output.file,
          .spool_dir = spool_dir_,
          .threads = share_of_cores(outputs_.size()),
          .deinterlace = facts.may_be_interlaced,
          .common =
              is_mixed ? std::optional(CommonPicture{facts.size, facts.has_alpha}) : std::nullopt};
}

Status OutputSet::build_branch(Output& output, const BranchPlan& plan) {
  output.branch.emplace(bin_);
  {
    const std::lock_guard lock(mutex_);
    running_.emplace(GST_OBJECT(output.branch->element()), &output);
  }
  if (Status status = output.branch->make(plan, &output.on_sample); !status) return status;
  watch_file(output.branch->sink(), around_.limits.output_bytes, [this, &output] {
    events_.failure(
        failure_of(output_too_large(*output.request, output.target.place.uri, around_.limits)));
  });
  return output.branch->attach(tee_);
}

bool OutputSet::note_end(GstObject* branch) {
  const std::lock_guard lock(mutex_);
  return running_.erase(branch) > 0 && running_.empty();
}

std::optional<OutputSet::Owner> OutputSet::owner_of(GstObject* element) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [branch, output] : running_) {
    if (gst_object_has_as_ancestor(element, branch) == FALSE) continue;
    return Owner{output->request, output->target.place.uri, output->samples};
  }
  return {};
}

void OutputSet::note_stats() {
  for (Output& output : outputs_) output.stats = output.branch->stats();
}

void OutputSet::close() {
  // Downstream first: what is upstream may wait for it.
  for (Output& output : outputs_) {
    if (output.branch) take_out(bin_, output.branch->element());
    output.branch.reset();
  }
  if (tee_ != nullptr) take_out(bin_, tee_);
  tee_ = nullptr;
}

std::optional<Failure> OutputSet::sum_up() {
  for (const Output& output : outputs_) {
    const auto sum = sum_of(output.file);
    if (!sum) return output_failure(sum.error());
    results_.push_back({.uri = output.target.place.uri,
                        .format = output.request->format,
                        .size = output.stats.size,
                        .frame_count = output.stats.frame_count,
                        .stored_frames = output.stats.stored_frames,
                        .duration = output.stats.duration,
                        .loop_count = output.request->loop_count,
                        .bytes = sum->bytes,
                        .md5 = sum->md5});
  }
  return {};
}

std::optional<Failure> OutputSet::publish(bool lastingly) {
  Status status = publication_->publish();
  if (status && lastingly) status = publication_->sync();
  if (!status) return output_failure(status.error());
  return {};
}

std::vector<std::string> OutputSet::take_back() {
  if (!publication_) return {};
  std::vector<std::string> published = publication_->published();
  publication_.reset();
  return published;
}

}  // namespace anim
