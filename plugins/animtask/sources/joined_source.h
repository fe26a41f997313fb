// SPDX-License-Identifier: LGPL-2.1-or-later
// The sources of a task as one stream of pictures: the task's timeline.
//
//   Source ! cutter (intervalsampler start-time stop-time) ! joiner (concat) ! pictures()
//
// All sources are looked at before anything is made; the first one stays open. Each later one is
// opened again when the part before it has ended, because only then is it known where on the
// timeline its part begins, and so which of its frames are wanted.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/plan.h"
#include "gst/core/task.h"
#include "gst/core/timeline.h"
#include "gst/glue/handle.h"
#include "plugins/animtask/failure.h"
#include "plugins/animtask/sources/facts.h"
#include "plugins/animtask/sources/joiner.h"
#include "plugins/animtask/sources/source.h"
#include "plugins/animtask/sources/source_counts.h"
#include "plugins/animtask/sources/timeline_facts.h"

namespace anim {

/// Elements come and go in jobs, which the owner runs one at a time on threads that may wait.
class JoinedSource {
 public:
  using Job = std::function<void()>;
  struct Events {
    Job opened;                            ///< all sources are known; called in a job
    std::function<void(Failure)> failure;  ///< of any thread
    std::function<bool()> has_failed;      ///< there is one, and nothing is worth a wait
    /// Runs a job after a time, unless close() comes before it.
    std::function<void(Job, std::chrono::milliseconds)> later;
    /// Encoded and decoded video of a source, before its first data; on a streaming thread.
    std::function<void(const TaskSource&, GstPad*)> video_pad;
  };

  /// `task` must outlive this; `places` are those of its sources.
  JoinedSource(GstBin* bin, const Task& task, std::vector<SourceInput> places, Events events);
  JoinedSource(const JoinedSource&) = delete;
  JoinedSource& operator=(const JoinedSource&) = delete;

  /// Puts the first source into the bin, in NULL. In a job.
  [[nodiscard]] Status open();

  /// Brings what is in the bin to its state, where that has gone there without. False: something
  /// cannot, and has said why. In a job.
  [[nodiscard]] bool follow_bin();

  /// Takes everything out of the bin. In a job.
  void close();

  /// The pad with the pictures of the timeline. From open() on.
  [[nodiscard]] GstPad* pictures() const { return joiner_.pictures(); }

  /// Whether all sources are known.
  [[nodiscard]] bool is_open() const { return is_open_; }

  /// Of the whole timeline, and whether its parts differ in their pictures' size or alpha. Once it
  /// is open.
  [[nodiscard]] const SourceFacts& facts() const { return facts_.whole(); }
  [[nodiscard]] bool has_unlike_parts() const { return facts_.has_unlike_parts(); }

  /// Lets the pictures go on, the first time; pictures() must be linked. In a job.
  void release();

  /// The timeline ends here, once it is open. Waits for the unit that is being decoded.
  void end();

  /// The source that `object` belongs to is damaged. Nothing when that was known.
  struct Damaged {
    std::string uri;
    Job end;  ///< ends that source, whatever is read by then; waits as end() does
  };
  [[nodiscard]] std::optional<Damaged> mark_damaged(GstObject* object);

  /// Whether `object` belongs to a source that is or was in the bin.
  [[nodiscard]] bool contains(GstObject* object) const;

  /// A server that may answer otherwise later (ERROR `message`) is asked again after a while, if no
  /// picture has come. False: it is not.
  [[nodiscard]] bool try_again(GstMessage* message);

  /// Takes note of a message of a source that is being read; explains its ERROR (see Source).
  /// Nothing is explained of a source that is over or damaged, nor of one that only was to give a
  /// picture and has, or that was being opened when the timeline was ended.
  void note(GstMessage* message);
  [[nodiscard]] std::optional<Failure> explain(GstMessage* message);

  /// The source that is being opened and has given no picture yet.
  struct Opening {
    unsigned number = 0;  ///< from 1; the same however often the server is asked again
    std::string uri;
    bool is_at_rest = false;  ///< see Source
    Failure gave_up;          ///< the reason, if that lasts
  };
  [[nodiscard]] std::optional<Opening> opening() const;

  /// Of the source that `object` belongs to.
  [[nodiscard]] bool has_picture(GstObject* object) const;

  /// Of all sources together.
  [[nodiscard]] SourceCounts counts() const;

  /// The first source whose server gave less than it had stated (see Source).
  [[nodiscard]] std::optional<Failure> broke_off() const;

  /// A source whose video ended on its own, clearly before the length that its container states.
  struct Shortfall {
    std::string uri;
    Extent::Shortfall extent;
  };
  [[nodiscard]] std::vector<Shortfall> shortfalls() const;

 private:
  enum class Purpose { Look, Part };
  /// A source that is or was in the bin; kept, so that late messages can be told to be its own.
  struct Opened {
    Opened(std::size_t number, Purpose why, GstBin* bin, const SourceInput& at,
           Source::Events events)
        : index(number), purpose(why), source(bin, at, std::move(events)) {}
    std::size_t index;  ///< in the task
    Purpose purpose;
    UnitFacts units;  ///< as its gate was told
    Source source;
    bool is_damaged = false;
    bool is_given_up = false;  ///< it is to be opened again
    bool has_moved = false;    ///< then elsewhere
    unsigned attempt = 1;      ///< to open it
  };

  [[nodiscard]] Status open_source(std::size_t index, Purpose purpose);
  [[nodiscard]] Status open_source(std::size_t index, Purpose purpose, const SourceInput& input);
  void tell_gate(Opened& opened, GstElement* gate, const UnitFacts& units) const;
  [[nodiscard]] std::optional<Nanoseconds> timeline_length(const UnitFacts& units) const;
  [[nodiscard]] Opened& current() const;
  void follow_current();
  void reopen(Opened& opened);
  [[nodiscard]] Opened* owner_of(GstObject* object) const;
  [[nodiscard]] bool is_read(const Opened& opened) const;
  void picture_is_there();
  void failed(Failure failure);
  void take_facts();
  void look_on();
  [[nodiscard]] Status conclude_facts();
  [[nodiscard]] Status begin_part();
  void close_part();
  void end_part();
  [[nodiscard]] bool is_next_wanted(std::size_t index) const;
  void end_entries();
  void end_here();
  [[nodiscard]] bool has_ended() const;
  static GstPadProbeReturn passes(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  [[nodiscard]] GstPadProbeReturn part_ends();

  GstBin* bin_;
  const Task& task_;
  const std::vector<SourceInput> places_;
  const Events events_;

  // Of jobs.
  GstElement* cutter_ = nullptr;  // owned by the bin; of the current part
  Joiner joiner_;
  TimelineFacts facts_;
  std::atomic<bool> is_open_ = false;
  bool is_released_ = false;
  TimelinePart part_;  ///< the current one

  Nanoseconds reached_{0};    ///< length of the current part so far; of the cutter's thread
  std::size_t ended_ = 0;     ///< entries of the joiner that have had their EOS; of that thread
  mutable std::mutex mutex_;  // guards what follows; before those of sources
  mutable std::list<Opened> opened_;  ///< only grows, by sources whose elements are made
  Opened* current_ = nullptr;
  Opened* first_ = nullptr;  ///< of source 0, which stays open while others are looked at
  bool has_ended_ = false;   ///< somebody has ended the timeline
};

}  // namespace anim
