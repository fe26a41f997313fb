// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/h264_units.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "gst/core/bit_reader.h"
#include "gst/core/nal.h"

namespace anim {
namespace {

using Span = std::span<const std::uint8_t>;

/// nal_unit_type (table 7-1).
enum NalType : unsigned {
  kSlice = 1,
  kPartitionA = 2,
  kPartitionC = 4,
  kIdrSlice = 5,
  kSei = 6,
  kSps = 7,
  kPps = 8,
  kSpsExtension = 13,
  kSubsetSps = 15,
};

constexpr std::uint32_t kMaxSpsId = 31;
constexpr std::uint32_t kMaxPpsId = 255;
constexpr std::uint32_t kUserDataSei = 5;
constexpr std::uint32_t kRecoveryPointSei = 6;
constexpr std::size_t kUuid = 16;         // bytes before a user data SEI's own
constexpr std::size_t kSliceHeader = 32;  // bytes that hold all that is read of a slice

/// What a slice header's reading needs of its sequence parameter set (7.3.2.1.1).
struct Sps {
  bool has_separate_planes = false;
  unsigned frame_num_bits = 0;
  std::uint32_t pic_order_cnt_type = 0;
  unsigned order_lsb_bits = 0;  ///< of pic_order_cnt_lsb
  std::uint32_t max_references = 0;
  bool is_frames_only = true;
};

/// What a slice header says of its picture (7.3.3).
struct Slice {
  bool is_idr = false;
  bool is_reference = false;
  bool is_intra = false;
  std::uint32_t frame_num = 0;
  std::uint32_t pic_order_cnt_type = 0;
  std::uint32_t max_references = 0;
  bool is_field = false;
  bool is_bottom = false;
  unsigned order_lsb_bits = 0;
  std::uint32_t order_lsb = 0;  ///< pic_order_cnt_lsb

  [[nodiscard]] bool is_same_picture(const Slice& other) const {
    return is_idr == other.is_idr && is_reference == other.is_reference &&
           frame_num == other.frame_num && is_field == other.is_field &&
           is_bottom == other.is_bottom;
  }
};

/// The pictures of one unit.
struct Picture {
  Slice first;           ///< of the frame, or of the unit's first field
  Slice last;            ///< of the frame, or of the unit's last field
  bool is_intra = true;  ///< all slices of the frame, or of the first field
  bool is_pair = false;  ///< both fields of a frame are in the unit
};

bool has_chroma_format(unsigned profile) {
  constexpr unsigned kProfiles[] = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
  return std::find(std::begin(kProfiles), std::end(kProfiles), profile) != std::end(kProfiles);
}

/// scaling_list() (7.3.2.1.1.1).
void skip_scaling_list(BitReader& in, int size) {
  int last = 8;
  for (int i = 0; i < size; ++i) {
    const int next = (last + in.signed_exp_golomb() % 256 + 256) % 256;
    if (next == 0) return;
    last = next;
  }
}

/// From chroma_format_idc to the scaling lists. Returns separate_colour_plane_flag.
bool read_chroma_format(BitReader& in) {
  const std::uint32_t chroma_format = in.exp_golomb();
  const bool has_separate_planes = chroma_format == 3 && in.flag();
  (void)in.exp_golomb();  // bit_depth_luma_minus8
  (void)in.exp_golomb();  // bit_depth_chroma_minus8
  in.skip(1);             // qpprime_y_zero_transform_bypass_flag
  if (!in.flag()) return has_separate_planes;
  const int lists = chroma_format == 3 ? 12 : 8;
  for (int i = 0; i < lists; ++i) {
    if (in.flag()) skip_scaling_list(in, i < 6 ? 16 : 64);
  }
  return has_separate_planes;
}

/// What follows pic_order_cnt_type. Returns the bits of pic_order_cnt_lsb, which type 0 has.
unsigned read_pic_order_cnt(BitReader& in, std::uint32_t type) {
  if (type == 0) return std::min(in.exp_golomb(), 12U) + 4;
  if (type == 1) {
    in.skip(1);                    // delta_pic_order_always_zero_flag
    (void)in.signed_exp_golomb();  // offset_for_non_ref_pic
    (void)in.signed_exp_golomb();  // offset_for_top_to_bottom_field
    const std::uint32_t count = in.exp_golomb();
    for (std::uint32_t i = 0; i < count && in.is_good(); ++i) (void)in.signed_exp_golomb();
  }
  return 0;
}

/// seq_parameter_set_data() up to frame_mbs_only_flag.
Sps read_sps(BitReader& in, unsigned profile) {
  Sps sps;
  if (has_chroma_format(profile)) sps.has_separate_planes = read_chroma_format(in);
  sps.frame_num_bits = std::min(in.exp_golomb(), 13U) + 4;
  sps.pic_order_cnt_type = in.exp_golomb();
  sps.order_lsb_bits = read_pic_order_cnt(in, sps.pic_order_cnt_type);
  sps.max_references = in.exp_golomb();
  in.skip(1);             // gaps_in_frame_num_value_allowed_flag
  (void)in.exp_golomb();  // pic_width_in_mbs_minus1
  (void)in.exp_golomb();  // pic_height_in_map_units_minus1
  sps.is_frames_only = in.flag();
  return sps;
}

/// Whether decoding that begins here is exact from here on (D.2.8).
bool is_exact_recovery(Span payload) {
  BitReader in(payload);
  const bool is_at_once = in.exp_golomb() == 0;  // recovery_frame_cnt
  const bool is_exact = in.flag();
  const bool is_broken = in.flag();
  const bool changes_slice_groups = in.bits(2) != 0;
  return in.is_good() && is_at_once && is_exact && !is_broken && !changes_slice_groups;
}

/// Whether a message names the x264 that made the stream, once at its begin: libavcodec works
/// around the faults of old ones, so that the message travels with the parameter sets.
bool names_x264(Span payload) {
  constexpr std::string_view kName = "x264 - core";
  return payload.size() >= kUuid + kName.size() &&
         std::equal(kName.begin(), kName.end(), payload.begin() + kUuid);
}

/// Whether a slice belongs to the other field of the frame that `first` begins (3.30, 3.31).
bool is_other_field(const Slice& first, const Slice& second) {
  return first.is_field && second.is_field && first.is_bottom != second.is_bottom &&
         first.frame_num == second.frame_num;
}

/// Two fields of one frame_num that the standard does not pair, but decoders may.
bool is_doubtful_pair(const Slice& first, const Slice& second) {
  return first.is_reference != second.is_reference || (second.is_idr && !first.is_idr);
}

/// An exact recovery point at an I picture. Where the references before it were left out,
/// libavcodec makes up a frame for each frame_num that is missing, as many as there are references
/// at most, and from the third one on GStreamer's avdec_h264 (1.22, one thread) has no buffer for
/// the picture itself.
Entry recovery_entry(const Slice& slice) {
  constexpr std::uint32_t kMostMadeUp = 2;
  return slice.max_references <= kMostMadeUp ? Entry::Open : Entry::Join;
}

/// Order counts, of pictures in decoding order. Those after a picture that begins them anew
/// (memory_management_control_operation 5) go on as if it did not.
class OrderCounts {
 public:
  void restart() { before_ = 0; }

  /// Nothing of type 1, which no encoder in use writes.
  std::optional<std::int64_t> next(const Slice& slice) {
    if (slice.is_idr) before_ = 0;
    if (slice.pic_order_cnt_type == 2) return ++before_;  // 8.2.1.3: as they are decoded
    if (slice.pic_order_cnt_type != 0) return std::nullopt;
    const std::int64_t count = nearest_order_count(before_, slice.order_lsb, slice.order_lsb_bits);
    if (slice.is_reference) before_ = count;
    return count;
  }

 private:
  std::int64_t before_ = 0;  ///< of the reference picture before
};

/// Reference pictures are all kept, so what they do to the marking of others (8.2.5) happens as
/// ever. That a picture without reference can be left out even where the order counts of later ones
/// derive from the picture before (pic_order_cnt_type 1 and 2, 8.2.1.2 and 8.2.1.3): they ask
/// whether frame_num wrapped since, and the next picture has this picture's frame_num or, after a
/// gap that is allowed, a later one (7.4.3), so that it sees the same wrap. The frames that fill a
/// gap (8.2.5.2) are then inferred at the next picture.
class H264Rules : public UnitRules {
 public:
  explicit H264Rules(std::size_t length_size) : length_size_(length_size) {}

  /// SPS and PPS. False when they are broken.
  bool take_parameter_sets(Span payload);

  std::optional<UnitRole> read(Span unit) override;

  void restart() override {
    first_field_.reset();
    order_counts_.restart();
    is_begun_ = false;
  }

 private:
  struct Unit {
    UnitRole role;
    std::optional<Picture> picture;
    bool is_recovery_point = false;
  };

  bool take(const NalUnit& nal, Unit& unit);
  static bool take_sei(const NalUnit& nal, Unit& unit);
  static bool take_slice(const Slice& slice, Unit& unit);
  [[nodiscard]] std::optional<Slice> read_slice(Span payload) const;
  bool pair_fields(const Picture& picture, UnitRole& role);

  std::size_t length_size_;
  std::map<std::uint32_t, Sps> sequence_sets_;
  std::map<std::uint32_t, std::uint32_t> picture_sets_;  ///< the sequence set's number
  std::optional<Slice> first_field_;  ///< of a frame whose second field is in the next unit
  bool may_be_alone_ = false;         ///< that field
  bool is_begun_ = false;             ///< a picture was read
  OrderCounts order_counts_;
};

bool H264Rules::take_parameter_sets(Span payload) {
  const unsigned type = payload.front() & 0x1F;
  const Bytes bytes = unescaped(payload.subspan(1));
  BitReader in(bytes);
  if (type == kSps) {
    const unsigned profile = in.bits(8);
    in.skip(16);  // constraint flags, level_idc
    const std::uint32_t id = in.exp_golomb();
    const Sps sps = read_sps(in, profile);
    if (!in.is_good() || id > kMaxSpsId) return false;
    sequence_sets_[id] = sps;
  } else if (type == kPps) {
    const std::uint32_t id = in.exp_golomb();
    const std::uint32_t sps_id = in.exp_golomb();
    if (!in.is_good() || id > kMaxPpsId) return false;
    picture_sets_[id] = sps_id;
  }
  return true;
}

std::optional<Slice> H264Rules::read_slice(Span payload) const {
  const Bytes bytes = unescaped(payload, kSliceHeader);
  BitReader in(bytes);
  Slice slice;
  in.skip(1);  // forbidden_zero_bit
  slice.is_reference = in.bits(2) != 0;
  slice.is_idr = in.bits(5) == kIdrSlice;
  (void)in.exp_golomb();  // first_mb_in_slice
  const std::uint32_t type = in.exp_golomb();
  slice.is_intra = type % 5 == 2;
  const auto pps = picture_sets_.find(in.exp_golomb());
  if (pps == picture_sets_.end()) return std::nullopt;
  const auto found = sequence_sets_.find(pps->second);
  if (found == sequence_sets_.end()) return std::nullopt;
  const Sps& sps = found->second;
  if (sps.has_separate_planes) in.skip(2);
  slice.frame_num = in.bits(sps.frame_num_bits);
  slice.pic_order_cnt_type = sps.pic_order_cnt_type;
  slice.max_references = sps.max_references;
  slice.is_field = !sps.is_frames_only && in.flag();
  slice.is_bottom = slice.is_field && in.flag();
  if (slice.is_idr) (void)in.exp_golomb();  // idr_pic_id
  slice.order_lsb_bits = sps.order_lsb_bits;
  slice.order_lsb = in.bits(sps.order_lsb_bits);
  if (!in.is_good() || type > 9) return std::nullopt;
  return slice;
}

/// False when the message is one that the rule does not cover.
bool H264Rules::take_sei(const NalUnit& nal, Unit& unit) {
  const Bytes bytes = unescaped(nal.payload.subspan(1));
  for (const SeiMessage& message : read_sei(bytes)) {
    if (message.type == kFilmGrainSei) return false;
    if (message.type == kUserDataSei && names_x264(message.payload)) {
      unit.role.headers.push_back(nal.framed);
    }
    if (message.type == kRecoveryPointSei && !unit.picture) {
      unit.is_recovery_point = is_exact_recovery(message.payload);
    }
  }
  return true;
}

/// False when the slice begins one picture too many.
bool H264Rules::take_slice(const Slice& slice, Unit& unit) {
  if (!unit.picture) {
    unit.picture = Picture{slice, slice, slice.is_intra};
    return true;
  }
  Picture& picture = *unit.picture;
  if (!slice.is_same_picture(picture.last)) {
    if (picture.is_pair || !is_other_field(picture.first, slice)) return false;
    if (is_doubtful_pair(picture.first, slice)) return false;
    picture.is_pair = true;
    picture.last = slice;
  } else if (!picture.is_pair) {
    picture.is_intra = picture.is_intra && slice.is_intra;
  }
  return true;
}

/// False when the NAL unit is not understood. Those of other layers and views (14, 20), auxiliary
/// pictures (19) and what only delimits are ignored, as decoders of the base view do.
bool H264Rules::take(const NalUnit& nal, Unit& unit) {
  const unsigned type = nal.payload.front() & 0x1F;
  if (type >= kPartitionA && type <= kPartitionC) return false;
  if (type == kSei) return take_sei(nal, unit);
  if (type == kSlice || type == kIdrSlice) {
    const std::optional<Slice> slice = read_slice(nal.payload);
    return slice && take_slice(*slice, unit);
  }
  if (type == kSps || type == kPps || type == kSpsExtension || type == kSubsetSps) {
    unit.role.headers.push_back(nal.framed);
    return take_parameter_sets(nal.payload);
  }
  return true;
}

/// False when a field is left alone: how decoders then show it depends on the frames around it.
/// Only the first picture may be alone, the second field of a frame that was cut off.
bool H264Rules::pair_fields(const Picture& picture, UnitRole& role) {
  const bool was_begun = std::exchange(is_begun_, true);
  const auto waiting = std::exchange(first_field_, std::nullopt);
  const bool may_wait_alone = std::exchange(may_be_alone_, !was_begun);
  const bool is_one_field = picture.first.is_field && !picture.is_pair;
  if (waiting && is_one_field && is_other_field(*waiting, picture.first)) {
    role.continues_picture = true;
    return !is_doubtful_pair(*waiting, picture.first);
  }
  if (is_one_field) first_field_ = picture.first;
  return !waiting || may_wait_alone;
}

std::optional<UnitRole> H264Rules::read(Span bytes) {
  const auto nal_units = split_nal_units(bytes, length_size_);
  if (!nal_units) return std::nullopt;
  Unit unit;
  for (const NalUnit& nal : *nal_units) {
    if (!take(nal, unit)) return std::nullopt;
  }
  UnitRole& role = unit.role;
  if (!unit.picture) {
    role.is_reference = false;
    role.is_shown = false;
    return role;
  }
  const Picture& picture = *unit.picture;
  if (!pair_fields(picture, role)) return std::nullopt;
  role.is_reference = picture.first.is_reference;
  role.order_count = order_counts_.next(picture.first);
  if (role.continues_picture) return role;
  if (picture.first.is_idr) {
    role.entry = Entry::Closed;
  } else if (unit.is_recovery_point && picture.is_intra && picture.first.pic_order_cnt_type == 0) {
    role.entry = recovery_entry(picture.first);
  }
  return role;
}

/// What AVCDecoderConfigurationRecord says.
std::unique_ptr<H264Rules> read_avcc(Span avcc) {
  constexpr std::size_t kFixed = 5;
  if (avcc.size() <= kFixed || avcc[0] != 1) return nullptr;
  const std::size_t length_size = (avcc[4] & 3U) + 1;
  if (length_size == 3) return nullptr;
  auto rules = std::make_unique<H264Rules>(length_size);
  Span rest = avcc.subspan(kFixed);
  for (const unsigned mask : {0x1FU, 0xFFU}) {  // sequence, then picture parameter sets
    if (rest.empty()) return nullptr;
    unsigned count = rest.front() & mask;
    for (rest = rest.subspan(1); count > 0; --count) {
      const auto set = take_parameter_set(rest);
      if (!set || !rules->take_parameter_sets(*set)) return nullptr;
    }
  }
  return rules;
}

}  // namespace

std::unique_ptr<UnitRules> make_h264_rules(Span avcc) {
  if (avcc.empty()) return std::make_unique<H264Rules>(kByteStream);
  return read_avcc(avcc);
}

}  // namespace anim
