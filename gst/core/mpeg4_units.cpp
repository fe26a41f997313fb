// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/mpeg4_units.h"

#include <bit>

#include "gst/core/bit_reader.h"
#include "gst/core/start_code.h"

namespace anim {
namespace {

using Span = std::span<const std::uint8_t>;

/// The values of start codes (table 6-3).
enum StartCode : std::uint8_t {
  kFirstLayer = 0x20,
  kLastLayer = 0x2F,
  kGroup = 0xB3,
  kVisualObject = 0xB5,
  kVop = 0xB6,
};

/// video_object_type_indication (table 6-10) of layers with a syntax of their own.
enum ObjectType : unsigned { kSimpleStudio = 14, kCoreStudio = 15 };
enum Shape : unsigned { kRectangular = 0 };
enum Sprite : unsigned { kNoSprite = 0, kStaticSprite = 1, kGmc = 2 };
/// vop_coding_type (table 6-20).
enum CodingType : unsigned { kI = 0, kP = 1, kB = 2, kS = 3 };

/// What is read of a video object layer (6.2.3).
struct Layer {
  unsigned time_increment_bits = 1;
  bool is_interlaced = false;
};

/// The quantiser matrix of a layer: up to 64 values, ended by 0.
void skip_matrix(BitReader& in) {
  if (!in.flag()) return;
  for (int i = 0; i < 64 && in.bits(8) != 0;) ++i;
}

/// vol_control_parameters.
void skip_control_parameters(BitReader& in) {
  constexpr std::size_t kBufferingVerifier = 79;
  if (!in.flag()) return;
  in.skip(3);  // chroma_format, low_delay
  if (in.flag()) in.skip(kBufferingVerifier);
}

/// From sprite_enable to the warping parameters. False for static sprites.
bool read_sprite(BitReader& in, unsigned version) {
  const unsigned sprite = in.bits(version == 1 ? 1 : 2);
  if (sprite == kGmc) in.skip(9);  // points, accuracy, brightness change
  return sprite == kNoSprite || sprite == kGmc;
}

/// From not_8_bit to scalability. False for what the rule does not cover.
bool read_tools(BitReader& in, unsigned version) {
  if (in.flag()) in.skip(8);  // quant_precision, bits_per_pixel
  if (in.flag()) {            // quant_type
    skip_matrix(in);
    skip_matrix(in);
  }
  if (version != 1) in.skip(1);                           // quarter_sample
  const bool has_complexity = !in.flag();                 // complexity_estimation_disable
  in.skip(1);                                             // resync_marker_disable
  if (in.flag()) in.skip(1);                              // data_partitioned, reversible_vlc
  const bool needs_upstream = version != 1 && in.flag();  // newpred_enable
  const bool has_reduced_pictures = version != 1 && in.flag();
  const bool is_scalable = in.flag();
  return !has_complexity && !needs_upstream && !has_reduced_pictures && !is_scalable;
}

/// Nothing for layers that the rule does not cover. Decoders disagree about the version of a layer
/// that does not say its own.
std::optional<Layer> read_layer(Span body, unsigned object_version) {
  constexpr unsigned kExtendedAspectRatio = 15;
  BitReader in(body);
  in.skip(1);  // random_accessible_vol
  const unsigned type = in.bits(8);
  if (type == kSimpleStudio || type == kCoreStudio) return std::nullopt;
  unsigned version = 1;
  if (in.flag()) {
    version = in.bits(4);
    in.skip(3);  // video_object_layer_priority
  } else if (object_version != 1) {
    return std::nullopt;
  }
  if (in.bits(4) == kExtendedAspectRatio) in.skip(16);
  skip_control_parameters(in);
  if (in.bits(2) != kRectangular) return std::nullopt;
  in.skip(1);  // marker
  const unsigned resolution = in.bits(16);
  Layer layer;
  if (resolution > 1) layer.time_increment_bits = std::bit_width(resolution - 1);
  in.skip(1);  // marker
  if (in.flag()) in.skip(layer.time_increment_bits);
  in.skip(1 + 13 + 1 + 13 + 1);  // width and height between markers
  layer.is_interlaced = in.flag();
  in.skip(1);  // obmc_disable
  const bool is_understood = resolution != 0 && read_sprite(in, version) && read_tools(in, version);
  if (!in.is_good() || !is_understood) return std::nullopt;
  return layer;
}

/// The times of VOPs count from the last I-, P- or S-VOP (6.3.5, modulo_time_base), so that those
/// of others do not change when a B-VOP is left out, and all change alike when what lies before an
/// I-VOP is. A B-VOP's direct mode takes the vectors of the VOP that is shown after it (7.6.9.5).
class Mpeg4Rules : public UnitRules {
 public:
  std::optional<UnitRole> read(Span bytes) override;
  void restart() override { is_begun_ = false; }

  /// The headers of a stream. False when they are not understood, or are none.
  bool read_headers(Span bytes);

 private:
  bool take_header(const Section& section);
  [[nodiscard]] std::optional<UnitRole> read_vop(Span body) const;

  unsigned object_version_ = 1;
  std::optional<Layer> layer_;
  bool is_begun_ = false;  ///< an I-VOP was read
};

/// False when the header is not understood.
bool Mpeg4Rules::take_header(const Section& section) {
  BitReader in(section.body);
  if (section.code == kVisualObject) {
    object_version_ = in.flag() ? in.bits(4) : 1;
    return in.is_good();
  }
  if (section.code < kFirstLayer || section.code > kLastLayer) return true;
  layer_ = read_layer(section.body, object_version_);
  return layer_.has_value();
}

bool Mpeg4Rules::read_headers(Span bytes) {
  const auto sections = split_sections(bytes);
  if (!sections) return false;
  for (const Section& section : *sections) {
    if (!take_header(section)) return false;
  }
  return layer_.has_value();
}

/// The start of VideoObjectPlane() (6.2.5).
std::optional<UnitRole> Mpeg4Rules::read_vop(Span body) const {
  if (!layer_) return std::nullopt;
  BitReader in(body);
  const unsigned type = in.bits(2);
  while (in.flag()) {  // modulo_time_base
  }
  in.skip(1 + layer_->time_increment_bits + 1);  // vop_time_increment between markers
  const bool is_coded = in.flag();
  if (!in.is_good() || !is_coded) return std::nullopt;
  // libavcodec measures the direct mode of all interlaced B-VOPs by the first one's distance.
  if (type == kB && layer_->is_interlaced) return std::nullopt;
  return UnitRole{.entry = type == kI ? Entry::Open : Entry::None, .is_reference = type != kB};
}

/// What comes before the first group or VOP.
Span leading_headers(Span bytes, const std::vector<Section>& sections) {
  for (const Section& section : sections) {
    if (section.code == kGroup || section.code == kVop) return bytes.first(section.offset);
  }
  return bytes;
}

std::optional<UnitRole> Mpeg4Rules::read(Span bytes) {
  const auto sections = split_sections(bytes);
  if (!sections) return std::nullopt;
  std::optional<UnitRole> role;
  for (const Section& section : *sections) {
    if (!take_header(section)) return std::nullopt;
    if (section.code != kVop) continue;
    if (role) return std::nullopt;
    role = read_vop(section.body);
    if (!role) return std::nullopt;
    // libavcodec predicts VOPs before the first I-VOP from memory that nobody has written, and
    // gives out more frames than it was given, at times of its own.
    is_begun_ = is_begun_ || role->entry != Entry::None;
    if (!is_begun_) return std::nullopt;
  }
  if (!role) role = UnitRole{.is_reference = true, .is_shown = false};
  const Span headers = leading_headers(bytes, *sections);
  if (!headers.empty()) role->headers.push_back(headers);
  return role;
}

}  // namespace

std::unique_ptr<UnitRules> make_mpeg4_rules(Span vol) {
  auto rules = std::make_unique<Mpeg4Rules>();
  if (!vol.empty() && !rules->read_headers(vol)) return nullptr;
  return rules;
}

}  // namespace anim
