// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/unit_rules.h"

#include "gst/core/av1_units.h"
#include "gst/core/h264_units.h"
#include "gst/core/h265_units.h"
#include "gst/core/mpeg4_units.h"
#include "gst/core/mpeg_video_units.h"
#include "gst/core/vp8_units.h"
#include "gst/core/vp9_units.h"

namespace anim {
namespace {

/// Every unit is a whole picture.
class AllKeyRules : public UnitRules {
 public:
  std::optional<UnitRole> read(std::span<const std::uint8_t> unit) override {
    if (unit.empty()) return std::nullopt;
    return UnitRole{.entry = Entry::Closed, .is_reference = false};
  }
  void restart() override {}
};

}  // namespace

std::unique_ptr<UnitRules> make_unit_rules(const UnitFormat& format) {
  switch (format.codec) {
    case Codec::H264:
      return make_h264_rules(format.codec_data);
    case Codec::H265:
      return make_h265_rules(format.codec_data);
    case Codec::Vp8:
      return make_vp8_rules();
    case Codec::Vp9:
      return make_vp9_rules();
    case Codec::Av1:
      return make_av1_rules(format.codec_data);
    case Codec::MpegVideo:
      return make_mpeg_video_rules();
    case Codec::Mpeg4:
      return make_mpeg4_rules(format.codec_data);
    case Codec::AllKey:
      return std::make_unique<AllKeyRules>();
  }
  return nullptr;
}

UnitOrder unit_order(Codec codec) {
  switch (codec) {
    case Codec::H264:
    case Codec::H265:
      // max_num_reorder_frames is at most 16, and a frame may be two units of a field each.
      return {.reorder_limit = 32};
    case Codec::MpegVideo:
    case Codec::Mpeg4:
      // One anchor picture, perhaps in two units.
      return {.reorder_limit = 2, .disposable_precedes_anchor = true};
    case Codec::Vp8:
    case Codec::Vp9:
    case Codec::Av1:
    case Codec::AllKey:
      return {};
  }
  return {};
}

}  // namespace anim
