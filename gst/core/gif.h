// SPDX-License-Identifier: LGPL-2.1-or-later
// The container of a GIF: what goes around the compressed pictures, as bytes to append.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/geometry.h"
#include "gst/core/image.h"
#include "gst/core/rgb.h"
#include "gst/core/timing.h"

namespace anim {

inline constexpr int kGifLargestSide = 65535;     ///< pixels
inline constexpr Ticks kGifLongestDelay = 65535;  ///< hundredths of a second
inline constexpr unsigned kGifMostPlays = 65536;
inline constexpr double kGifBytesPerColor = 3;   ///< of a table
inline constexpr unsigned kGifMostColors = 256;  ///< of a picture, with the transparent one

/// A picture of a GIF, compressed: a part of the canvas with its own colours.
struct GifPicture {
  Rect rect;
  std::vector<Rgb> colors;       ///< at most kGifMostColors with the transparent one
  bool has_transparent = false;  ///< the index after the last colour is transparent
  Bytes codes;                   ///< of lzw_compressed(), with table_bits()

  [[nodiscard]] std::uint8_t transparent_index() const {
    return static_cast<std::uint8_t>(colors.size());
  }
  /// The bits of an index: those of a table with the transparent entry.
  [[nodiscard]] int table_bits() const;
};

/// What happens to a picture when its time is over.
enum class GifDisposal {
  Keep,   ///< it stays, the next one is drawn over it
  Clear,  ///< its rectangle becomes transparent ("restore to background")
};

/// Writes GIF89a through giflib. The first picture's table is the global one, and pictures of the
/// same colours use it. Calls come in the order header, picture..., trailer; each returns the bytes
/// to append.
class GifWriter {
 public:
  /// Fails with LimitExceeded when a side of the canvas is not 1 to 65535 pixels, or `plays`
  /// (total, 0 = for ever) is above 65536: the loop count (NETSCAPE2.0) is the plays after the
  /// first, in 16 bits. One play has no loop count.
  static Result<std::unique_ptr<GifWriter>> create(Size canvas, unsigned plays);
  GifWriter(const GifWriter&) = delete;
  GifWriter& operator=(const GifWriter&) = delete;
  ~GifWriter();

  Result<Bytes> header() const;
  /// `delay`: hundredths of a second, 0 to 65535.
  Result<Bytes> picture(const GifPicture& picture, Ticks delay, GifDisposal disposal);
  Result<Bytes> trailer();

 private:
  struct File;
  GifWriter(std::unique_ptr<File> file, Size canvas, unsigned plays);
  Status put_screen(const GifPicture& first);
  [[nodiscard]] bool has_in_global(const GifPicture& picture) const;

  std::unique_ptr<File> file_;
  Size canvas_;
  unsigned plays_;
  std::vector<Rgb> global_;  ///< the first picture's colours
  int global_bits_ = 0;      ///< of the indices of the global table; 0 = not written yet
};

}  // namespace anim
