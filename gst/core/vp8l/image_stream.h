// SPDX-License-Identifier: LGPL-2.1-or-later
// The pixels of a VP8L stream: that of the picture, or of what its transforms need. Source: WebP
// Lossless Bitstream Specification, sections 5 and 7.
#pragma once

#include <vector>

#include "gst/core/vp8l/low_bit_writer.h"
#include "gst/core/vp8l/matches.h"
#include "gst/core/vp8l/parse.h"
#include "gst/core/vp8l/pixels.h"
#include "gst/core/vp8l/token.h"

namespace anim::vp8l {

/// What is tried for the pixels of a picture.
struct StreamSearch {
  bool may_cache = true;  ///< whether a colour cache may pay
  int tries = 8;          ///< as of longest_matches()
};

/// The pixels of the picture and the copies that are in them.
class PictureStream {
 public:
  /// `pixels` are at least one.
  PictureStream(Pixels pixels, const StreamSearch& search);

  /// How many bits it takes, about.
  [[nodiscard]] double bits() const { return bits_; }

  /// Writes it, where it pays with several groups of codes.
  void put(LowBitWriter& out) const;

 private:
  Pixels pixels_;
  std::vector<Match> matches_;
  CachedPixels cached_;
  std::vector<Token> tokens_;  ///< a first guess
  double bits_ = 0;
};

/// Writes the pixels of something smaller, with one group of codes.
void put_small_picture(LowBitWriter& out, const Pixels& pixels);

}  // namespace anim::vp8l
