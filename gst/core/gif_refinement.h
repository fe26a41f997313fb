// SPDX-License-Identifier: LGPL-2.1-or-later
// Draws anew what stays on screen and is shown worst: a table made for it alone shows it better
// than that of a whole picture.
#pragma once

#include "gst/core/gif_changes.h"
#include "gst/core/gif_screen.h"

namespace anim {

/// Adds to `change` the worst blocks of what it says that stays, at most `share` of the screen.
/// Where change.more_refine more frames follow, they are the darkest of that many times more.
/// Compared are mean colours of a few pixels, which dithering leaves alone. Of a block in plain
/// surroundings their squared error has to be above `least_error` (square levels), of a busy one,
/// where error is seen less and costs more, as much more.
void refine(GifChange& change, const GifScreen& screen, double least_error, double share);

}  // namespace anim
