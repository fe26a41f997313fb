// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/mpeg_video_units.h"

#include <utility>

#include "gst/core/bit_reader.h"
#include "gst/core/start_code.h"

namespace anim {
namespace {

using Span = std::span<const std::uint8_t>;

/// The values of start codes (H.262, table 6-1).
enum StartCode : std::uint8_t {
  kPicture = 0x00,
  kUserData = 0xB2,
  kSequenceHeader = 0xB3,
  kExtension = 0xB5,
  kGroup = 0xB8,
};

/// extension_start_code_identifier (table 6-2).
enum ExtensionId : unsigned {
  kQuantMatrix = 3,
  kSequenceScalable = 5,
  kPictureCoding = 8,
  kSpatialScalable = 9,
  kTemporalScalable = 10,
};

/// picture_coding_type (table 6-12).
enum CodingType : unsigned { kI = 1, kB = 3 };

/// picture_structure (table 6-14): 1 and 2 are the fields.
constexpr unsigned kFrame = 3;

struct Picture {
  unsigned coding_type = 0;
  unsigned structure = kFrame;

  [[nodiscard]] bool is_field() const { return structure != kFrame; }
};

/// The two fields of one frame (6.1.1.4.1): an I field may go with a P field.
bool is_pair(const Picture& first, const Picture& second) {
  return first.is_field() && second.is_field() && first.structure != second.structure &&
         (first.coding_type == kB) == (second.coding_type == kB);
}

/// All that decoding takes from one picture to the next is the sequence header and its extensions,
/// quantiser matrices (until the next sequence header, 6.3.11) and the two last reference frames.
class MpegVideoRules : public UnitRules {
 public:
  std::optional<UnitRole> read(Span bytes) override;

  void restart() override {
    first_field_.reset();
    is_as_header_says_ = false;
  }

 private:
  struct Unit {
    std::vector<Picture> pictures;
    bool has_header = false;    ///< a sequence header
    bool has_matrices = false;  ///< a quant matrix extension
    bool is_closed = false;     ///< closed_gop
  };

  static bool take(const Section& section, Unit& unit);
  static bool take_extension(Span body, Unit& unit);
  bool pair_fields(const std::vector<Picture>& pictures, UnitRole& role);

  bool is_as_header_says_ = false;      ///< the matrices are those of the last sequence header
  std::optional<Picture> first_field_;  ///< of a frame whose second field is in the next unit
};

/// The sequence headers of a unit, each with its extensions and user data.
std::vector<Span> sequence_headers(Span bytes, const std::vector<Section>& sections) {
  std::vector<Span> headers;
  for (const Section& section : sections) {
    const std::size_t end =
        static_cast<std::size_t>(section.body.data() - bytes.data()) + section.body.size();
    if (section.code == kSequenceHeader) {
      headers.push_back(bytes.subspan(section.offset, end - section.offset));
    } else if (section.code != kExtension && section.code != kUserData) {
      break;
    } else if (!headers.empty()) {
      const auto begin = static_cast<std::size_t>(headers.back().data() - bytes.data());
      headers.back() = bytes.subspan(begin, end - begin);
    }
  }
  return headers;
}

/// False for extensions of other layers, and a picture coding extension without its picture.
bool MpegVideoRules::take_extension(Span body, Unit& unit) {
  BitReader in(body);
  switch (in.bits(4)) {
    case kQuantMatrix:
      unit.has_matrices = true;
      return true;
    case kPictureCoding:
      if (unit.pictures.empty()) return false;
      in.skip(18);  // f_code, intra_dc_precision
      unit.pictures.back().structure = in.bits(2);
      return in.is_good() && unit.pictures.back().structure != 0;
    case kSequenceScalable:
    case kSpatialScalable:
    case kTemporalScalable:
      return false;
    default:
      return true;
  }
}

/// False when the section is not understood.
bool MpegVideoRules::take(const Section& section, Unit& unit) {
  BitReader in(section.body);
  switch (section.code) {
    case kPicture: {
      in.skip(10);  // temporal_reference
      const unsigned type = in.bits(3);
      unit.pictures.push_back({type});
      return in.is_good() && type >= kI && type <= kB;
    }
    case kGroup:
      in.skip(25);  // time_code
      unit.is_closed = in.flag();
      return in.is_good();
    case kSequenceHeader:
      unit.has_header = true;
      return true;
    case kExtension:
      return take_extension(section.body, unit);
    default:
      return true;  // slices, user data, ends of sequences
  }
}

/// False when a field is left alone, or more than a frame is in the unit.
bool MpegVideoRules::pair_fields(const std::vector<Picture>& pictures, UnitRole& role) {
  const Picture& first = pictures.front();
  const auto waiting = std::exchange(first_field_, std::nullopt);
  if (pictures.size() > 1) return !waiting && pictures.size() == 2 && is_pair(first, pictures[1]);
  role.continues_picture = waiting && is_pair(*waiting, first);
  if (first.is_field() && !waiting) first_field_ = first;
  return !waiting || role.continues_picture;
}

std::optional<UnitRole> MpegVideoRules::read(Span bytes) {
  const auto sections = split_sections(bytes);
  if (!sections) return std::nullopt;
  Unit unit;
  for (const Section& section : *sections) {
    if (!take(section, unit)) return std::nullopt;
  }
  const bool is_as_header_says = unit.has_header || is_as_header_says_;
  is_as_header_says_ = is_as_header_says && !unit.has_matrices;
  UnitRole role;
  role.headers = sequence_headers(bytes, *sections);
  if (unit.pictures.empty()) {
    role.is_shown = false;
    return role;
  }
  if (!pair_fields(unit.pictures, role)) return std::nullopt;
  const unsigned type = unit.pictures.front().coding_type;
  role.is_reference = type != kB || unit.has_matrices;
  if (type == kI && !role.continues_picture && is_as_header_says) {
    role.entry = unit.is_closed ? Entry::Closed : Entry::Open;
  }
  return role;
}

}  // namespace

std::unique_ptr<UnitRules> make_mpeg_video_rules() {
  return std::make_unique<MpegVideoRules>();
}

}  // namespace anim
