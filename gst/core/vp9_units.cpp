// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp9_units.h"

#include <algorithm>

#include "gst/core/bit_reader.h"

namespace anim {
namespace {

constexpr std::uint32_t kFrameMarker = 2;
constexpr std::uint32_t kSyncCode = 0x498342;
constexpr unsigned kReservedProfile = 3;  // which one more bit follows

/// What we need of a frame's header.
struct Header {
  bool is_key = false;
  bool is_shown = false;
};

/// The beginning of uncompressed_header(), 6.2.
std::optional<Header> read_header(std::span<const std::uint8_t> frame) {
  BitReader bits(frame);
  if (bits.bits(2) != kFrameMarker) return std::nullopt;
  const unsigned low_bit = bits.bits(1);
  const unsigned profile = low_bit | bits.bits(1) << 1;
  if (profile == kReservedProfile && bits.flag()) return std::nullopt;

  Header header;
  const bool shows_existing = bits.flag();
  if (shows_existing) {
    bits.skip(3);  // frame_to_show_map_idx
    header.is_shown = true;
  } else {
    header.is_key = !bits.flag();
    header.is_shown = bits.flag();
    bits.skip(1);  // error_resilient_mode
    if (header.is_key && bits.bits(24) != kSyncCode) return std::nullopt;
  }
  if (!bits.is_good()) return std::nullopt;
  return header;
}

/// superframe_index(), Annex B: the frames of a unit. None where they are not all there.
std::vector<std::span<const std::uint8_t>> frames_of(std::span<const std::uint8_t> unit) {
  if (unit.empty()) return {};
  const std::uint8_t marker = unit.back();
  if (marker >> 5 != 6) return {unit};
  const std::size_t count = (marker & 7U) + 1;
  const std::size_t size_bytes = (marker >> 3 & 3U) + 1;
  const std::size_t index_size = 2 + count * size_bytes;
  if (unit.size() < index_size || unit[unit.size() - index_size] != marker) return {};

  auto sizes = unit.last(index_size).subspan(1);
  auto rest = unit.first(unit.size() - index_size);
  std::vector<std::span<const std::uint8_t>> frames;
  for (std::size_t i = 0; i < count; ++i, sizes = sizes.subspan(size_bytes)) {
    std::size_t size = 0;
    for (std::size_t byte = size_bytes; byte-- > 0;) size = size << 8 | sizes[byte];
    if (size > rest.size()) return {};
    frames.push_back(rest.first(size));
    rest = rest.subspan(size);
  }
  return frames;
}

class Vp9Rules : public UnitRules {
 public:
  std::optional<UnitRole> read(std::span<const std::uint8_t> unit) override {
    std::vector<Header> headers;
    for (const auto frame : frames_of(unit)) {
      const auto header = read_header(frame);
      if (!header) return std::nullopt;
      headers.push_back(*header);
    }
    const auto shown = std::count_if(headers.begin(), headers.end(),
                                     [](const Header& header) { return header.is_shown; });
    // Of several shown frames some decoders give out all, others the last.
    if (headers.empty() || shown > 1) return std::nullopt;

    UnitRole role;
    // A key frame, shown or not, refreshes all slots and resets all that frames leave besides.
    if (headers.front().is_key) role.entry = Entry::Closed;
    role.is_shown = shown == 1;
    return role;
  }

  void restart() override {}
};

}  // namespace

std::unique_ptr<UnitRules> make_vp9_rules() {
  return std::make_unique<Vp9Rules>();
}

}  // namespace anim
