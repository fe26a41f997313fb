// SPDX-License-Identifier: LGPL-2.1-or-later
// The animations of one task, from one stream of pictures to files in their places.
//
//   pictures ! tee ! Branch, Branch, ...
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/plan.h"
#include "gst/core/task.h"
#include "gst/core/task_result.h"
#include "gst/core/uri_template.h"
#include "plugins/animtask/failure.h"
#include "plugins/animtask/outputs/branch.h"
#include "plugins/animtask/outputs/publish.h"
#include "plugins/animtask/places.h"
#include "plugins/animtask/plan_json.h"

namespace anim {

/// The methods are for one thread at a time, but for note_end() and owner_of().
class OutputSet {
 public:
  struct Events {
    std::function<void()> sample;                     ///< one more has reached an encoder
    std::function<void(Failure)> failure;             ///< a limit is passed
    std::function<void(const std::string&)> warning;  ///< of the plan
  };

  /// What `task` and `around` refer to must outlive this. For `spool_dir` see Publication. The
  /// first two events come from streaming threads.
  OutputSet(GstBin* bin, const Task& task, const Surroundings& around, std::string spool_dir,
            Events events);
  OutputSet(const OutputSet&) = delete;
  OutputSet& operator=(const OutputSet&) = delete;

  /// Where they go: a target for each animation of the task. Once.
  void set_targets(std::vector<OutputTarget> targets);

  /// What they become of such a timeline, within the limits.
  [[nodiscard]] Result<std::vector<PlannedOutput>> plan(const SourceFacts& facts);

  /// Makes their temporary files, and their elements behind `pictures`, in PAUSED. `is_mixed`:
  /// pictures differ in size or alpha, and are made alike first.
  [[nodiscard]] std::optional<Failure> build(GstPad* pictures, const SourceFacts& facts,
                                             bool is_mixed);

  /// A branch has posted its EOS. True: it was the last one.
  [[nodiscard]] bool note_end(GstObject* branch);

  /// The animation that is not complete and that an element of its branch speaks for.
  struct Owner {
    const AnimationRequest* request;
    std::string uri;
    std::uint64_t samples;  ///< that have reached its encoder
  };
  [[nodiscard]] std::optional<Owner> owner_of(GstObject* element) const;

  /// Keeps what the encoders tell of what they have made. All have ended.
  void note_stats();

  /// Takes everything out of the bin, and so closes the files.
  void close();

  /// Sums the complete files up. After note_stats() and close().
  [[nodiscard]] std::optional<Failure> sum_up();

  /// Puts the files in their places; lastingly: so that they outlive a failure of the power. After
  /// sum_up().
  [[nodiscard]] std::optional<Failure> publish(bool lastingly);

  /// What was made, once it is summed up.
  [[nodiscard]] const std::vector<OutputResult>& results() const { return results_; }

  /// Removes what is not published, and tells the URIs of what is.
  [[nodiscard]] std::vector<std::string> take_back();

 private:
  struct Output {
    const AnimationRequest* request = nullptr;
    OutputTarget target;
    OutputPlan plan;
    std::string file;  ///< the temporary
    std::optional<Branch> branch;
    BranchStats stats;
    std::atomic<std::uint64_t> samples = 0;  ///< that reached the encoder
    std::function<void()> on_sample;
  };

  void take_sample(Output& output);
  [[nodiscard]] std::optional<Failure> stage();
  [[nodiscard]] BranchPlan branch_plan(const Output& output, const SourceFacts& facts,
                                       bool is_mixed) const;
  [[nodiscard]] Status build_branch(Output& output, const BranchPlan& plan);

  GstBin* bin_;
  const Task& task_;
  const Surroundings around_;
  const std::string spool_dir_;
  const Events events_;
  std::deque<Output> outputs_;  ///< in the order of the task; its number does not change
  GstElement* tee_ = nullptr;   // owned by the bin
  std::optional<Publication> publication_;
  std::vector<OutputResult> results_;
  mutable std::mutex mutex_;               // guards what follows
  std::map<GstObject*, Output*> running_;  ///< branches without their end
};

}  // namespace anim
