// SPDX-License-Identifier: LGPL-2.1-or-later
// The NAL units of an access unit: what H.264 and H.265 share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gst/core/image.h"

namespace anim {

struct NalUnit {
  std::span<const std::uint8_t> framed;   ///< with the start code or the length before it
  std::span<const std::uint8_t> payload;  ///< from its header on; never empty
};

/// The length size of units in the byte stream format: start codes.
inline constexpr std::size_t kByteStream = 0;

/// The NAL units of `unit`, in a byte stream (ITU-T H.264 and H.265, Annex B) or each after its
/// length in `length_size` bytes (ISO/IEC 14496-15). Nothing when the framing is broken.
[[nodiscard]] std::optional<std::vector<NalUnit>> split_nal_units(
    std::span<const std::uint8_t> unit, std::size_t length_size);

/// `payload` without its emulation prevention bytes (7.3.1 of H.264, 7.3.1.1 of H.265), at most
/// `count` bytes.
[[nodiscard]] Bytes unescaped(std::span<const std::uint8_t> payload, std::size_t count = SIZE_MAX);

/// One message of supplemental enhancement information.
struct SeiMessage {
  std::uint32_t type = 0;
  std::span<const std::uint8_t> payload;
};

/// The whole messages of an SEI's unescaped bytes after the NAL unit's header (7.3.2.3.1 of H.264,
/// 7.3.5 of H.265).
[[nodiscard]] std::vector<SeiMessage> read_sei(std::span<const std::uint8_t> bytes);

/// payloadType of film_grain_characteristics: the decoder adds grain whose seed depends on every
/// picture before it, so nothing can be left out.
inline constexpr std::uint32_t kFilmGrainSei = 19;

/// The order count of a picture that tells its last `lsb_bits` bits alone, from that of a picture
/// `before` it: the nearest one (8.2.1.1 of H.264, 8.3.1 of H.265).
[[nodiscard]] std::int64_t nearest_order_count(std::int64_t before, std::uint32_t lsb,
                                               unsigned lsb_bits);

/// Takes a parameter set, after its length in 16 bits, from the front of a decoder configuration
/// record (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1). Nothing when the record ends before.
[[nodiscard]] std::optional<std::span<const std::uint8_t>> take_parameter_set(
    std::span<const std::uint8_t>& record);

}  // namespace anim
