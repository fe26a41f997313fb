// SPDX-License-Identifier: LGPL-2.1-or-later
// What an element that makes animated images takes and gives.
#pragma once

#include <optional>
#include <string>

#include <gst/gst.h>
#include <gst/video/video.h>

#include "gst/core/error.h"
#include "gst/core/size_search.h"

namespace anim::glue {

/// What an image format is to the element.
struct AnimationKind {
  const char* media_type;  ///< "image/webp"
  int max_side;            ///< the longest side in pixels that the format can say
  bool patches;            ///< whether bytes already written change at the end
  bool late_alpha;         ///< whether alpha may begin after the first frame
  QualityRange qualities;  ///< those that a search for a size goes through
};

/// Installs the pad templates of `kind`.
void add_animation_pads(GstElementClass* klass, const AnimationKind& kind);

/// Whether the pad `sink` of such an element takes `caps`; LimitExceeded or Unsupported.
[[nodiscard]] Status check_caps(GstCaps* caps, const AnimationKind& kind, GstPad* sink);

/// What to say of pixels that are not square.
[[nodiscard]] std::optional<Error> shape_warning(const GstVideoInfo& info);

/// For messages.
[[nodiscard]] std::string text_of(const GstCaps* caps);

}  // namespace anim::glue
