// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/unit_format.h"

#include <array>

#include "gst/glue/handle.h"

namespace anim {
namespace {

/// Streams whose buffers are whole units in a framing that the codec's rule reads.
struct Known {
  const char* caps;
  Codec codec;
};

constexpr auto kKnown = std::to_array<Known>({
    {"video/x-h264, alignment=au, stream-format={avc, avc3, byte-stream}", Codec::H264},
    {"video/x-h265, alignment=au, stream-format={hvc1, hev1, byte-stream}", Codec::H265},
    {"video/x-vp8", Codec::Vp8},
    {"video/x-vp9", Codec::Vp9},
    {"video/x-av1, alignment=tu, stream-format=obu-stream", Codec::Av1},
    {"video/mpeg, mpegversion={1, 2}, systemstream=false, parsed=true", Codec::MpegVideo},
    {"video/mpeg, mpegversion=4, systemstream=false, parsed=true", Codec::Mpeg4},
    {"video/x-dv, systemstream=false", Codec::AllKey},
    {"video/x-prores", Codec::AllKey},
    {"video/x-dnxhd", Codec::AllKey},
    {"image/jpeg", Codec::AllKey},
});

constexpr std::uint8_t kAv1cMarkerAndVersion = 0x81;

// qtdemux (GStreamer 1.22) hands on an av1C without its first bytes. The first unit that can be
// decoded brings its sequence header itself.
bool is_cut(const UnitFormat& format) {
  return format.codec == Codec::Av1 && !format.codec_data.empty() &&
         format.codec_data.front() != kAv1cMarkerAndVersion;
}

Bytes codec_data(const GstStructure* structure) {
  const GValue* value = gst_structure_get_value(structure, "codec_data");
  if (value == nullptr || !GST_VALUE_HOLDS_BUFFER(value)) return {};
  GstBuffer* buffer = gst_value_get_buffer(value);
  Bytes out(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, out.data(), out.size());
  return out;
}

}  // namespace

std::optional<UnitFormat> unit_format(const GstCaps* caps) {
  for (const Known& known : kKnown) {
    const auto allowed = glue::adopt(gst_caps_from_string(known.caps));
    if (!gst_caps_is_subset(caps, allowed.get())) continue;
    UnitFormat format{known.codec, codec_data(gst_caps_get_structure(caps, 0))};
    if (is_cut(format)) format.codec_data.clear();
    return format;
  }
  return {};
}

}  // namespace anim
