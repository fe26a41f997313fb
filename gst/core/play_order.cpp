// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/play_order.h"

namespace anim {
namespace {

// The way back has all but the first and the last of the way there.
constexpr std::uint64_t kEnds = 2;

/// The number of the frame that is shown as number `i` of `frames`.
std::size_t frame_at(std::size_t i, std::size_t frames, PlayOrder order) {
  const std::size_t forward = i < frames ? i : 2 * (frames - 1) - i;
  return order.reverse ? frames - 1 - forward : forward;
}

bool is_shown_again(std::size_t i, std::size_t frames, PlayOrder order) {
  return order.boomerang && i > 0 && i + 1 < frames;
}

}  // namespace

std::uint64_t showing_count(std::uint64_t frames, PlayOrder order) {
  if (!order.boomerang || frames <= kEnds) return frames;
  return 2 * frames - kEnds;
}

std::vector<Showing> showings(std::span<const Nanoseconds> durations, PlayOrder order) {
  const std::size_t frames = durations.size();
  std::vector<Showing> out(static_cast<std::size_t>(showing_count(frames, order)));
  Nanoseconds time{0};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t frame = frame_at(i, frames, order);
    out[i] = {.frame = frame,
              .time = time,
              .duration = durations[frame],
              .is_last = !is_shown_again(i, frames, order)};
    time += durations[frame];
  }
  return out;
}

}  // namespace anim
