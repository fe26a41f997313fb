// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of animclipsink's properties.
#include "plugins/animclip/animclipsink.h"

namespace anim {

using namespace glue;

const std::vector<Property<AnimClipSink>>& AnimClipSink::properties() {
  constexpr unsigned kMostCaptures = 64;
  constexpr unsigned kNicest = 19;
  static const std::vector<Property<AnimClipSink>> table = {
      uint64_property<AnimClipSink>("pre-roll",
                                    "How long before its trigger a clip begins, in nanoseconds",
                                    &Settings::pre_roll, kLongestRoll, Mutable::Playing),
      uint64_property<AnimClipSink>("post-roll",
                                    "How long after its trigger a clip ends, in nanoseconds",
                                    &Settings::post_roll, kLongestRoll, Mutable::Playing),
      uint64_property<AnimClipSink>("history",
                                    "How much of the stream is kept, at least pre-roll, in "
                                    "nanoseconds; more lets a trigger lie in the past",
                                    &Settings::history, kLongestRoll, Mutable::Playing),
      string_property<AnimClipSink>("animation",
                                    "How clips look: JSON of one entry of a task's Animations "
                                    "without URI (NULL: WebP of every frame)",
                                    &Settings::animation, Mutable::Playing),
      string_property<AnimClipSink>("animation-location", "A file with the JSON of animation",
                                    &Settings::animation_location, Mutable::Playing),
      string_property<AnimClipSink>("location",
                                    "Where clips go: a path with {t_year} {t_mon} {t_day} {t_hour} "
                                    "{t_min} {t_sec} (UTC) {index} {autoext}",
                                    &Settings::location, Mutable::Playing),
      uint64_property<AnimClipSink>("max-bytes",
                                    "Bytes of the stream that are kept, and that a clip may hold; "
                                    "the oldest whole group of pictures goes first",
                                    &Settings::max_bytes, G_MAXUINT64, Mutable::Playing),
      uint_property<AnimClipSink>("max-captures", "Clips that are made at the same time",
                                  &Settings::max_captures, 1, kMostCaptures, Mutable::Playing),
      enum_property<AnimClipSink>("when-busy",
                                  "What a trigger means while max-captures clips are open",
                                  &Settings::when_busy, Mutable::Playing),
      enum_property<AnimClipSink>("on-stop",
                                  "What becomes of open clips at the end of the stream and on the "
                                  "way to READY",
                                  &Settings::on_stop, Mutable::Playing),
      uint_property<AnimClipSink>("nice",
                                  "How far the threads that make clips stand back for others (0 = "
                                  "not at all)",
                                  &Settings::nice, 0, kNicest, Mutable::Playing),
      structure_property<AnimClipSink>(
          "stats",
          "Now: ring-bytes, ring-begin (running time) and ring-duration in ns, ring-groups, "
          "captures-open; so far: captures-done, captures-failed",
          &AnimClipSink::stats),
  };
  return table;
}

}  // namespace anim
