// SPDX-License-Identifier: LGPL-2.1-or-later
// One run of one task inside the bin, from opening the source to the outputs in their places.
//
//   open() --source, first picture--> is open --start()--> runs --every branch at its end--> done
//        \________________________________\____________________\--failure--> done
//
// Whatever changes or takes out elements is a job on a thread of its own (jobs_), never on a
// streaming thread. What ends a run happens once: the first failure or the end wins.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/plan.h"
#include "gst/core/task.h"
#include "gst/core/task_limits.h"
#include "gst/core/uri_template.h"
#include "plugins/animtask/failure.h"
#include "plugins/animtask/messages.h"
#include "plugins/animtask/net/stores.h"
#include "plugins/animtask/outputs/branch.h"
#include "plugins/animtask/outputs/publish.h"
#include "plugins/animtask/record.h"
#include "plugins/animtask/sources/joined_source.h"
#include "plugins/animtask/watchdog.h"

namespace anim {

/// What a run needs to know beside its task.
struct RunSettings {
  std::string storage_root = ".";
  std::string spool_dir;          ///< where outputs for stores are made; "" = the system's
  SettingValues store_settings;   ///< of stores and the message service
  GstClockTime open_timeout = 0;  ///< ns until the first picture must be there; 0 = no limit
  TaskLimits limits;
};

/// What a run tells its element.
struct RunEvents {
  std::function<void()> opened;                    ///< the source is open and the plan made
  std::function<void(const std::string&)> plan;    ///< JSON
  std::function<void(const std::string&)> result;  ///< JSON
};

/// A run. Made by std::make_shared: jobs keep it.
class TaskRun : public std::enable_shared_from_this<TaskRun> {
 public:
  TaskRun(GstBin* bin, Task task, RunSettings settings, RunEvents events);
  TaskRun(const TaskRun&) = delete;
  TaskRun& operator=(const TaskRun&) = delete;

  /// Puts the source into the bin. False: the run has failed and said so.
  [[nodiscard]] bool open();

  /// Builds the outputs and puts them behind the source, the first time. False: as open().
  [[nodiscard]] bool start();

  /// Lets pictures flow. After start(), when the bin's children are in PLAYING.
  void flow();

  /// Ends the source; the outputs get what it has given so far.
  void end_source();

  /// The end of a run that has not come to its own: nothing stays. The streams have stopped.
  void cancel();

  /// Fails the run at once if a failure was noted that no job has acted on yet. For the thread
  /// that changes the bin's state.
  void fail_now();

  /// Looks at a child's message. True when it must not go on.
  [[nodiscard]] bool hold_back(GstMessage* message);

 private:
  enum class Phase { Opening, Open, Running, Done };

  struct Output {
    const AnimationRequest* request = nullptr;
    OutputTarget target;
    OutputPlan plan;
    std::string file;  ///< the temporary
    std::optional<Branch> branch;
    std::atomic<std::uint64_t> samples = 0;  ///< that reached the encoder
    std::function<void()> on_sample;
  };

  void note_failure(Failure failure);
  void schedule(std::function<void()> job,
                std::chrono::milliseconds delay = std::chrono::milliseconds(0));
  void start_timeout();
  void give_up_late();
  void watch_size(const TaskSource& source, GstPad* pad);
  void take_sample(Output& output);
  void become_open();
  [[nodiscard]] bool open_source();
  void open_stored_source();
  [[nodiscard]] std::optional<Failure> make_targets();
  void make_source(std::vector<SourceInput> places);
  [[nodiscard]] std::optional<Failure> make_plan();
  [[nodiscard]] std::optional<Failure> build_outputs();
  [[nodiscard]] std::optional<Failure> build_branch(Output& output);
  void hold_error(GstMessage* message);
  [[nodiscard]] Failure explain_output(GstMessage* message);
  [[nodiscard]] Failure explain_no_sample(const AnimationRequest& request,
                                          const std::string& detail) const;
  void branch_ended(GstObject* branch);
  void end_or_fail();
  [[nodiscard]] std::optional<Failure> first_failure();
  void finish();
  [[nodiscard]] std::optional<Failure> decide();
  [[nodiscard]] std::optional<Failure> collect(const std::vector<BranchStats>& stats);
  void warn_of_shortfalls();
  void fail(const Failure& failure);
  void take_back();
  void tear_down();
  void conclude();
  void watch();

  GstBin* bin_;
  const Task task_;
  const RunSettings settings_;
  const RunEvents events_;
  StopSignal stop_;  ///< of whatever waits for a network
  const Stores stores_;

  std::mutex jobs_;  // held while elements are built or taken out; before mutex_
  Phase phase_ = Phase::Opening;
  std::optional<JoinedSource> source_;
  std::deque<Output> outputs_;  ///< in the order of the task; its number does not change
  GstElement* tee_ = nullptr;   // owned by the bin
  std::optional<Publication> publication_;
  ProgressMeter progress_;
  TaskRecord record_;
  Watchdog watchdog_;  ///< while sources are being opened
  Watchdog timeout_;   ///< from open() to the end
  // Of the watchdog's thread.
  unsigned watched_opening_ = 0;  ///< its number
  unsigned watched_ = 0;          ///< times that it was looked at
  unsigned at_rest_ = 0;          ///< times in a row that it was at rest

  std::mutex mutex_;  // guards what follows; held for moments only
  std::optional<Failure> failure_;
  std::optional<std::string> damaged_;     ///< the URI of a source that was ended for it
  bool is_ended_early_ = false;            ///< somebody has ended the source
  bool has_source_ = false;                ///< source_ is there, and stays
  bool is_done_ = false;                   ///< messages of children do not matter any more
  bool is_decided_ = false;                ///< the timeout does not matter any more either
  std::map<GstObject*, Output*> running_;  ///< branches without their end
};

}  // namespace anim
