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
  /// The change to `picture`: all of it when nothing is shown.
  [[nodiscard]] ExactChange change_to(const ImageView& picture) const;

  /// `change`, the latest change_to(), is shown from now on.
  void show(const ExactChange& change);

  /// Something else is shown in `area`, which lies inside: it changes with whatever comes next.
  void forget(const Rect& area);

  /// The latest picture that was shown; empty when there was none.
  [[nodiscard]] const Image& shown() const { return shown_; }

 private:
  Image shown_;
};

}  // namespace anim
