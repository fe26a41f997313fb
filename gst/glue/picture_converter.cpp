// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/picture_converter.h"

#include <array>
#include <string>

namespace anim::glue {
namespace {

GstVideoFormat video_format(PixelFormat format) {
  switch (format) {
    case PixelFormat::I420:
      return GST_VIDEO_FORMAT_I420;
    case PixelFormat::A420:
      return GST_VIDEO_FORMAT_A420;
    case PixelFormat::Bgra:
      return GST_VIDEO_FORMAT_BGRA;
    case PixelFormat::Rgba:
      return GST_VIDEO_FORMAT_RGBA;
  }
  return GST_VIDEO_FORMAT_UNKNOWN;
}

/// What caps without a complete colorimetry mean: GStreamer's own default for the size.
GstVideoInfo completed(const GstVideoInfo& input) {
  GstVideoInfo defaults;
  gst_video_info_set_format(&defaults, GST_VIDEO_INFO_FORMAT(&input), GST_VIDEO_INFO_WIDTH(&input),
                            GST_VIDEO_INFO_HEIGHT(&input));
  GstVideoInfo info = input;
  if (info.colorimetry.range == GST_VIDEO_COLOR_RANGE_UNKNOWN) {
    info.colorimetry.range = defaults.colorimetry.range;
  }
  if (info.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_UNKNOWN) {
    info.colorimetry.matrix = defaults.colorimetry.matrix;
  }
  return info;
}

GstVideoInfo wanted(const GstVideoInfo& input, PixelFormat format) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, video_format(format), GST_VIDEO_INFO_WIDTH(&input),
                            GST_VIDEO_INFO_HEIGHT(&input));
  info.fps_n = input.fps_n;
  info.fps_d = input.fps_d;
  info.interlace_mode = input.interlace_mode;
  info.colorimetry.primaries = input.colorimetry.primaries;
  info.colorimetry.transfer = input.colorimetry.transfer;
  if (!GST_VIDEO_INFO_IS_YUV(&info)) return info;
  info.colorimetry.range = GST_VIDEO_COLOR_RANGE_16_235;
  info.colorimetry.matrix = GST_VIDEO_COLOR_MATRIX_BT601;
  if (!GST_VIDEO_INFO_IS_RGB(&input)) info.colorimetry = input.colorimetry;
  // Subsampled chroma stays where it is; new chroma goes where WebP's decoders look for it.
  const bool is_subsampled = GST_VIDEO_INFO_IS_YUV(&input) &&
                             GST_VIDEO_FORMAT_INFO_W_SUB(input.finfo, GST_VIDEO_COMP_U) != 0;
  info.chroma_site = is_subsampled ? input.chroma_site : GST_VIDEO_CHROMA_SITE_JPEG;
  return info;
}

bool is_full_range(const GstVideoInfo& info) {
  return info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
}

/// The step from the colours of `info` to those that WebP means; none when they are the same.
std::optional<YuvMatrix> matrix_from(const GstVideoInfo& info) {
  if (!GST_VIDEO_INFO_IS_YUV(&info)) return std::nullopt;
  YuvColours colours;
  gst_video_color_matrix_get_Kr_Kb(info.colorimetry.matrix, &colours.kr, &colours.kb);
  colours.is_full_range = is_full_range(info);
  const bool is_bt601 = info.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_BT601;
  if (is_bt601 && !colours.is_full_range) return std::nullopt;
  return YuvMatrix(colours);
}

/// `input` with every pixel's Y, U and V side by side, in colours and chroma siting unchanged.
GstVideoInfo side_by_side(const GstVideoInfo& input) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_AYUV, GST_VIDEO_INFO_WIDTH(&input),
                            GST_VIDEO_INFO_HEIGHT(&input));
  info.fps_n = input.fps_n;
  info.fps_d = input.fps_d;
  info.interlace_mode = input.interlace_mode;
  info.colorimetry = input.colorimetry;
  return info;
}

/// The step from the YUV of `info` to RGB in full range.
ColourStep rgb_from(const GstVideoInfo& info) {
  const SampleType bytes;
  ColourCoding yuv{.is_rgb = false, .codes = code_range(8, is_full_range(info)), .sample = bytes};
  gst_video_color_matrix_get_Kr_Kb(info.colorimetry.matrix, &yuv.kr, &yuv.kb);
  const ColourCoding rgb{.is_rgb = true, .codes = code_range(8, true), .sample = bytes};
  return {yuv, rgb, std::nullopt};
}

/// The channels of four bytes a pixel, where the first three and alpha are at `offsets`.
template <class Byte>
ColourPicture<Byte> channels(Byte* data, std::ptrdiff_t stride, std::array<int, 4> offsets) {
  ColourPicture<Byte> out;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    out[i] = {.data = data, .row_bytes = stride, .place = {.offset = offsets[i], .stride = 4}};
  }
  return out;
}

PackedOrder order_of(const GstVideoInfo& info) {
  const auto place = [&](int component) -> int {
    return static_cast<int>(GST_VIDEO_INFO_COMP_POFFSET(&info, component));
  };
  return {.bytes = GST_VIDEO_INFO_COMP_PSTRIDE(&info, GST_VIDEO_COMP_R),
          .red = place(GST_VIDEO_COMP_R),
          .green = place(GST_VIDEO_COMP_G),
          .blue = place(GST_VIDEO_COMP_B),
          .alpha = GST_VIDEO_INFO_HAS_ALPHA(&info) ? place(GST_VIDEO_COMP_A) : PackedOrder::kNone};
}

/// Whether rows of words begin where words may.
bool is_aligned(const ImageView& picture) {
  const auto address = reinterpret_cast<std::uintptr_t>(picture.data[0]);
  return address % alignof(std::uint32_t) == 0 &&
         picture.stride[0] % std::ptrdiff_t{alignof(std::uint32_t)} == 0;
}

bool same_layout(GstVideoFormat a, GstVideoFormat b) {
  const auto ordered = [](GstVideoFormat format) {
    return format == GST_VIDEO_FORMAT_YV12 ? GST_VIDEO_FORMAT_I420 : format;
  };
  return ordered(a) == ordered(b);
}

}  // namespace

ImageView view_of(const GstVideoFrame& frame, PixelFormat format) {
  ImageView view{.format = format,
                 .size = {GST_VIDEO_FRAME_WIDTH(&frame), GST_VIDEO_FRAME_HEIGHT(&frame)},
                 .data = {},
                 .stride = {}};
  const bool is_packed = plane_count(format) == 1;
  for (int i = 0; i < plane_count(format); ++i) {
    const void* data =
        is_packed ? GST_VIDEO_FRAME_PLANE_DATA(&frame, i) : GST_VIDEO_FRAME_COMP_DATA(&frame, i);
    view.data.at(i) = static_cast<const std::uint8_t*>(data);
    view.stride.at(i) = is_packed ? GST_VIDEO_FRAME_PLANE_STRIDE(&frame, i)
                                  : GST_VIDEO_FRAME_COMP_STRIDE(&frame, i);
  }
  return view;
}

Status PictureConverter::configure(const GstVideoInfo& input, PixelFormat format) {
  format_ = format;
  converter_.reset();
  output_.reset();
  const GstVideoInfo& from = input_info_ = completed(input);
  matrix_.reset();
  to_rgb_.reset();
  order_.reset();
  const Size size{GST_VIDEO_INFO_WIDTH(&from), GST_VIDEO_INFO_HEIGHT(&from)};
  const bool to_rgb = plane_count(format) == 1;
  if (to_rgb) recoloured_ = Image(format, size);
  if (to_rgb && GST_VIDEO_INFO_IS_RGB(&from)) {
    order_ = order_of(from);
    return success();
  }
  output_info_ = to_rgb ? side_by_side(from) : wanted(from, format);
  if (to_rgb) {
    to_rgb_ = rgb_from(from);
  } else {
    matrix_ = matrix_from(output_info_);
  }
  if (same_layout(GST_VIDEO_INFO_FORMAT(&from), GST_VIDEO_INFO_FORMAT(&output_info_)) &&
      from.colorimetry.matrix == output_info_.colorimetry.matrix &&
      from.colorimetry.range == output_info_.colorimetry.range) {
    return success();
  }
  converter_ = adopt(gst_video_converter_new(&input_info_, &output_info_, nullptr));
  output_ = adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&output_info_), nullptr));
  if (!converter_ || !output_) {
    return Error{ErrorCode::Unsupported,
                 std::string("video of format ") + GST_VIDEO_INFO_NAME(&input) +
                     " and these colours cannot be converted for the encoder; put a "
                     "videoconvert before it",
                 {}};
  }
  return success();
}

ImageView PictureConverter::in_layout(const GstVideoFrame& frame) {
  if (!converter_) return view_of(frame, format_);
  // 1.22's converter keeps the lines of pictures of one or two rows and repeats them for ever.
  constexpr int kRowsKept = 2;
  if (GST_VIDEO_FRAME_HEIGHT(&frame) <= kRowsKept) {
    converter_ = adopt(gst_video_converter_new(&input_info_, &output_info_, nullptr));
  }
  // System memory of our own: its address outlives the mapping.
  MappedFrame output(output_info_, output_.get(), GST_MAP_WRITE);
  gst_video_converter_frame(converter_.get(), &frame, output.get());
  return view_of(*output.get(), format_);
}

ImageView PictureConverter::in_order(const GstVideoFrame& frame) {
  const bool is_same = GST_VIDEO_FRAME_FORMAT(&frame) == video_format(format_);
  if (const ImageView given = view_of(frame, format_); is_same && is_aligned(given)) return given;
  const auto* data = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
  put_packed({data, GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0), *order_}, recoloured_);
  return recoloured_.view();
}

ImageView PictureConverter::in_rgb(const ImageView& ayuv) {
  constexpr std::array<int, 4> kAyuv = {1, 2, 3, 0};
  const std::array<int, 4> rgb = format_ == PixelFormat::Bgra ? std::array<int, 4>{2, 1, 0, 3}
                                                              : std::array<int, 4>{0, 1, 2, 3};
  to_rgb_->run(channels(ayuv.data[0], ayuv.stride[0], kAyuv),
               channels(recoloured_.plane(0), recoloured_.view().stride[0], rgb), ayuv.size);
  return recoloured_.view();
}

ImageView PictureConverter::convert(const GstVideoFrame& frame) {
  if (order_) return in_order(frame);
  const ImageView picture = in_layout(frame);
  if (to_rgb_) return in_rgb(picture);
  if (!matrix_) return picture;
  matrix_->convert(picture, recoloured_);
  return recoloured_.view();
}

}  // namespace anim::glue
