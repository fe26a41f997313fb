// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/av1_units.h"

#include <algorithm>

#include "gst/core/bit_reader.h"

namespace anim {
namespace {

// Names and numbers are those of the AV1 specification, 6.2.2, 6.7.1 and 6.8.2.
enum ObuType : unsigned {
  kSequenceHeader = 1,
  kTemporalDelimiter = 2,
  kFrameHeader = 3,
  kMetadata = 5,
  kFrame = 6,
  kTileList = 8,
};
enum MetadataType : std::uint64_t { kHdrContentLight = 1, kHdrMasteringDisplay = 2 };
enum FrameType : unsigned { kKeyFrame = 0, kIntraOnlyFrame = 2, kSwitchFrame = 3 };

constexpr std::uint32_t kAllSlots = 0xFF;
constexpr std::size_t kAv1cHeader = 4;
constexpr std::uint8_t kAv1cMarkerAndVersion = 0x81;

struct Obu {
  unsigned type = 0;
  bool has_extension = false;
  bool has_size = false;
  unsigned temporal_id = 0;
  unsigned spatial_id = 0;
  std::span<const std::uint8_t> whole;
  std::span<const std::uint8_t> payload;
};

/// leb128(), 4.10.5.
std::uint64_t read_leb128(BitReader& bits) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 56; shift += 7) {
    const bool continues = bits.flag();
    value |= std::uint64_t{bits.bits(7)} << shift;
    if (!continues) break;
  }
  return value;
}

/// open_bitstream_unit(), 5.3. Takes it off `rest`; without a size it is all of the rest.
std::optional<Obu> take_obu(std::span<const std::uint8_t>& rest) {
  BitReader bits(rest);
  if (bits.flag()) return std::nullopt;  // obu_forbidden_bit
  Obu obu;
  obu.type = bits.bits(4);
  obu.has_extension = bits.flag();
  obu.has_size = bits.flag();
  bits.skip(1);
  if (obu.has_extension) {
    obu.temporal_id = bits.bits(3);
    obu.spatial_id = bits.bits(2);
    bits.skip(3);
  }
  const std::uint64_t stated = obu.has_size ? read_leb128(bits) : 0;
  if (!bits.is_good()) return std::nullopt;
  const std::size_t header = bits.position() / 8;
  const std::uint64_t size = obu.has_size ? stated : rest.size() - header;
  if (size > rest.size() - header) return std::nullopt;
  obu.whole = rest.first(header + static_cast<std::size_t>(size));
  obu.payload = obu.whole.subspan(header);
  rest = rest.subspan(obu.whole.size());
  return obu;
}

/// What a sequence header says of the frame headers' syntax.
struct Sequence {
  struct OperatingPoint {
    std::uint32_t idc = 0;  ///< bits 0-7 temporal, 8-11 spatial layers; 0 = all
    bool has_decoder_model = false;
  };
  bool is_reduced_still = false;
  bool has_presentation_times = false;
  bool has_decoder_model = false;
  unsigned buffer_delay_bits = 0;
  unsigned removal_time_bits = 0;
  unsigned presentation_time_bits = 0;
  std::vector<OperatingPoint> operating_points;
  unsigned frame_id_bits = 0;  ///< 0 = frames have no ids
  bool chooses_screen_content_tools = true;
  bool has_screen_content_tools = true;  ///< where it does not choose
  bool chooses_integer_mv = true;
  unsigned order_hint_bits = 0;
};

/// timing_info() and decoder_model_info(), 5.5.3 and 5.5.4.
void read_timing(BitReader& bits, Sequence& sequence) {
  bits.skip(32 + 32);  // num_units_in_display_tick, time_scale
  const bool has_equal_intervals = bits.flag();
  if (has_equal_intervals) (void)bits.exp_golomb();  // num_ticks_per_picture_minus_1
  sequence.has_decoder_model = bits.flag();
  if (!sequence.has_decoder_model) return;
  sequence.has_presentation_times = !has_equal_intervals;
  sequence.buffer_delay_bits = bits.bits(5) + 1;
  bits.skip(32);  // num_units_in_decoding_tick
  sequence.removal_time_bits = bits.bits(5) + 1;
  sequence.presentation_time_bits = bits.bits(5) + 1;
}

void read_operating_points(BitReader& bits, Sequence& sequence) {
  const bool has_display_delays = bits.flag();
  for (auto left = bits.bits(5) + 1; left > 0; --left) {
    Sequence::OperatingPoint point{.idc = bits.bits(12)};
    const bool has_tier = bits.bits(5) > 7;  // seq_level_idx
    if (has_tier) bits.skip(1);
    point.has_decoder_model = sequence.has_decoder_model && bits.flag();
    if (point.has_decoder_model) bits.skip(2 * sequence.buffer_delay_bits + 1);
    if (has_display_delays && bits.flag()) bits.skip(4);
    sequence.operating_points.push_back(point);
  }
}

/// From enable_interintra_compound to order_hint_bits_minus_1, 5.5.1.
void read_inter_tools(BitReader& bits, Sequence& sequence) {
  bits.skip(4);
  const bool has_order_hints = bits.flag();
  if (has_order_hints) bits.skip(2);
  sequence.chooses_screen_content_tools = bits.flag();
  if (!sequence.chooses_screen_content_tools) sequence.has_screen_content_tools = bits.flag();
  if (sequence.chooses_screen_content_tools || sequence.has_screen_content_tools) {
    sequence.chooses_integer_mv = bits.flag();
    if (!sequence.chooses_integer_mv) bits.skip(1);
  }
  if (has_order_hints) sequence.order_hint_bits = bits.bits(3) + 1;
}

/// sequence_header_obu(), 5.5.1, as far as frame headers depend on it.
std::optional<Sequence> read_sequence(std::span<const std::uint8_t> payload) {
  BitReader bits(payload);
  Sequence sequence;
  bits.skip(3 + 1);  // seq_profile, still_picture
  sequence.is_reduced_still = bits.flag();
  if (sequence.is_reduced_still) {
    bits.skip(5);  // seq_level_idx
    sequence.operating_points.emplace_back();
  } else {
    const bool has_timing = bits.flag();
    if (has_timing) read_timing(bits, sequence);
    read_operating_points(bits, sequence);
  }
  const unsigned width_bits = bits.bits(4) + 1;
  const unsigned height_bits = bits.bits(4) + 1;
  bits.skip(width_bits + height_bits);
  if (!sequence.is_reduced_still && bits.flag()) {
    const unsigned delta_bits = bits.bits(4) + 2;
    sequence.frame_id_bits = delta_bits + bits.bits(3) + 1;
  }
  bits.skip(3);
  if (!sequence.is_reduced_still) read_inter_tools(bits, sequence);
  if (!bits.is_good()) return std::nullopt;
  return sequence;
}

/// Whether no operating point has more.
bool has_one_spatial_layer(const Sequence& sequence) {
  return std::all_of(sequence.operating_points.begin(), sequence.operating_points.end(),
                     [](const auto& point) { return point.idc >> 8 <= 1; });
}

/// What we need of a frame's header.
struct Frame {
  unsigned type = kKeyFrame;
  std::optional<unsigned> existing;  ///< the slot whose frame it shows
  bool is_shown = true;
  std::uint32_t refreshed = kAllSlots;  ///< slots, bit by bit
  /// Whether it states the order hints of all slots, of which one that is not as stated is replaced
  /// by a grey frame.
  bool states_slots = false;
};

/// Reads a frame's header.
class FrameReader {
 public:
  FrameReader(const Sequence& sequence, const Obu& obu)
      : sequence_(sequence), temporal_id_(obu.temporal_id), bits_(obu.payload) {}

  /// uncompressed_header(), 5.9.2, up to refresh_frame_flags.
  [[nodiscard]] std::optional<Frame> read() {
    Frame frame;
    bool is_error_resilient = true;
    if (!sequence_.is_reduced_still) {
      const bool shows_existing = bits_.flag();
      if (shows_existing) {
        frame.existing = bits_.bits(3);
        return checked(frame);
      }
      is_error_resilient = read_kind(frame);
    }
    read_coding_tools(frame);
    const bool is_intra = frame.type == kKeyFrame || frame.type == kIntraOnlyFrame;
    if (!is_intra && !is_error_resilient) bits_.skip(3);  // primary_ref_frame
    if (sequence_.has_decoder_model && bits_.flag()) skip_removal_times();
    const bool refreshes_all =
        frame.type == kSwitchFrame || (frame.type == kKeyFrame && frame.is_shown);
    if (!refreshes_all) frame.refreshed = bits_.bits(8);
    frame.states_slots = is_error_resilient && sequence_.order_hint_bits > 0 &&
                         (!is_intra || frame.refreshed != kAllSlots);
    return checked(frame);
  }

 private:
  /// From frame_type to error_resilient_mode, which is returned.
  bool read_kind(Frame& frame) {
    frame.type = bits_.bits(2);
    frame.is_shown = bits_.flag();
    if (frame.is_shown && sequence_.has_presentation_times) {
      bits_.skip(sequence_.presentation_time_bits);
    }
    if (!frame.is_shown) bits_.skip(1);  // showable_frame
    const bool is_always =
        frame.type == kSwitchFrame || (frame.type == kKeyFrame && frame.is_shown);
    return is_always || bits_.flag();
  }

  /// From disable_cdf_update to order_hint.
  void read_coding_tools(const Frame& frame) {
    bits_.skip(1);
    const bool has_screen_content_tools =
        sequence_.chooses_screen_content_tools ? bits_.flag() : sequence_.has_screen_content_tools;
    if (has_screen_content_tools && sequence_.chooses_integer_mv) bits_.skip(1);
    bits_.skip(sequence_.frame_id_bits);
    const bool states_size_override =
        frame.type != kSwitchFrame && !sequence_.is_reduced_still;  // frame_size_override_flag
    if (states_size_override) bits_.skip(1);
    bits_.skip(sequence_.order_hint_bits);
  }

  void skip_removal_times() {
    for (const auto& point : sequence_.operating_points) {
      const bool is_in_point = point.idc == 0 || (point.idc >> temporal_id_ & 1) != 0;
      if (point.has_decoder_model && is_in_point) bits_.skip(sequence_.removal_time_bits);
    }
  }

  [[nodiscard]] std::optional<Frame> checked(const Frame& frame) const {
    if (!bits_.is_good()) return std::nullopt;
    return frame;
  }

  const Sequence& sequence_;
  unsigned temporal_id_;
  BitReader bits_;
};

/// A unit, as far as it has been read.
struct Unit {
  UnitRole role;
  int frames = 0;
};

class Av1Rules : public UnitRules {
 public:
  std::optional<UnitRole> read(std::span<const std::uint8_t> bytes) override {
    Unit unit;
    unit.role.is_reference = false;
    unit.role.is_shown = false;
    for (auto rest = bytes; !rest.empty();) {
      const auto obu = take_obu(rest);
      if (!obu || !read_obu(*obu, unit)) return std::nullopt;
      const bool is_next_unit =
          obu->type == kTemporalDelimiter && obu->whole.data() != bytes.data();
      if (is_next_unit) return std::nullopt;
    }
    if (unit.frames == 0) return std::nullopt;
    return unit.role;
  }

  void restart() override { key_slots_ = kAllSlots; }

  /// Reads configOBUs. False when they are not understood.
  [[nodiscard]] bool configure(std::span<const std::uint8_t> obus) {
    Unit unit;
    while (!obus.empty()) {
      const auto obu = take_obu(obus);
      if (!obu || !read_obu(*obu, unit)) return false;
    }
    return unit.frames == 0;
  }

 private:
  [[nodiscard]] bool read_obu(const Obu& obu, Unit& unit) {
    switch (obu.type) {
      case kSequenceHeader:
        return read_sequence_header(obu, unit.role);
      case kMetadata:
        return read_metadata(obu, unit.role);
      case kFrameHeader:
      case kFrame:
        return read_frame(obu, unit);
      case kTileList:
        return false;
      default:  // tiles, repeated headers, padding, and reserved types, which decoders ignore
        return true;
    }
  }

  [[nodiscard]] bool read_sequence_header(const Obu& obu, UnitRole& role) {
    sequence_ = read_sequence(obu.payload);
    role.headers.push_back(obu.whole);
    return obu.has_size && sequence_ && has_one_spatial_layer(*sequence_);
  }

  /// Decoders may keep what the HDR metadata say until the next sequence begins, so they travel as
  /// sequence headers do.
  [[nodiscard]] static bool read_metadata(const Obu& obu, UnitRole& role) {
    BitReader bits(obu.payload);
    const std::uint64_t type = read_leb128(bits);
    if (type != kHdrContentLight && type != kHdrMasteringDisplay) return true;
    role.headers.push_back(obu.whole);
    return obu.has_size;
  }

  [[nodiscard]] bool read_frame(const Obu& obu, Unit& unit) {
    if (!sequence_ || !is_in_operating_point(obu)) return false;
    const auto frame = FrameReader(*sequence_, obu).read();
    if (!frame) return false;
    // Of several shown frames some decoders give out all, others the last.
    if (frame->is_shown && unit.role.is_shown) return false;
    unit.role.is_shown |= frame->is_shown;
    const bool is_shown_key = !frame->existing && frame->type == kKeyFrame && frame->is_shown;
    if (is_shown_key && unit.frames == 0) unit.role.entry = Entry::Closed;
    unit.role.is_reference |= leaves_state(*frame);
    update_slots(*frame);
    ++unit.frames;
    return true;
  }

  /// Decoders drop what is in no layer of operating point 0 (5.3.1), and choose among spatial
  /// layers (7.18.1): neither is covered.
  [[nodiscard]] bool is_in_operating_point(const Obu& obu) const {
    if (!obu.has_extension) return true;
    const std::uint32_t idc = sequence_->operating_points.front().idc;
    return obu.spatial_id == 0 && (idc == 0 || (idc >> obu.temporal_id & 1) != 0);
  }

  /// All that a frame leaves is in the slots that it refreshes (7.20): pixels, motion vectors,
  /// probabilities, segments, loop filter deltas, film grain. Ids, where frames have them, are the
  /// exception: each bounds the next one (6.8.2).
  [[nodiscard]] bool leaves_state(const Frame& frame) const {
    if (frame.existing) return is_key(*frame.existing);
    return frame.refreshed != 0 || frame.states_slots || sequence_->frame_id_bits > 0;
  }

  void update_slots(const Frame& frame) {
    if (frame.existing) {
      // A key frame that is shown from its slot then fills all of them (7.21).
      if (is_key(*frame.existing)) key_slots_ = kAllSlots;
    } else if (frame.type == kKeyFrame) {
      key_slots_ |= frame.refreshed;
    } else {
      key_slots_ &= ~frame.refreshed;
    }
  }

  [[nodiscard]] bool is_key(unsigned slot) const { return (key_slots_ >> slot & 1) != 0; }

  std::optional<Sequence> sequence_;
  std::uint32_t key_slots_ = kAllSlots;  ///< slots that hold a key frame, or may hold one
};

}  // namespace

std::unique_ptr<UnitRules> make_av1_rules(std::span<const std::uint8_t> av1c) {
  auto rules = std::make_unique<Av1Rules>();
  if (av1c.empty()) return rules;
  if (av1c.size() < kAv1cHeader || av1c[0] != kAv1cMarkerAndVersion) return nullptr;
  if (!rules->configure(av1c.subspan(kAv1cHeader))) return nullptr;
  return rules;
}

}  // namespace anim
