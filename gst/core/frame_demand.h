// SPDX-License-Identifier: LGPL-2.1-or-later
// Which frames of a stream samplers will show, told from the frames' times before any of them is
// decoded. It asks the very samplers that intervalsampler uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "gst/core/sampling.h"
#include "gst/core/timing.h"

namespace anim {

/// The demand of several plans on one stream. Frames come in order of time.
class FrameDemand {
 public:
  /// `zero` as the samplers have it.
  explicit FrameDemand(std::vector<SamplingPlan> plans, Zero zero = Zero::FirstFrame)
      : plans_(std::move(plans)), zero_(zero), keys_alone_(are_for_keys(plans_)) {}

  /// Also wants what shows where the stream ends, for somebody who measures it: the frame on screen
  /// before `time` (from zero), or the last one when the stream ends earlier. Before the first
  /// frame.
  void keep_end(Nanoseconds time);

  struct Answer {
    bool shows_previous = false;  ///< some sampler shows the frame before this one
    bool needs_this = false;      ///< this frame must be decoded, whatever follows
  };

  struct Frame {
    Nanoseconds time{0};                    ///< running time; before 0 with an edit list
    std::optional<Nanoseconds> duration{};  ///< as the stream says
    /// The decoder may give out nothing for it. What the samplers' first frame is depends on that,
    /// so each frame that comes after such frames alone counts as the first one, and none of them
    /// as a frame between: of those that follow, a sampler that saw fewer before wants no less.
    bool may_be_hidden = false;
    bool is_key = false;  ///< a random access point
  };

  [[nodiscard]] Answer frame(const Frame& frame);

  /// Whether every plan wants random access points and nothing else.
  [[nodiscard]] bool keys_alone() const { return keys_alone_; }

  /// Whether a first frame is certain: no later one can set the samplers' zero.
  [[nodiscard]] bool has_begun() const { return !next_may_be_first_; }

  /// Running time before which no frame that is still to come is wanted. Nothing while that cannot
  /// be said; kForever when none is wanted any more.
  [[nodiscard]] std::optional<Nanoseconds> next_time() const;

  /// The stream ends; `until`: the running time until which the last frame stays on screen for want
  /// of others, if that is told. Whether some sampler may show the last frame, however the decoder
  /// changes its duration.
  [[nodiscard]] bool end(std::optional<Nanoseconds> until = std::nullopt);

  /// No frame after the last one is wanted. That one is, but for keys_alone(): it ends the samples
  /// before it.
  [[nodiscard]] bool is_done() const;

  /// Running time of the frame that left nothing to be wanted, else the end of the newest frame.
  /// Nothing before the first one.
  [[nodiscard]] std::optional<Nanoseconds> end_time() const;

 private:
  /// The samplers, for one choice of the first frame.
  using Choice = std::vector<Sampler>;

  [[nodiscard]] static bool are_for_keys(const std::vector<SamplingPlan>& plans);
  void ask(std::size_t choice, const Frame& frame, Answer& answer);
  [[nodiscard]] bool outlasts(const Sampler& sampler, const SamplingPlan& plan,
                              const Run& run) const;
  void begin_choice();

  std::vector<SamplingPlan> plans_;
  Zero zero_;
  bool keeps_end_ = false;
  bool keys_alone_;
  std::vector<Choice> choices_;
  std::vector<bool> done_;  ///< by choice
  bool next_may_be_first_ = true;
  std::uint64_t frames_ = 0;  ///< that are given out for certain
  std::optional<Frame> last_;
  Nanoseconds distance_{0};  ///< of the last two
};

}  // namespace anim
