// SPDX-License-Identifier: LGPL-2.1-or-later
// Which frames of a stream are samples, how often each is shown, and when it leaves.
//
//   buffers -> FrameClock (a time for every frame) -> Sampler (frame held back) -> Run -> Sample
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "gst/core/rational.h"
#include "gst/core/timing.h"

namespace anim {

/// Later than any stream.
inline constexpr Nanoseconds kForever = Nanoseconds::max();

/// Instants nearer than this are the same instant. Streams count in ticks (1/90000 s, 1/30 s, ms)
/// and GStreamer's demuxers cut each time down to a whole nanosecond, so that a frame of 1/30 s
/// after the first may come at 33333334 ns: without this allowance it would miss the tick 1/30 s
/// and show one sample late. The difference of two such times is wrong by less than 1 ns, a sum
/// with a cut duration by less than 2 ns. The finest tick in use (ASF, Smooth Streaming) is
/// 100 ns, so no two real instants are this near.
inline constexpr Nanoseconds kRounding{2};

/// What to sample and when samples leave. Periods are exact fractions of nanoseconds.
struct SamplingPlan {
  Rational period;                ///< ns between samples in the source; 0 = every frame
  Rational spacing;               ///< ns between samples as they leave; 0 = as in the source
  Nanoseconds start{0};           ///< where sample 0 is, from the source's zero
  Nanoseconds stop = kForever;    ///< no sample at or after it, from the source's zero
  std::uint64_t max_samples = 0;  ///< 0 = no limit
  /// Source time that passes while the output plays a second; counts with the source's timing
  /// alone, `spacing` has it inside.
  Rational speed{1};
  /// Of the frames that would be samples, random access points alone. Then no period, and nothing
  /// from before `start`: what was on screen there may be no random access point.
  bool keys_alone = false;

  /// `rate` (samples a second) wins over `interval` (ns); with neither, every frame. Samples leave
  /// `frame_rate` a second, 0 = at the source's speed, and either way `speed` times as fast.
  /// Nothing may be negative, `speed` not 0.
  [[nodiscard]] static SamplingPlan from(Nanoseconds interval, Rational rate, Rational frame_rate,
                                         Rational speed = 1);

  [[nodiscard]] bool takes_every_frame() const { return period.is_zero(); }
  /// Samples leave as far apart as their frames are in the source.
  [[nodiscard]] bool keeps_source_timing() const { return spacing.is_zero(); }

  /// When sample k leaves, rounded down to ns. Not with the source's timing.
  [[nodiscard]] Nanoseconds output_time(std::uint64_t k) const;

  /// The first sample that is not before `time` (from the source's zero), within kRounding.
  /// Not for every frame.
  [[nodiscard]] std::uint64_t first_sample_at(Nanoseconds time) const;

  /// The distance in the source that takes `output` to play, and the reverse; neither counts
  /// `start`. Equal where the plan does not fix their proportion (every frame at a rate of its
  /// own).
  [[nodiscard]] Nanoseconds to_source(Nanoseconds output) const;
  [[nodiscard]] Nanoseconds to_output(Nanoseconds source) const;

  /// How long the samples of a source of this length play. For every frame at a rate of its own
  /// that depends on the frames' distance, `frame` (0 = unknown, then there is no answer), and
  /// nobody knows it of random access points.
  [[nodiscard]] std::optional<Nanoseconds> output_duration(Nanoseconds source,
                                                           Rational frame) const;

  /// Samples a second as they leave, as near as two 31-bit numbers can say; nothing with the
  /// source's timing.
  [[nodiscard]] std::optional<Rational> output_rate() const;
};

/// Gives a time to frames that come without one: the previous frame's time plus its duration, else
/// plus the stream's frame distance, else 25 frames a second as ffmpeg assumes.
class FrameClock {
 public:
  struct Timed {
    Nanoseconds time{0};
    bool is_assumed = false;  ///< nothing in the stream said so: 25 frames a second
  };

  /// The stream says that frames are `distance` ns apart (0 = unknown).
  void set_distance(Rational distance);

  /// The next frame in order. Times are running times.
  [[nodiscard]] Timed next(std::optional<Nanoseconds> time, std::optional<Nanoseconds> duration);

  /// The stream's frame distance, else the last one seen, else that of 25 frames a second.
  [[nodiscard]] Nanoseconds distance() const;

 private:
  Rational distance_;
  std::optional<Nanoseconds> anchor_;  ///< the last time that was not counted from the distance
  std::int64_t since_anchor_ = 0;      ///< frames counted since
  std::optional<Nanoseconds> last_;
  std::optional<Nanoseconds> last_duration_;
  Nanoseconds seen_distance_{0};
};

/// One output of a frame.
struct Sample {
  std::uint64_t index = 0;
  Nanoseconds time{0};
  Nanoseconds duration{0};
};

/// The samples that show the frame which was held: `count` from number `first` on.
struct Run {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  Nanoseconds shown_from{0};   ///< where the source's timing puts it, from the first sample
  Nanoseconds shown_until{0};  ///< its end there, exclusive
};

/// Where a source's time 0 is.
enum class Zero {
  FirstFrame,    ///< at the first frame
  SegmentStart,  ///< at running time 0: after a seek into the middle
};

/// Decides sample by sample. Sample k is the last frame whose time is at or before
/// t_k = start + k * period, and before the first frame the first one. One frame is held back,
/// because only its successor says how long it is on screen.
class Sampler {
 public:
  explicit Sampler(const SamplingPlan& plan, Zero zero = Zero::FirstFrame);

  /// What a new frame means.
  struct Step {
    Run run;             ///< samples of the frame held so far
    bool holds = false;  ///< the new frame is the one held now; otherwise it is to be ignored
    bool done = false;   ///< no further sample will come; nothing is held
  };

  /// A frame at running time `time`. Frames that are earlier than the one held are ignored; of
  /// frames at the same time the last one counts (every frame: each one does). `is_key`: it is a
  /// random access point; of plans with keys_alone the others only tell how far the stream is.
  [[nodiscard]] Step frame(Nanoseconds time, bool is_key = true);

  /// The stream ends, or pauses where another segment follows: the held frame's last samples. It
  /// ends after `duration`, else after the distance from its predecessor, else after `fallback`,
  /// but not after running time `stop`. Where all times are whole milliseconds (Matroska, FLV), so
  /// is the end, cut down: the sum of a time that was rounded up and a finer duration (33.37 ms)
  /// would otherwise pass the true end and show one sample too many.
  [[nodiscard]] Run end(std::optional<Nanoseconds> duration, Nanoseconds fallback,
                        Nanoseconds stop = kForever);

  /// The same where the end itself is known, in running time.
  [[nodiscard]] Run end_at(Nanoseconds time, Nanoseconds stop = kForever);

  /// Frames are missing until `running_time`: the stream does not end before. Decoders let that be
  /// known before they give out frames that they hold.
  void hold_until(Nanoseconds running_time) { held_until_ = std::max(held_until_, running_time); }

  /// Output number `i` of a run.
  [[nodiscard]] Sample sample(const Run& run, std::uint64_t i) const;

  /// Running time of the first sample that no frame so far has decided, rounded down; kForever when
  /// none will come. Of every frame: of the newest frame, or of the start before it has come.
  /// Nothing while zero is unknown.
  [[nodiscard]] std::optional<Nanoseconds> next_time() const;

  /// Whether the frame held began before the start, and so is shown from there on.
  [[nodiscard]] bool is_held_cut() const { return held_ && *held_ + kRounding < plan_.start; }

  [[nodiscard]] bool takes_every_frame() const { return plan_.takes_every_frame(); }

  /// Running time of the source's zero, once it is known.
  [[nodiscard]] std::optional<Nanoseconds> zero() const { return zero_; }

 private:
  [[nodiscard]] Run run_until(Nanoseconds time);
  [[nodiscard]] Run periodic_run(Nanoseconds time) const;
  [[nodiscard]] Run single_run(Nanoseconds time);
  [[nodiscard]] bool is_done(Nanoseconds time) const;

  SamplingPlan plan_;
  std::uint64_t limit_;  ///< samples at most; of a period, those before plan_.stop
  std::optional<Nanoseconds> zero_;
  std::optional<Nanoseconds> held_;              ///< of the frame held, from zero
  std::optional<Nanoseconds> last_;              ///< of the newest frame, from zero; outlives end()
  std::optional<Nanoseconds> previous_;          ///< of the newest frame before that time
  Nanoseconds held_until_ = Nanoseconds::min();  ///< running time
  std::optional<Nanoseconds> origin_;            ///< output time 0 with the source's timing
  std::uint64_t next_ = 0;                       ///< the next sample
  bool counts_milliseconds_ = true;              ///< so far every time was a whole millisecond
};

}  // namespace anim
