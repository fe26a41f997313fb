// SPDX-License-Identifier: LGPL-2.1-or-later
// What animclipsink's properties hold.
#pragma once

#include <cstdint>
#include <string>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/task.h"
#include "gst/core/timing.h"
#include "gst/glue/property.h"

namespace anim {

/// What a trigger means when as many clips are open as may be.
enum class WhenBusy {
  Queue,   ///< it is made later
  Refuse,  ///< it is refused
};

/// What becomes of open clips at the end of the stream and on the way to READY.
enum class OnStop {
  Finish,  ///< they end there and are made
  Cancel,  ///< nothing is left of them
};

/// One member for each property of the same name; times in ns.
struct ClipSettings {
  std::uint64_t pre_roll = 10 * GST_SECOND;
  std::uint64_t post_roll = 0;
  std::uint64_t history = 0;
  std::string animation;
  std::string animation_location;
  std::string location;
  std::uint64_t max_bytes = std::uint64_t{64} << 20;
  unsigned max_captures = 8;
  WhenBusy when_busy = WhenBusy::Queue;
  OnStop on_stop = OnStop::Finish;
  unsigned nice = 10;

  /// What `animation`, or the file `animation-location`, says; WebP of every frame when neither
  /// does. InvalidArgument when both are set or what they say is wrong; NotFound.
  [[nodiscard]] Result<AnimationRequest> look() const;

  [[nodiscard]] Nanoseconds before() const;
  [[nodiscard]] Nanoseconds after() const;
  /// How much of the stream is kept.
  [[nodiscard]] Nanoseconds kept() const;
};

/// The longest pre-roll or post-roll: an hour.
inline constexpr std::uint64_t kLongestRoll = 3600 * GST_SECOND;

}  // namespace anim

template <>
struct anim::glue::EnumInfo<anim::WhenBusy> {
  static constexpr const char* kTypeName = "GstAnimClipSinkWhenBusy";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(WhenBusy::Queue), "The clip is made later", "queue"},
      {static_cast<int>(WhenBusy::Refuse), "The clip is refused", "refuse"},
      {0, nullptr, nullptr}};
};

template <>
struct anim::glue::EnumInfo<anim::OnStop> {
  static constexpr const char* kTypeName = "GstAnimClipSinkOnStop";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(OnStop::Finish), "Open clips end there and are made", "finish"},
      {static_cast<int>(OnStop::Cancel), "Nothing is left of open clips", "cancel"},
      {0, nullptr, nullptr}};
};
