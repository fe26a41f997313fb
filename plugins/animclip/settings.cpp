// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/settings.h"

#include <algorithm>
#include <cstddef>

#include "gst/core/task_file.h"
#include "gst/core/task_json.h"

namespace anim {
namespace {

constexpr std::size_t kMostJson = std::size_t{1} << 20;
constexpr const char* kEveryFrame = R"({"Format":"webp"})";

Error named(const std::string& property, const Error& error) {
  return {error.code, property + ": " + error.message, error.detail};
}

}  // namespace

Result<AnimationRequest> ClipSettings::look() const {
  if (!animation.empty() && !animation_location.empty()) {
    return Error{ErrorCode::InvalidArgument,
                 "animation and animation-location are both set; set one of them",
                 {}};
  }
  std::string text = animation.empty() ? kEveryFrame : animation;
  if (!animation_location.empty()) {
    auto file = read_small_file(animation_location, kMostJson);
    if (!file) return named("animation-location", file.error());
    text = *file;
  }
  auto look = parse_animation(text);
  if (look) return look;
  return named(animation_location.empty() ? "animation" : "animation-location", look.error());
}

Nanoseconds ClipSettings::before() const {
  return Nanoseconds(static_cast<std::int64_t>(pre_roll));
}

Nanoseconds ClipSettings::after() const {
  return Nanoseconds(static_cast<std::int64_t>(post_roll));
}

Nanoseconds ClipSettings::kept() const {
  return Nanoseconds(static_cast<std::int64_t>(std::max(pre_roll, history)));
}

}  // namespace anim
