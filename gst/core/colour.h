// SPDX-License-Identifier: LGPL-2.1-or-later
// Colours between RGB and YUV of any matrix, range and depth, on full-resolution channels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "gst/core/geometry.h"
#include "gst/core/sample_rows.h"
#include "gst/core/tonemap.h"

namespace anim {

/// The codes of black, white and no colour; `span` is the width of the chroma codes from -1/2 to
/// 1/2.
struct CodeRange {
  double black = 0;
  double white = 255;
  double centre = 128;
  double span = 255;
};

/// The codes of `depth` bits times `gain`; `full` or ITU-R BT.601's limited range (16-235, 16-240).
[[nodiscard]] CodeRange code_range(int depth, bool full, double gain = 1);

/// How one end of a conversion codes colours.
struct ColourCoding {
  bool is_rgb = false;
  double kr = 0.299;  ///< luma's share of red and blue (YUV only)
  double kb = 0.114;
  CodeRange codes;
  SampleType sample;
};

/// A conversion of pictures of one coding into another.
class ColourStep {
 public:
  ColourStep(const ColourCoding& in, const ColourCoding& out,
             std::optional<ToneMapper> tone_mapper);

  /// Alpha is carried over where the target has it (opaque where the source lacks it).
  void run(const ColourPicture<const std::uint8_t>& source,
           const ColourPicture<std::uint8_t>& target, Size size) const;

 private:
  /// Rows of 3 weights and an offset.
  using Matrix = std::array<std::array<double, 4>, 3>;
  static Matrix to_rgb(const ColourCoding& coding);
  static Matrix from_rgb(const ColourCoding& coding);
  static Matrix product(const Matrix& second, const Matrix& first);
  static void apply(const Matrix& matrix, std::array<float*, 3> rows, int count);

  ColourCoding in_;
  ColourCoding out_;
  std::optional<ToneMapper> tone_mapper_;
  Matrix first_;   // to R'G'B' in [0, 1] with a tone mapper, else the whole way
  Matrix second_;  // the rest of the way; only with a tone mapper
};

}  // namespace anim
