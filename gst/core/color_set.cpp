// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/color_set.h"

#include <algorithm>

namespace anim {

bool ColorSet::insert(Rgb color) {
  const Argb pixel = opaque(color);
  Argb& place = places_[place_of(pixel)];
  const bool is_new = place == 0;
  place = pixel;
  return is_new;
}

std::vector<Rgb> ColorSet::sorted() const {
  std::vector<Rgb> colors;
  for (const Argb pixel : places_) {
    if (pixel != 0) colors.push_back(rgb_of(pixel));
  }
  std::sort(colors.begin(), colors.end());
  return colors;
}

}  // namespace anim
