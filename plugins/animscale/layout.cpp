// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animscale/layout.h"

#include <algorithm>
#include <bit>

namespace anim {
namespace {

constexpr bool kLittleEndian = std::endian::native == std::endian::little;

const GstVideoFormatInfo* info_of(GstVideoFormat format) {
  return gst_video_format_get_info(format);
}

bool has_odd_storage(const GstVideoFormatInfo* info) {
  const auto odd = GST_VIDEO_FORMAT_FLAG_COMPLEX | GST_VIDEO_FORMAT_FLAG_PALETTE |
                   GST_VIDEO_FORMAT_FLAG_TILED | GST_VIDEO_FORMAT_FLAG_SUBTILES;
  return (info->flags & odd) != 0 || info->n_components == 0;
}

std::optional<SampleType> sample_of(const GstVideoFormatInfo* info) {
  const auto depth = static_cast<int>(info->depth[0]);
  const auto shift = static_cast<int>(info->shift[0]);
  for (guint c = 1; c < info->n_components; ++c) {
    if (info->depth[c] != info->depth[0] || info->shift[c] != info->shift[0]) return std::nullopt;
  }
  if (depth == 8 && shift == 0) return SampleType{};
  const bool is_native = GST_VIDEO_FORMAT_INFO_IS_LE(info) == kLittleEndian;
  if (depth <= 8 || depth + shift > 16 || !is_native) return std::nullopt;
  return SampleType{.bytes = 2, .max = ((1 << depth) - 1) << shift, .quantum = 1 << shift};
}

/// 32-bit packed words and the like have components of whole bytes, but strides that are not.
bool fits_samples(const GstVideoFormatInfo* info, int bytes) {
  for (guint c = 0; c < info->n_components; ++c) {
    const gint stride = info->pixel_stride[c];
    if (stride <= 0 || stride % bytes != 0 || stride > 8) return false;
    if (info->poffset[c] % static_cast<guint>(bytes) != 0) return false;
  }
  return true;
}

Component component_of(const GstVideoFormatInfo* info, guint c, int bytes) {
  return {.plane = static_cast<int>(info->plane[c]),
          .place = {.offset = static_cast<int>(info->poffset[c]) / bytes,
                    .stride = info->pixel_stride[c] / bytes},
          .step_x = 1 << info->w_sub[c],
          .step_y = 1 << info->h_sub[c],
          .is_alpha = c == GST_VIDEO_COMP_A};
}

/// The sample of a packed pixel that no component uses.
std::optional<ChannelPlace> padding_of(const Layout& layout) {
  const int stride = layout.components.front().place.stride;
  if (stride != 4 || layout.components.size() != 3 || layout.is_subsampled()) return std::nullopt;
  int unused = 0 + 1 + 2 + 3;
  for (const Component& component : layout.components) {
    if (component.plane != 0) return std::nullopt;
    unused -= component.place.offset;
  }
  return ChannelPlace{.offset = unused, .stride = stride};
}

void find_elements(Layout& layout) {
  std::array<bool, 4> seen{};
  for (const Component& component : layout.components) {
    const auto plane = static_cast<std::size_t>(component.plane);
    const int bytes = component.place.stride * layout.sample.bytes;
    const bool differs = seen.at(plane) && layout.element.at(plane) != bytes;
    layout.element.at(plane) = differs ? 0 : bytes;
    seen.at(plane) = true;
  }
}

struct Near {
  GstVideoFormat format;
  GstVideoFormat readable;
};
/// Formats in odd storage beside the plain one with the same chroma grid.
constexpr Near kNear[] = {
    {GST_VIDEO_FORMAT_v210, GST_VIDEO_FORMAT_I422_10LE},
    {GST_VIDEO_FORMAT_UYVP, GST_VIDEO_FORMAT_I422_10LE},
    {GST_VIDEO_FORMAT_I420_10BE, GST_VIDEO_FORMAT_I420_10LE},
    {GST_VIDEO_FORMAT_I422_10BE, GST_VIDEO_FORMAT_I422_10LE},
    {GST_VIDEO_FORMAT_Y444_10BE, GST_VIDEO_FORMAT_Y444_10LE},
    {GST_VIDEO_FORMAT_I420_12BE, GST_VIDEO_FORMAT_I420_12LE},
    {GST_VIDEO_FORMAT_I422_12BE, GST_VIDEO_FORMAT_I422_12LE},
    {GST_VIDEO_FORMAT_Y444_12BE, GST_VIDEO_FORMAT_Y444_12LE},
    {GST_VIDEO_FORMAT_NV12_64Z32, GST_VIDEO_FORMAT_NV12},
    {GST_VIDEO_FORMAT_NV12_4L4, GST_VIDEO_FORMAT_NV12},
    {GST_VIDEO_FORMAT_NV12_32L32, GST_VIDEO_FORMAT_NV12},
    {GST_VIDEO_FORMAT_NV12_10LE32, GST_VIDEO_FORMAT_I420_10LE},
    {GST_VIDEO_FORMAT_NV12_10LE40, GST_VIDEO_FORMAT_I420_10LE},
    {GST_VIDEO_FORMAT_NV16_10LE32, GST_VIDEO_FORMAT_I422_10LE},
    {GST_VIDEO_FORMAT_GRAY16_BE, GST_VIDEO_FORMAT_GRAY16_LE},
    {GST_VIDEO_FORMAT_GRAY10_LE32, GST_VIDEO_FORMAT_GRAY16_LE},
};

}  // namespace

bool Layout::is_subsampled() const {
  return std::any_of(components.begin(), components.end(),
                     [](const Component& c) { return c.step_x > 1 || c.step_y > 1; });
}

bool Layout::can_turn(bool transpose) const {
  return std::all_of(components.begin(), components.end(), [&](const Component& c) {
    const bool is_square = c.step_x == c.step_y;
    return element.at(static_cast<std::size_t>(c.plane)) != 0 && (is_square || !transpose);
  });
}

std::optional<Layout> layout_of(GstVideoFormat format) {
  const GstVideoFormatInfo* info = info_of(format);
  if (has_odd_storage(info)) return std::nullopt;
  const auto sample = sample_of(info);
  if (!sample || !fits_samples(info, sample->bytes)) return std::nullopt;
  Layout layout;
  layout.family = family_of(format);
  layout.sample = *sample;
  layout.depth = static_cast<int>(info->depth[0]);
  for (guint c = 0; c < info->n_components; ++c) {
    layout.components.push_back(component_of(info, c, sample->bytes));
  }
  layout.has_alpha = GST_VIDEO_FORMAT_INFO_HAS_ALPHA(info);
  layout.is_packed_alpha = layout.has_alpha && GST_VIDEO_FORMAT_INFO_N_PLANES(info) == 1;
  layout.padding = padding_of(layout);
  find_elements(layout);
  return layout;
}

ColourFamily family_of(GstVideoFormat format) {
  const GstVideoFormatInfo* info = info_of(format);
  if (GST_VIDEO_FORMAT_INFO_IS_GRAY(info)) return ColourFamily::Gray;
  return GST_VIDEO_FORMAT_INFO_IS_YUV(info) ? ColourFamily::Yuv : ColourFamily::Rgb;
}

int depth_of(GstVideoFormat format) {
  const GstVideoFormatInfo* info = info_of(format);
  if (GST_VIDEO_FORMAT_INFO_HAS_PALETTE(info)) return 8;
  return static_cast<int>(info->depth[0]);
}

bool has_alpha(GstVideoFormat format) {
  return GST_VIDEO_FORMAT_INFO_HAS_ALPHA(info_of(format));
}

GstVideoFormat full_format(ColourFamily family, bool deep, bool alpha) {
  switch (family) {
    case ColourFamily::Gray:
      return deep ? GST_VIDEO_FORMAT_GRAY16_LE : GST_VIDEO_FORMAT_GRAY8;
    case ColourFamily::Yuv:
      if (alpha) return deep ? GST_VIDEO_FORMAT_AYUV64 : GST_VIDEO_FORMAT_AYUV;
      return deep ? GST_VIDEO_FORMAT_Y444_16LE : GST_VIDEO_FORMAT_Y444;
    case ColourFamily::Rgb:
      return deep ? GST_VIDEO_FORMAT_ARGB64 : GST_VIDEO_FORMAT_ARGB;
  }
  return GST_VIDEO_FORMAT_UNKNOWN;
}

GstVideoFormat readable_format(GstVideoFormat format) {
  const auto layout = layout_of(format);
  if (layout && (!layout->has_alpha || layout->is_packed_alpha)) return format;
  const auto* near = std::find_if(std::begin(kNear), std::end(kNear),
                                  [&](const Near& row) { return row.format == format; });
  if (near != std::end(kNear)) return near->readable;
  return full_format(family_of(format), depth_of(format) > 8, has_alpha(format));
}

int conversion_loss(GstVideoFormat from, GstVideoFormat to) {
  if (from == to) return 0;
  const GstVideoFormatInfo* in = info_of(from);
  const GstVideoFormatInfo* out = info_of(to);
  int loss = 1;
  const auto add = [&](bool condition, int weight) { loss += condition ? weight : 0; };
  add(GST_VIDEO_FORMAT_INFO_HAS_PALETTE(out), 100000);
  add(has_alpha(from) && !has_alpha(to), 50000);
  const bool is_gray = family_of(from) == ColourFamily::Gray;
  add(!is_gray && family_of(to) == ColourFamily::Gray, 20000);
  const int depth = depth_of(from);
  const int depth_out = depth_of(to);
  loss += std::max(0, std::min(depth, 8) - depth_out) * 2000 + std::max(0, depth - depth_out) * 200;
  const int coarser_x =
      is_gray ? 0 : static_cast<int>(out->w_sub[1]) - static_cast<int>(in->w_sub[1]);
  const int coarser_y =
      is_gray ? 0 : static_cast<int>(out->h_sub[1]) - static_cast<int>(in->h_sub[1]);
  loss += std::max(0, coarser_x) * 800 + std::max(0, coarser_y) * 700;
  add(family_of(from) != family_of(to), 50);
  // What costs time or memory only.
  loss += std::max(0, depth_out - depth) * 2 + std::max(0, -coarser_x) * 4;
  add(!has_alpha(from) && has_alpha(to), 6);
  add(!layout_of(to).has_value(), 30);
  return loss;
}

double chroma_offset(GstVideoChromaSite site, int step, bool vertical) {
  if (step == 1) return 0.5;
  const auto flag = vertical ? GST_VIDEO_CHROMA_SITE_V_COSITED : GST_VIDEO_CHROMA_SITE_H_COSITED;
  return (site & flag) != 0 ? 0.5 : step / 2.0;
}

}  // namespace anim
