// SPDX-License-Identifier: LGPL-2.1-or-later
// What the decoding of a stream's units depends on, read from their own bits: one rule for each
// codec. A unit is what a decoder takes at once: an access unit of H.264 or H.265, a frame or
// superframe of VP8 or VP9, a temporal unit of AV1, a coded picture of MPEG-1/2/4.
//
// The rules read headers alone, and only what they need of them. Where a stream leaves a doubt,
// a rule gives no role, and nothing of that stream may be left out from there on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "gst/core/image.h"

namespace anim {

/// The codecs that have a rule.
enum class Codec {
  H264,
  H265,
  Vp8,
  Vp9,
  Av1,
  MpegVideo,  ///< MPEG-1 and MPEG-2
  Mpeg4,      ///< MPEG-4 part 2
  AllKey,     ///< every unit is a whole picture: MJPEG, ProRes, DV, DNxHD, PNG
};

/// A stream as its caps tell it.
struct UnitFormat {
  Codec codec = Codec::AllKey;
  Bytes codec_data;  ///< avcC, hvcC, av1C, VOL headers; empty: all in the units
};

/// Whether decoding may begin at a unit.
enum class Entry {
  None,
  /// Pictures that are shown after this one depend on nothing before it (in decoding order).
  /// Those that follow it in decoding order and are shown before it (leading pictures) may.
  /// Before it, a decoder of H.264 or H.265 that was not given every reference must be drained and
  /// flushed: order counts go on from the reference before (8.2.1 of H.264, 8.3.1 of H.265), and
  /// wrong ones lose pictures or show them in the wrong place.
  Open,
  /// As Open where a stream begins in its middle, but decoders lose it if they were given
  /// references before it and not all of them.
  Join,
  /// Nothing that follows depends on anything before it.
  Closed,
};

/// What one unit is to the others.
struct UnitRole {
  Entry entry = Entry::None;
  /// Whether later units may depend on this one: on its pixels, or on any state that decoding it
  /// leaves. A unit that is no reference can be left out without a trace.
  bool is_reference = true;
  /// Whether it completes the picture of the unit before it (a second field): one cannot be decoded
  /// without the other.
  bool continues_picture = false;
  /// Whether decoding it gives out a picture. A unit of hidden frames alone does not.
  bool is_shown = true;
  /// Its place in the order in which the pictures from one entry to the next are shown, as
  /// PicOrderCnt of H.264 and H.265 tells it. Nothing of codecs that do not count so.
  std::optional<std::int64_t> order_count = std::nullopt;
  /// Parameter sets and sequence headers in the unit, whole and in the unit's own framing, so that
  /// they can be put before another unit when this one is left out.
  std::vector<std::span<const std::uint8_t>> headers = {};
};

/// Reads units in decoding order.
class UnitRules {
 public:
  UnitRules() = default;
  UnitRules(const UnitRules&) = delete;
  UnitRules& operator=(const UnitRules&) = delete;
  virtual ~UnitRules() = default;

  /// The role of the next unit, whose bytes `role.headers` refers to. Nothing when the unit is not
  /// understood, or is of a kind that the rule does not cover: then the caller asks no more.
  [[nodiscard]] virtual std::optional<UnitRole> read(std::span<const std::uint8_t> unit) = 0;

  /// The units may begin anew (after a seek): nothing that was read of earlier pictures counts,
  /// parameter sets do.
  virtual void restart() = 0;
};

/// The rules for a stream; null when its `codec_data` is not understood.
[[nodiscard]] std::unique_ptr<UnitRules> make_unit_rules(const UnitFormat& format);

/// How the order of decoding and the order of time may differ.
struct UnitOrder {
  /// At most so many units can precede another one in decoding order and be shown after it.
  std::size_t reorder_limit = 0;
  /// A unit that is no reference is shown before the reference that it follows.
  bool disposable_precedes_anchor = false;
};

[[nodiscard]] UnitOrder unit_order(Codec codec);

}  // namespace anim
