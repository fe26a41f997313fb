// SPDX-License-Identifier: LGPL-2.1-or-later
// SSIMULACRA2, version 2.1: how like its original a picture looks, 100 = the same, 90 = not to be
// told apart, 70 = good, 50 = fair, 30 = poor, below 0 = beyond use.
#pragma once

#include <cstdint>
#include <span>

namespace bench {

/// The score of `distorted` against `original`, both packed 8-bit sRGB of width × height pixels.
double ssimulacra2(std::span<const std::uint8_t> original, std::span<const std::uint8_t> distorted,
                   int width, int height);

}  // namespace bench
