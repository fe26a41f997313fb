// SPDX-License-Identifier: LGPL-2.1-or-later
// What pixels differ from those on screen, exactly.
#pragma once

#include "gst/core/geometry.h"
#include "gst/core/image.h"

namespace anim {

/// A change of an animation without loss, as the two ways to code it.
struct ExactChange {
  Rect area;      ///< the smallest rectangle around all changes, x and y even; empty = no change
  Image whole;    ///< what is in it, to replace what is shown
  Image overlay;  ///< the same with what does not change cleared, to be laid over what is shown;
                  ///< empty where that does not give the same picture or everything changes
};

/// Compares pictures (Bgra) with what is shown. The colour of wholly transparent pixels does not
/// count and is cleared.
class ExactChanges {
 public:
  /// The change to `picture`, which is shown from now on: all of it when nothing is shown.
  [[nodiscard]] ExactChange update(const ImageView& picture);

  /// Something else has been shown.
  void forget() { shown_ = Image(); }

 private:
  Image shown_;
};

}  // namespace anim
