// SPDX-License-Identifier: LGPL-2.1-or-later
// A small set of colours that is asked about often.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "gst/core/rgb.h"

namespace anim {

/// At most 257 colours, by open addressing.
class ColorSet {
 public:
  /// Whether the colour was new.
  bool insert(Rgb color);

  /// In ascending order.
  [[nodiscard]] std::vector<Rgb> sorted() const;

 private:
  static constexpr std::size_t kPlaces = 1024;

  /// Where the colour is, or the empty place where it belongs.
  [[nodiscard]] std::size_t place_of(Argb pixel) const {
    std::size_t place = (pixel * 0x9E3779B1U) >> 22U;
    while (places_[place] != 0 && places_[place] != pixel) place = (place + 1) % kPlaces;
    return place;
  }

  std::array<Argb, kPlaces> places_{};  ///< 0 is empty: no opaque pixel is 0
};

}  // namespace anim
