// SPDX-License-Identifier: LGPL-2.1-or-later
// Bins at the end of a stream's branch that look for moments and tell of them on the bus.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "examples/live-clip/moments.h"
#include "gst/glue/handle.h"

namespace live_clip {

/// Where moments are looked for.
enum class MomentKind { Loudness, Scene };

/// A bin with a sink pad for decoded sound, which posts `level` messages; null when an element is
/// missing.
[[nodiscard]] anim::glue::Owned<GstElement> make_loudness_tap();

/// A bin with a sink pad for encoded (or raw) video, of which it decodes random access points
/// alone, at most two a second. It posts a `live-clip-scene` element message {running-time:
/// guint64} when one differs from the one before by more than `threshold` percent. Null when an
/// element is missing.
[[nodiscard]] anim::glue::Owned<GstElement> make_scene_tap(double threshold);

/// Reads the messages of both kinds of taps.
class MomentReader {
 public:
  MomentReader(MomentKind kind, double threshold) : kind_(kind), rise_(threshold) {}

  /// The running time of the moment that this element message tells of, if it does.
  std::optional<Nanoseconds> read(const GstStructure* message);

 private:
  std::optional<Nanoseconds> read_level(const GstStructure* level);

  MomentKind kind_;
  LoudnessRise rise_;
};

}  // namespace live_clip
