// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of samples as numbers, wherever the channels of a picture have them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "gst/core/resample.h"

namespace anim {

/// Where three colour channels (R G B or Y U V) and alpha are in a picture. Bytes at every fourth
/// place belong to words of four bytes, from the row's first on, that can be read whole.
template <class Byte>
struct ColourChannel {
  Byte* data = nullptr;          ///< of the plane; null = no such channel
  std::ptrdiff_t row_bytes = 0;  ///< from one row to the next
  ChannelPlace place;
};
template <class Byte>
using ColourPicture = std::array<ColourChannel<Byte>, 4>;

/// The first `count` samples of a channel's row `y`.
void load_row(const ColourChannel<const std::uint8_t>& channel, int y, const SampleType& type,
              int count, float* out);
/// The other way; each becomes the nearest sample that there is.
void save_row(const float* values, const ColourChannel<std::uint8_t>& channel, int y,
              const SampleType& type, int count);

/// Whether a pixel of the target is a word of four bytes, one for each channel.
[[nodiscard]] bool is_packed(const ColourPicture<std::uint8_t>& target, const SampleType& type);
/// save_row() of all four channels of such pixels at once, which is faster.
void save_packed_row(const std::array<const float*, 4>& values,
                     const ColourPicture<std::uint8_t>& target, int y, const SampleType& type,
                     int count);

}  // namespace anim
