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
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/task.h"
#include "gst/core/task_limits.h"
#include "gst/glue/watchdog.h"
#include "plugins/animtask/failure.h"
#include "plugins/animtask/messages.h"
#include "plugins/animtask/net/stores.h"
#include "plugins/animtask/opening_watch.h"
#include "plugins/animtask/outputs/output_set.h"
#include "plugins/animtask/places.h"
#include "plugins/animtask/record.h"
#include "plugins/animtask/sources/joined_source.h"
#include "plugins/animtask/verdict.h"

namespace anim {

/// What a run needs to know beside its task.
struct RunSettings {
  std::string journal;  ///< gets the result before the outputs go to their places; "" = none
  std::string task_id;  ///< of the result, the messages and temporary files
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

  [[nodiscard]] Surroundings surroundings() const;
  [[nodiscard]] OutputSet::Events output_events();
  [[nodiscard]] JoinedSource::Events source_events();
  void note_failure(Failure failure);
  void schedule(std::function<void()> job,
                std::chrono::milliseconds delay = std::chrono::milliseconds(0));
  void start_timeout();
  void give_up_late();
  [[nodiscard]] bool open_source();
  void open_stored_source();
  [[nodiscard]] std::optional<Failure> find_places();
  void watch_size(const TaskSource& source, GstPad* pad);
  void become_open();
  [[nodiscard]] std::optional<Failure> make_plan();
  void watch_opening();
  void hold_error(GstMessage* message);
  void end_or_fail();
  void finish();
  [[nodiscard]] std::optional<Failure> announce();
  [[nodiscard]] std::optional<Failure> publish();
  void fail(const Failure& failure);
  void take_back();
  void tear_down();
  void conclude();

  GstBin* bin_;
  const Task task_;
  const RunSettings settings_;
  const RunEvents events_;
  StopSignal stop_;  ///< of whatever waits for a network
  const Stores stores_;

  std::mutex jobs_;  // held while elements are built or taken out
  Phase phase_ = Phase::Opening;
  std::optional<JoinedSource> source_;
  std::atomic<bool> has_source_ = false;  ///< source_ is there, and stays
  OutputSet outputs_;
  ProgressMeter progress_;
  TaskRecord record_;
  Watchdog watchdog_;           ///< while sources are being opened
  OpeningWatch opening_watch_;  ///< of the watchdog's thread
  Watchdog timeout_;            ///< from open() to the end
  Verdict verdict_;
};

}  // namespace anim
