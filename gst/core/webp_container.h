// SPDX-License-Identifier: LGPL-2.1-or-later
// The chunks of an animated WebP file (WebP Container Specification: RIFF, VP8X, ANIM, ANMF).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "gst/core/animation.h"
#include "gst/core/error.h"
#include "gst/core/geometry.h"
#include "gst/core/image.h"
#include "gst/core/vp8/key_frame.h"

namespace anim {

/// The longest side of a canvas or a frame, in pixels: what a VP8 or VP8L bitstream can say.
inline constexpr int kWebpMaxSide = vp8::kMaxFrameSide;
/// The most plays that an ANIM chunk can say (0 = for ever).
inline constexpr unsigned kWebpMaxPlays = 65535;
/// The longest duration of one ANMF chunk, in milliseconds (24 bits).
inline constexpr Ticks kWebpMaxDuration = 0xFFFFFF;
/// The largest file: a RIFF size of 2^32 - 10, and the 8 bytes before it.
inline constexpr std::uint64_t kWebpMaxFile = 0xFFFFFFFE;

/// An encoded frame, which replaces the pixels of `area` or is laid over them.
struct WebpFrame {
  Rect area;            ///< x and y even
  Bytes chunks;         ///< ALPH and VP8, or VP8L, padded to even sizes
  bool blends = false;  ///< where it is transparent, what was there stays; alpha is 0 or 255
};

/// The image chunks of a still WebP file, without its RIFF header and VP8X.
/// EncodeFailed when `file` is no such file.
[[nodiscard]] Result<Bytes> webp_image_chunks(const Bytes& file);

/// A chunk of that name (four characters), padded to an even size.
[[nodiscard]] Bytes webp_chunk(std::string_view name, std::span<const std::uint8_t> payload);

/// The payload of the first chunk of `chunks`, without the padding.
[[nodiscard]] std::span<const std::uint8_t> webp_chunk_payload(
    std::span<const std::uint8_t> chunks);

/// Whether image chunks carry transparency.
[[nodiscard]] bool webp_has_alpha(const Bytes& chunks);

/// Writes one file front to back; what is known only at its end are the patches.
class WebpContainer {
 public:
  /// `info.canvas` and `info.plays` are within the format's limits.
  explicit WebpContainer(const AnimationInfo& info) : info_(info) {}

  /// The bytes before the first frame. Until it is patched the file claims the largest size, so
  /// that readers show what there is of a file that was cut off.
  [[nodiscard]] Bytes header();

  /// The frame, shown for `duration` ms; repeated where one chunk cannot say so long a time.
  /// LimitExceeded when the file would pass kWebpMaxFile.
  [[nodiscard]] Result<Bytes> frame(const WebpFrame& frame, Ticks duration);

  /// The bytes after the last frame: the metadata.
  [[nodiscard]] Bytes trailer();

  /// The file's size and what is in it.
  [[nodiscard]] std::vector<Patch> patches() const;

 private:
  [[nodiscard]] std::uint8_t flags() const;

  AnimationInfo info_;
  std::uint64_t written_ = 0;
  bool has_alpha_ = false;
};

}  // namespace anim
