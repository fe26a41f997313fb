// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8_units.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gst/core/bit_reader.h"

namespace anim {
namespace {

constexpr std::size_t kFrameTag = 3;
constexpr std::size_t kKeyFrameHeader = 7;  // start code, width, height
constexpr std::array<std::uint8_t, 3> kStartCode{0x9D, 0x01, 0x2A};

/// The boolean entropy decoder (RFC 6386, 7.3) at even probabilities, in which all that we need of
/// a header is written. Only the upper byte of the RFC's two-byte value is ever compared, so that
/// is all we keep.
class BoolDecoder {
 public:
  explicit BoolDecoder(std::span<const std::uint8_t> bytes) : bits_(bytes), value_(bits_.bits(8)) {}

  [[nodiscard]] bool flag() {
    const std::uint32_t split = (range_ + 1) / 2;
    const bool bit = value_ >= split;
    value_ -= bit ? split : 0;
    range_ = bit ? range_ - split : split;
    for (; range_ < 128; range_ *= 2) value_ = value_ * 2 + bits_.bits(1);
    return bit;
  }

  [[nodiscard]] std::uint32_t bits(unsigned count) {
    std::uint32_t value = 0;
    for (; count > 0; --count) value = value * 2 + (flag() ? 1U : 0U);
    return value;
  }

  /// A magnitude of `count` bits and a sign.
  [[nodiscard]] int signed_bits(unsigned count) {
    const int magnitude = static_cast<int>(bits(count));
    return flag() ? -magnitude : magnitude;
  }

  void skip(unsigned count) { (void)bits(count); }

  /// Skips `count` values of `size` bits, each of which a flag says to be there or not.
  void skip_optional(int count, unsigned size) {
    for (; count > 0; --count) {
      if (flag()) skip(size);
    }
  }

  [[nodiscard]] bool is_good() const { return bits_.is_good(); }

 private:
  BitReader bits_;
  std::uint32_t value_;
  std::uint32_t range_ = 255;
};

/// The loop filter's adjustments for four reference frames and four prediction modes, where known.
using FilterDeltas = std::array<std::optional<int>, 8>;

/// What we need of a frame's header.
struct Header {
  bool is_key = false;
  bool is_shown = false;
  bool is_segmented = false;
  bool updates_map = false;    ///< of segments
  bool updates_state = false;  ///< reference frames, probabilities, the map or data of segments
  FilterDeltas new_deltas;     ///< those that it states
};

/// segmentation_enabled and update_segmentation(), RFC 6386, 9.3.
void read_segmentation(BoolDecoder& bits, Header& header) {
  header.is_segmented = bits.flag();
  if (!header.is_segmented) return;
  header.updates_map = bits.flag();
  const bool updates_data = bits.flag();
  if (updates_data) {
    bits.skip(1);              // segment_feature_mode
    bits.skip_optional(4, 8);  // quantizers, with sign
    bits.skip_optional(4, 7);  // loop filter levels, with sign
  }
  if (header.updates_map) bits.skip_optional(3, 8);
  header.updates_state |= header.updates_map || updates_data;
}

/// From filter_type to quant_indices(), RFC 6386, 9.3, 9.5, 9.6.
void read_filter_and_quantizers(BoolDecoder& bits, Header& header) {
  bits.skip(1 + 6 + 3);  // filter_type, loop_filter_level, sharpness_level
  const bool has_deltas = bits.flag();
  if (has_deltas && bits.flag()) {
    for (auto& delta : header.new_deltas) {
      if (bits.flag()) delta = bits.signed_bits(6);
    }
  }
  bits.skip(2 + 7);  // log2_nbr_of_dct_partitions, y_ac_qi
  bits.skip_optional(5, 5);
}

/// From refresh_golden_frame to refresh_last, RFC 6386, 9.7 and 9.10, of an inter frame.
void read_updates(BoolDecoder& bits, Header& header) {
  const bool refreshes_golden = bits.flag();
  const bool refreshes_alternate = bits.flag();
  const bool copies_to_golden = !refreshes_golden && bits.bits(2) != 0;
  const bool copies_to_alternate = !refreshes_alternate && bits.bits(2) != 0;
  bits.skip(2);  // sign biases
  const bool keeps_probabilities = bits.flag();
  const bool refreshes_last = bits.flag();
  header.updates_state |= refreshes_golden || refreshes_alternate || copies_to_golden ||
                          copies_to_alternate || keeps_probabilities || refreshes_last;
}

/// RFC 6386, 9.1 and 9.2.
std::optional<Header> read_header(std::span<const std::uint8_t> unit) {
  if (unit.size() < kFrameTag) return std::nullopt;
  const std::size_t tag = unit[0] | std::size_t{unit[1]} << 8 | std::size_t{unit[2]} << 16;
  const std::size_t first_partition = tag >> 5;
  Header header;
  header.is_key = (tag & 1) == 0;
  header.is_shown = (tag >> 4 & 1) != 0;
  auto rest = unit.subspan(kFrameTag);
  if (header.is_key) {
    if (rest.size() < kKeyFrameHeader) return std::nullopt;
    if (!std::equal(kStartCode.begin(), kStartCode.end(), rest.begin())) return std::nullopt;
    rest = rest.subspan(kKeyFrameHeader);
  }
  if (first_partition > rest.size()) return std::nullopt;
  BoolDecoder bits(rest.first(first_partition));
  if (header.is_key) bits.skip(2);  // color_space, clamping_type
  read_segmentation(bits, header);
  read_filter_and_quantizers(bits, header);
  if (!header.is_key) read_updates(bits, header);
  if (!bits.is_good()) return std::nullopt;
  return header;
}

/// What lasts from frame to frame is named in RFC 6386, 9.3, 9.6, 9.7, 9.10 and 9.11. Quantizer
/// indices, sign biases, and the probabilities that are not saved are read anew for each frame.
class Vp8Rules : public UnitRules {
 public:
  std::optional<UnitRole> read(std::span<const std::uint8_t> unit) override {
    const auto header = read_header(unit);
    if (!header) return std::nullopt;
    const std::optional<bool> was_segmented = std::exchange(is_segmented_, header->is_segmented);
    const bool takes_map = header->is_segmented && !header->updates_map;
    // The map outlasts frames without segments, but not in every decoder.
    if (takes_map && was_segmented == false) return std::nullopt;

    UnitRole role;
    // A key frame's map is to be all zeros where it states none; some decoders keep the old one.
    if (header->is_key && !takes_map) role.entry = Entry::Closed;
    const bool changes_deltas = update_deltas(*header);
    role.is_reference = header->is_key || header->updates_state || changes_deltas;
    role.is_shown = header->is_shown;
    return role;
  }

  void restart() override {
    is_segmented_.reset();
    deltas_ = {};
  }

 private:
  /// Whether any was another, or not known. (Encoders that expect losses state them each time.)
  bool update_deltas(const Header& header) {
    if (header.is_key) deltas_.fill(0);
    const FilterDeltas before = deltas_;
    for (std::size_t i = 0; i < deltas_.size(); ++i) {
      if (header.new_deltas.at(i)) deltas_.at(i) = header.new_deltas.at(i);
    }
    return deltas_ != before;
  }

  std::optional<bool> is_segmented_;  ///< whether the previous frame has segments, where known
  FilterDeltas deltas_;
};

}  // namespace

std::unique_ptr<UnitRules> make_vp8_rules() {
  return std::make_unique<Vp8Rules>();
}

}  // namespace anim
