// SPDX-License-Identifier: LGPL-2.1-or-later
// An HLS presentation as one playlist that needs no other: hlsdemux (GStreamer 1.22) reads variants
// and keys where nobody can watch it, so it is given one that has neither.
#pragma once

#include <string>

#include "gst/core/error.h"
#include "plugins/animtask/net/stop_signal.h"
#include "plugins/animtask/sources/nested_sources.h"

namespace anim {

/// The longest playlist, and the longest DASH manifest, in bytes.
inline constexpr std::size_t kLongestPlaylist = std::size_t{16} << 20;

struct ClosedHls {
  std::string text;
  bool is_live = false;  ///< more would be added later; it ends with what it lists now
};

/// The media playlist that `text`, found at `base`, leads to: its best variant (best_variant()),
/// segments as absolute URIs that the rules allow, keys within it. Reads variants and keys, until
/// `stop`.
[[nodiscard]] Result<ClosedHls> closed_hls(std::string text, std::string base,
                                           const NestedRules& rules, StopSignal& stop);

}  // namespace anim
