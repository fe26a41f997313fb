// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/h265_units.h"

#include <algorithm>
#include <map>
#include <utility>

#include "gst/core/bit_reader.h"
#include "gst/core/nal.h"

namespace anim {
namespace {

using Span = std::span<const std::uint8_t>;

/// nal_unit_type (table 7-1).
enum NalType : unsigned {
  kRadlN = 6,
  kRaslN = 8,
  kRaslR = 9,
  kFirstReserved = 10,  // of the pictures that are no random access points
  kBlaWLp = 16,
  kBlaNLp = 18,
  kIdrWRadl = 19,
  kIdrNLp = 20,
  kCra = 21,
  kLastPicture = 31,
  kVps = 32,
  kSps = 33,
  kPps = 34,
  kEndOfSequence = 36,
  kEndOfBitstream = 37,
  kPrefixSei = 39,
};

constexpr std::size_t kNalHeader = 2;
constexpr std::size_t kSliceHeader = 32;  // bytes that hold all that is read of a slice
constexpr std::uint32_t kMaxSpsId = 15;
constexpr std::uint32_t kMaxPpsId = 63;

/// What is read of a sequence parameter set (7.3.2.2.1).
struct Sps {
  unsigned highest_temporal_id = 0;
  bool has_separate_planes = false;
  unsigned order_lsb_bits = 0;  ///< of slice_pic_order_cnt_lsb
};

/// What is read of a picture parameter set (7.3.2.3.1).
struct Pps {
  std::uint32_t sps_id = 0;
  bool has_output_flag = false;
  unsigned extra_bits = 0;  ///< of the slice header
};

/// What the first slice of a picture says of it (7.3.6.1).
struct Picture {
  unsigned type = 0;
  unsigned temporal_id = 0;
  unsigned highest_temporal_id = 0;  ///< of the stream
  bool is_output = true;
  bool drops_prior_output = false;  ///< no_output_of_prior_pics_flag
  unsigned order_lsb_bits = 0;
  std::uint32_t order_lsb = 0;  ///< slice_pic_order_cnt_lsb

  [[nodiscard]] bool is_rasl() const { return type == kRaslN || type == kRaslR; }
  [[nodiscard]] bool is_leading() const { return type >= kRadlN && type <= kRaslR; }
  [[nodiscard]] bool is_irap() const { return type >= kBlaWLp && type <= kCra; }
  [[nodiscard]] bool is_idr() const { return type == kIdrWRadl || type == kIdrNLp; }
  /// All random access points but CRA begin a new coded video sequence wherever they are.
  [[nodiscard]] bool begins_sequence() const { return is_irap() && type != kCra; }
  /// A sub-layer non-reference picture (types 0 to 14, even) of the highest sub-layer: pictures of
  /// its own sub-layer do not refer to it, and there is no higher one that could.
  [[nodiscard]] bool is_reference() const {
    return is_kept_in_its_layer() || temporal_id != highest_temporal_id;
  }
  [[nodiscard]] bool is_kept_in_its_layer() const { return type >= kBlaWLp || type % 2 != 0; }
  /// Whether the order counts of later pictures are told from its own (8.3.1: prevTid0Pic).
  [[nodiscard]] bool leads_order() const {
    return temporal_id == 0 && is_kept_in_its_layer() && !is_leading();
  }
};

unsigned nal_type(Span payload) {
  return payload[0] >> 1 & 0x3F;
}

unsigned layer_id(Span payload) {
  return (payload[0] & 1U) << 5 | payload[1] >> 3;
}

/// profile_tier_level( 1, max_sub_layers_minus1 ) (7.3.3).
void skip_profile_tier_level(BitReader& in, unsigned max_sub_layers_minus1) {
  constexpr std::size_t kProfile = 88;
  constexpr std::size_t kLevel = 8;
  in.skip(kProfile + kLevel);
  if (max_sub_layers_minus1 == 0) return;
  std::size_t sub_layers = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const bool has_profile = in.flag();
    const bool has_level = in.flag();
    if (i >= max_sub_layers_minus1) continue;  // reserved bits
    sub_layers += (has_profile ? kProfile : 0) + (has_level ? kLevel : 0);
  }
  in.skip(sub_layers);
}

/// conformance_window_flag and what it brings.
void skip_conformance_window(BitReader& in) {
  if (!in.flag()) return;
  for (int i = 0; i < 4; ++i) (void)in.exp_golomb();
}

/// From chroma_format_idc to log2_max_pic_order_cnt_lsb_minus4.
void read_formats(BitReader& in, Sps& sps) {
  const std::uint32_t chroma_format = in.exp_golomb();
  sps.has_separate_planes = chroma_format == 3 && in.flag();
  (void)in.exp_golomb();  // pic_width_in_luma_samples
  (void)in.exp_golomb();  // pic_height_in_luma_samples
  skip_conformance_window(in);
  (void)in.exp_golomb();  // bit_depth_luma_minus8
  (void)in.exp_golomb();  // bit_depth_chroma_minus8
  sps.order_lsb_bits = std::min(in.exp_golomb(), 12U) + 4;
}

/// The order counts of a picture derive from reference pictures of the lowest sub-layer alone
/// (8.3.1), and its reference picture set names all pictures that it keeps (8.3.2), so that
/// pictures without reference and those before a closed entry leave no trace.
class H265Rules : public UnitRules {
 public:
  explicit H265Rules(std::size_t length_size) : length_size_(length_size) {}

  /// SPS and PPS. False when they are broken.
  bool take_parameter_set(Span payload);

  std::optional<UnitRole> read(Span bytes) override;

  void restart() override {
    is_begun_ = false;
    has_ended_ = false;
    skips_rasl_ = false;
    order_before_ = 0;
  }

 private:
  struct Unit {
    UnitRole role;
    std::optional<Picture> picture;
    bool ends_before = false;  ///< the sequence of the picture before; some parsers put it here
    bool ends_after = false;   ///< this picture's sequence
  };

  bool take(const NalUnit& nal, Unit& unit);
  bool take_slice(Span payload, Unit& unit) const;
  [[nodiscard]] std::optional<Picture> read_picture(Span payload) const;
  bool take_picture(const Picture& picture, UnitRole& role);

  std::int64_t next_order_count(const Picture& picture);

  std::size_t length_size_;
  std::map<std::uint32_t, Sps> sequence_sets_;
  std::map<std::uint32_t, Pps> picture_sets_;
  bool is_begun_ = false;   ///< a picture was read
  bool has_ended_ = false;  ///< the last picture ended its sequence
  /// Decoders skip the RASL pictures of the last random access point. Where pictures came before
  /// the first one, some do and some do not.
  bool skips_rasl_ = false;
  std::int64_t order_before_ = 0;  ///< of the last picture that leads_order()
};

bool H265Rules::take_parameter_set(Span payload) {
  const Bytes bytes = unescaped(payload.subspan(kNalHeader));
  BitReader in(bytes);
  if (nal_type(payload) == kSps) {
    in.skip(4);  // sps_video_parameter_set_id
    Sps sps;
    sps.highest_temporal_id = in.bits(3);  // sps_max_sub_layers_minus1
    in.skip(1);                            // sps_temporal_id_nesting_flag
    skip_profile_tier_level(in, sps.highest_temporal_id);
    const std::uint32_t id = in.exp_golomb();
    read_formats(in, sps);
    if (!in.is_good() || id > kMaxSpsId) return false;
    sequence_sets_[id] = sps;
  } else if (nal_type(payload) == kPps) {
    const std::uint32_t id = in.exp_golomb();
    Pps pps;
    pps.sps_id = in.exp_golomb();
    in.skip(1);  // dependent_slice_segments_enabled_flag
    pps.has_output_flag = in.flag();
    pps.extra_bits = in.bits(3);
    if (!in.is_good() || id > kMaxPpsId) return false;
    picture_sets_[id] = pps;
  }
  return true;
}

/// From the first slice segment of a picture.
std::optional<Picture> H265Rules::read_picture(Span payload) const {
  const Bytes bytes = unescaped(payload, kSliceHeader);
  BitReader in(bytes);
  Picture picture;
  in.skip(1);  // forbidden_zero_bit
  picture.type = in.bits(6);
  in.skip(6);  // nuh_layer_id
  picture.temporal_id = in.bits(3) - 1;
  in.skip(1);  // first_slice_segment_in_pic_flag
  picture.drops_prior_output = picture.type >= kBlaWLp && in.flag();
  const auto pps = picture_sets_.find(in.exp_golomb());
  if (pps == picture_sets_.end()) return std::nullopt;
  const auto found = sequence_sets_.find(pps->second.sps_id);
  if (found == sequence_sets_.end()) return std::nullopt;
  const Sps& sps = found->second;
  picture.highest_temporal_id = sps.highest_temporal_id;
  in.skip(pps->second.extra_bits);
  (void)in.exp_golomb();  // slice_type
  picture.is_output = !pps->second.has_output_flag || in.flag();
  if (sps.has_separate_planes) in.skip(2);
  picture.order_lsb_bits = sps.order_lsb_bits;
  if (!picture.is_idr()) picture.order_lsb = in.bits(sps.order_lsb_bits);
  const bool is_reserved = picture.type >= kFirstReserved && !picture.is_irap();
  if (!in.is_good() || is_reserved || picture.temporal_id > picture.highest_temporal_id) {
    return std::nullopt;
  }
  return picture;
}

/// False when the slice is not understood, or belongs to a second picture.
bool H265Rules::take_slice(Span payload, Unit& unit) const {
  if (payload.size() <= kNalHeader) return false;
  const bool is_first = (payload[kNalHeader] & 0x80) != 0;
  if (is_first == unit.picture.has_value()) return false;
  if (is_first) unit.picture = read_picture(payload);
  return unit.picture && unit.picture->type == nal_type(payload);
}

/// False when the NAL unit is not understood. Other layers than the base layer are ignored, as
/// decoders do.
bool H265Rules::take(const NalUnit& nal, Unit& unit) {
  if (nal.payload.size() < kNalHeader) return false;
  if (layer_id(nal.payload) != 0) return true;
  const unsigned type = nal_type(nal.payload);
  if (type <= kLastPicture) return take_slice(nal.payload, unit);
  if (type == kVps || type == kSps || type == kPps) {
    unit.role.headers.push_back(nal.framed);
    return take_parameter_set(nal.payload);
  }
  if (type == kEndOfSequence || type == kEndOfBitstream) {
    (unit.picture ? unit.ends_after : unit.ends_before) = true;
  }
  if (type != kPrefixSei) return true;
  const Bytes bytes = unescaped(nal.payload.subspan(kNalHeader));
  const auto messages = read_sei(bytes);
  return std::none_of(messages.begin(), messages.end(),
                      [](const SeiMessage& sei) { return sei.type == kFilmGrainSei; });
}

/// 8.3.1.
std::int64_t H265Rules::next_order_count(const Picture& picture) {
  if (picture.begins_sequence()) order_before_ = 0;
  const std::int64_t count =
      picture.begins_sequence()
          ? picture.order_lsb
          : nearest_order_count(order_before_, picture.order_lsb, picture.order_lsb_bits);
  if (picture.leads_order()) order_before_ = count;
  return count;
}

/// False when the picture's output depends on more than its entry says.
bool H265Rules::take_picture(const Picture& picture, UnitRole& role) {
  const bool follows_end = std::exchange(has_ended_, false);
  if (follows_end && !picture.begins_sequence()) return false;
  const bool was_begun = std::exchange(is_begun_, true);
  if (picture.is_irap()) {
    if (was_begun && picture.begins_sequence() && picture.drops_prior_output) return false;
    role.entry = picture.begins_sequence() ? Entry::Closed : Entry::Open;
    skips_rasl_ = picture.begins_sequence() || !was_begun;
  }
  const bool is_skipped = picture.is_rasl() && skips_rasl_;
  role.is_reference = picture.is_reference() && !is_skipped;
  role.is_shown = picture.is_output && !is_skipped;
  role.order_count = next_order_count(picture);
  return true;
}

std::optional<UnitRole> H265Rules::read(Span bytes) {
  const auto nal_units = split_nal_units(bytes, length_size_);
  if (!nal_units) return std::nullopt;
  Unit unit;
  for (const NalUnit& nal : *nal_units) {
    if (!take(nal, unit)) return std::nullopt;
  }
  has_ended_ = has_ended_ || unit.ends_before;
  if (!unit.picture) {
    unit.role.is_reference = unit.ends_before;
    unit.role.is_shown = false;
  } else if (!take_picture(*unit.picture, unit.role)) {
    return std::nullopt;
  }
  has_ended_ = has_ended_ || unit.ends_after;
  return unit.role;
}

/// The arrays of HEVCDecoderConfigurationRecord.
bool take_arrays(Span rest, unsigned arrays, H265Rules& rules) {
  constexpr std::size_t kArrayHeader = 3;
  for (; arrays > 0; --arrays) {
    if (rest.size() < kArrayHeader) return false;
    unsigned count = static_cast<unsigned>(rest[1]) << 8 | rest[2];
    for (rest = rest.subspan(kArrayHeader); count > 0; --count) {
      const auto set = take_parameter_set(rest);
      if (!set || set->size() <= kNalHeader) return false;
      if (layer_id(*set) == 0 && !rules.take_parameter_set(*set)) return false;
    }
  }
  return true;
}

std::unique_ptr<H265Rules> read_hvcc(Span hvcc) {
  constexpr std::size_t kFixed = 23;
  if (hvcc.size() < kFixed || hvcc[0] != 1) return nullptr;
  const std::size_t length_size = (hvcc[21] & 3U) + 1;
  if (length_size == 3) return nullptr;
  auto rules = std::make_unique<H265Rules>(length_size);
  if (!take_arrays(hvcc.subspan(kFixed), hvcc[22], *rules)) return nullptr;
  return rules;
}

}  // namespace

std::unique_ptr<UnitRules> make_h265_rules(Span hvcc) {
  if (hvcc.empty()) return std::make_unique<H265Rules>(kByteStream);
  return read_hvcc(hvcc);
}

}  // namespace anim
