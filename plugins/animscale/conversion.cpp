// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animscale/conversion.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace anim {
namespace {

bool is_full_range(const GstVideoInfo& info) {
  return info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
}

SourcePlanes source_planes(const GstVideoFrame* frame) {
  SourcePlanes planes;
  for (guint i = 0; i < GST_VIDEO_FRAME_N_PLANES(frame); ++i) {
    planes.data.at(i) = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(frame, i));
    planes.stride.at(i) = GST_VIDEO_FRAME_PLANE_STRIDE(frame, i);
  }
  return planes;
}

/// Every plane of a frame from the corner of `rect` on.
TargetPlanes target_planes(GstVideoFrame* frame, const Layout& layout, Rect rect) {
  TargetPlanes planes;
  for (const Component& component : layout.components) {
    const auto plane = static_cast<guint>(component.plane);
    const std::ptrdiff_t stride = GST_VIDEO_FRAME_PLANE_STRIDE(frame, plane);
    auto* data = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(frame, plane));
    const std::ptrdiff_t element = std::ptrdiff_t{component.place.stride} * layout.sample.bytes;
    planes.stride.at(plane) = stride;
    planes.data.at(plane) =
        data + rect.y / component.step_y * stride + rect.x / component.step_x * element;
  }
  return planes;
}

template <class Byte>
ColourPicture<Byte> colour_picture(const Planes<Byte>& planes, const Layout& layout) {
  ColourPicture<Byte> picture;
  for (std::size_t c = 0; c < layout.components.size(); ++c) {
    const auto plane = static_cast<std::size_t>(layout.components[c].plane);
    picture.at(c) = {planes.data.at(plane), planes.stride.at(plane), layout.components[c].place};
  }
  return picture;
}

glue::Owned<GstVideoConverter> make_converter(const GstVideoInfo& from, const GstVideoInfo& to,
                                              Rect dest, bool resites_chroma) {
  GstVideoInfo in = from;
  GstVideoInfo out = to;
  const auto chroma = resites_chroma ? GST_VIDEO_CHROMA_MODE_FULL : GST_VIDEO_CHROMA_MODE_NONE;
  GstStructure* options = gst_structure_new(
      "options", GST_VIDEO_CONVERTER_OPT_DEST_X, G_TYPE_INT, dest.x, GST_VIDEO_CONVERTER_OPT_DEST_Y,
      G_TYPE_INT, dest.y, GST_VIDEO_CONVERTER_OPT_DEST_WIDTH, G_TYPE_INT, dest.width,
      GST_VIDEO_CONVERTER_OPT_DEST_HEIGHT, G_TYPE_INT, dest.height,
      GST_VIDEO_CONVERTER_OPT_FILL_BORDER, G_TYPE_BOOLEAN, FALSE,
      GST_VIDEO_CONVERTER_OPT_CHROMA_MODE, GST_TYPE_VIDEO_CHROMA_MODE, chroma,
      GST_VIDEO_CONVERTER_OPT_MATRIX_MODE, GST_TYPE_VIDEO_MATRIX_MODE, GST_VIDEO_MATRIX_MODE_FULL,
      GST_VIDEO_CONVERTER_OPT_DITHER_METHOD, GST_TYPE_VIDEO_DITHER_METHOD, GST_VIDEO_DITHER_NONE,
      nullptr);
  auto converter = glue::adopt(gst_video_converter_new(&in, &out, options));
  if (!converter) throw std::runtime_error("GstVideoConverter refused a conversion");
  return converter;
}

/// Whether both have the same chroma grid, so that a conversion may copy chroma as it is.
bool same_chroma(GstVideoFormat a, GstVideoFormat b) {
  const GstVideoFormatInfo* x = gst_video_format_get_info(a);
  const GstVideoFormatInfo* y = gst_video_format_get_info(b);
  return x->w_sub[1] == y->w_sub[1] && x->h_sub[1] == y->h_sub[1];
}

/// Output values for input values, both as stored.
double value_gain(const Layout& in, const Layout& out, bool full) {
  const double steps = full ? (std::ldexp(1.0, out.depth) - 1) / (std::ldexp(1.0, in.depth) - 1)
                            : std::ldexp(1.0, out.depth - in.depth);
  return steps * out.sample.quantum / in.sample.quantum;
}

ColourCoding coding_of(const GstVideoInfo& info, const Layout& layout, CodeRange codes) {
  ColourCoding coding;
  coding.is_rgb = layout.family == ColourFamily::Rgb;
  coding.sample = layout.sample;
  coding.codes = codes;
  if (!coding.is_rgb) {
    gst_video_color_matrix_get_Kr_Kb(info.colorimetry.matrix, &coding.kr, &coding.kb);
  }
  return coding;
}

/// The geometry of a resampling: what both axes of the stored picture have in common.
struct Geometry {
  GstVideoInfo in;
  GstVideoInfo out;
  Orientation orientation;
  Window part;   // of the stored picture
  Size upright;  // the output, upright
};

/// Where the chroma of the output has to be before it is turned.
double offset_before_turning(const Geometry& geometry, const Component& component, bool vertical) {
  const Orientation turn = geometry.orientation;
  const bool upright_vertical = vertical != turn.transpose;
  const int step = upright_vertical ? component.step_y : component.step_x;
  const double offset = chroma_offset(geometry.out.chroma_site, step, upright_vertical);
  const bool is_mirrored = upright_vertical ? turn.flip_y : turn.flip_x;
  if (!is_mirrored) return offset;
  const int length = upright_vertical ? geometry.upright.height : geometry.upright.width;
  return mirrored_offset(offset, length, step);
}

Axis axis_of(const Geometry& geometry, const Component& in, const Component& out, bool vertical) {
  const Size target = turned(geometry.upright, geometry.orientation);
  const bool upright_vertical = vertical != geometry.orientation.transpose;
  const int in_step = vertical ? in.step_y : in.step_x;
  const AxisEnd from = {
      .pixels = vertical ? geometry.in.height : geometry.in.width,
      .grid = {in_step, chroma_offset(geometry.in.chroma_site, in_step, vertical)}};
  const AxisEnd to = {.pixels = vertical ? target.height : target.width,
                      .grid = {upright_vertical ? out.step_y : out.step_x,
                               offset_before_turning(geometry, out, vertical)}};
  return vertical ? make_axis(from, geometry.part.y, geometry.part.height, to)
                  : make_axis(from, geometry.part.x, geometry.part.width, to);
}

void add_channel(ResampleSpec& spec, const Geometry& geometry, const Component& in,
                 const Component& out) {
  const Channel channel = {.in = in.place,
                           .out_plane = out.plane,
                           .out = out.place,
                           .axis = axis_of(geometry, in, out, false),
                           .is_alpha = in.is_alpha};
  const Axis vertical = axis_of(geometry, in, out, true);
  for (Pass& pass : spec.passes) {
    const bool same_rows = pass.vertical.start == vertical.start &&
                           pass.vertical.step == vertical.step &&
                           pass.vertical.out_count == vertical.out_count;
    if (pass.in_plane != in.plane || !same_rows) continue;
    pass.channels.push_back(channel);
    return;
  }
  spec.passes.push_back({.in_plane = in.plane, .vertical = vertical, .channels = {channel}});
}

void add_constant(ResampleSpec& spec, const Geometry& geometry, int plane, ChannelPlace place) {
  const Size target = turned(geometry.upright, geometry.orientation);
  spec.constants.push_back({.out_plane = plane,
                            .place = place,
                            .columns = target.width,
                            .rows = target.height,
                            .value = spec.out.max});
}

ResampleSpec resample_spec(const Geometry& geometry, const Layout& in, const Layout& out,
                           double gain) {
  ResampleSpec spec;
  spec.in = in.sample;
  spec.out = out.sample;
  spec.gain = gain;
  spec.alpha_gain = static_cast<double>(out.sample.max) / in.sample.max;
  spec.premultiply = in.has_alpha;
  if (in.has_alpha) spec.alpha = in.components.at(GST_VIDEO_COMP_A).place;
  for (std::size_t c = 0; c < out.components.size(); ++c) {
    const Component& target = out.components[c];
    if (c < in.components.size()) {
      add_channel(spec, geometry, in.components[c], target);
    } else {
      add_constant(spec, geometry, target.plane, target.place);
    }
  }
  if (out.padding) add_constant(spec, geometry, 0, *out.padding);
  return spec;
}

}  // namespace

Conversion::Picture::Picture(const GstVideoInfo& wanted)
    : info(wanted),
      buffer(glue::adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&wanted), nullptr))),
      frame(info, buffer.get(), GST_MAP_READWRITE) {
  if (!frame) throw std::runtime_error("not enough memory for a picture");
}

Conversion::Conversion(const ConversionSpec& spec)
    : spec_(spec), readable_(readable_format(GST_VIDEO_INFO_FORMAT(&spec.in))) {
  plan_import();
  const GstVideoFormat middle = middle_format();
  const GstVideoFormat out = GST_VIDEO_INFO_FORMAT(&spec_.out);
  const GstVideoFormat coloured = needs_colour() ? coloured_format() : middle;
  const bool is_turned = !spec_.orientation.is_identity();
  const Size dest = spec_.placement.dest.size();
  if (is_turned || needs_colour() || coloured != out) {
    resampled_ = std::make_unique<Picture>(info_for(middle, stored_target()));
  }
  plan_resample();
  if (is_turned && (needs_colour() || coloured != out)) {
    turned_ = std::make_unique<Picture>(info_for(middle, dest));
  }
  if (needs_colour()) plan_colour(middle, coloured);
  if (coloured != out) {
    GstVideoInfo last = info_for(coloured, dest);
    if (needs_colour()) {
      last.colorimetry = spec_.out.colorimetry;
      coloured_ = std::make_unique<Picture>(last);
    }
    plan_export(last);
  }
  const Size canvas = {spec_.out.width, spec_.out.height};
  if (dest != canvas) paint_background();
}

bool Conversion::needs_colour() const {
  if (spec_.hdr) return true;
  const ColourFamily in = family_of(readable_);
  const ColourFamily out = family_of(GST_VIDEO_INFO_FORMAT(&spec_.out));
  if (in == ColourFamily::Gray || out == ColourFamily::Gray) return false;
  if (in != out) return true;
  const bool same_matrix =
      in == ColourFamily::Rgb || spec_.in.colorimetry.matrix == spec_.out.colorimetry.matrix;
  return !same_matrix || spec_.in.colorimetry.range != spec_.out.colorimetry.range;
}

GstVideoFormat Conversion::middle_format() const {
  const GstVideoFormat out = GST_VIDEO_INFO_FORMAT(&spec_.out);
  const ColourFamily family = family_of(readable_);
  const bool alpha = has_alpha(readable_);
  if (needs_colour()) return full_format(family, true, alpha);
  const auto layout = layout_of(out);
  const Orientation turn = spec_.orientation;
  const bool is_turnable = layout && (turn.is_identity() || layout->can_turn(turn.transpose));
  if (is_turnable && family_of(out) == family) return out;
  return full_format(family, depth_of(readable_) > 8 && depth_of(out) > 8, alpha);
}

GstVideoFormat Conversion::coloured_format() const {
  const GstVideoFormat out = GST_VIDEO_INFO_FORMAT(&spec_.out);
  const auto layout = layout_of(out);
  if (layout && !layout->is_subsampled() && layout->family != ColourFamily::Gray &&
      !layout->padding) {
    return out;
  }
  const ColourFamily family =
      family_of(out) == ColourFamily::Gray ? ColourFamily::Yuv : family_of(out);
  return full_format(family, depth_of(out) > 8, has_alpha(out));
}

Size Conversion::stored_target() const {
  return turned(spec_.placement.dest.size(), spec_.orientation);
}

/// A picture between the steps: the input's colours, the output's chroma positions.
GstVideoInfo Conversion::info_for(GstVideoFormat format, Size size) const {
  GstVideoInfo info;
  gst_video_info_set_format(&info, format, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  info.fps_n = spec_.out.fps_n;
  info.fps_d = spec_.out.fps_d;
  if (family_of(format) == family_of(readable_)) info.colorimetry = spec_.in.colorimetry;
  info.chroma_site = spec_.out.chroma_site;
  return info;
}

void Conversion::plan_import() {
  spec_.in.interlace_mode = GST_VIDEO_INTERLACE_MODE_PROGRESSIVE;
  const GstVideoFormat format = GST_VIDEO_INFO_FORMAT(&spec_.in);
  if (format == readable_) return;
  const Size size = {spec_.in.width, spec_.in.height};
  GstVideoInfo info = info_for(readable_, size);
  info.fps_n = spec_.in.fps_n;
  info.fps_d = spec_.in.fps_d;
  info.chroma_site = spec_.in.chroma_site;
  imported_ = std::make_unique<Picture>(info);
  import_ = make_converter(spec_.in, info, {0, 0, size.width, size.height},
                           !same_chroma(format, readable_));
}

void Conversion::plan_resample() {
  const GstVideoFormat middle = middle_format();
  const Layout in = *layout_of(readable_);
  const Layout out = *layout_of(middle);
  const Size stored = {spec_.in.width, spec_.in.height};
  const Window upright_part = stored_window(spec_.placement.part, spec_.upright, spec_.orientation);
  const Geometry geometry = {
      .in = spec_.in,
      .out = spec_.out,
      .orientation = spec_.orientation,
      .part = rescaled(upright_part, turned(spec_.upright, spec_.orientation), stored),
      .upright = spec_.placement.dest.size()};
  // A colour step reads the input's codes moved up to 16 bits.
  const double gain = needs_colour() ? std::ldexp(1.0, 16 - in.depth) / in.sample.quantum
                                     : value_gain(in, out, is_full_range(spec_.in));
  resampler_ = std::make_unique<Resampler>(resample_spec(geometry, in, out, gain), spec_.kernel,
                                           spec_.threads);
}

void Conversion::plan_colour(GstVideoFormat from, GstVideoFormat to) {
  const Layout in = *layout_of(from);
  const Layout out = *layout_of(to);
  const int depth = layout_of(readable_)->depth;
  const CodeRange in_codes =
      code_range(depth, is_full_range(spec_.in), std::ldexp(1.0, 16 - depth));
  const CodeRange out_codes = code_range(out.depth, is_full_range(spec_.out), out.sample.quantum);
  std::optional<ToneMapper> tone_mapper;
  if (spec_.hdr) tone_mapper.emplace(spec_.hdr->transfer, spec_.hdr->peak);
  colour_.emplace(coding_of(spec_.in, in, in_codes), coding_of(spec_.out, out, out_codes),
                  std::move(tone_mapper));
}

void Conversion::plan_export(const GstVideoInfo& from) {
  const bool resites =
      !same_chroma(GST_VIDEO_INFO_FORMAT(&from), GST_VIDEO_INFO_FORMAT(&spec_.out));
  export_ = make_converter(from, spec_.out, spec_.placement.dest, resites);
}

void Conversion::paint_background() {
  const Size canvas = {spec_.out.width, spec_.out.height};
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_ARGB, static_cast<guint>(canvas.width),
                            static_cast<guint>(canvas.height));
  info.fps_n = spec_.out.fps_n;
  info.fps_d = spec_.out.fps_d;
  Picture paint(info);
  auto* pixels = static_cast<guint32*>(GST_VIDEO_FRAME_PLANE_DATA(paint.frame.get(), 0));
  std::fill_n(pixels, canvas.area(), GUINT32_TO_BE(spec_.background));
  background_ = std::make_unique<Picture>(spec_.out);
  const auto converter = make_converter(info, spec_.out, {0, 0, canvas.width, canvas.height}, true);
  gst_video_converter_frame(converter.get(), paint.frame.get(), background_->frame.get());
}

/// The planes of our own picture, or of the output where there is none.
TargetPlanes Conversion::target_in(GstVideoFrame* out, const Picture* own) const {
  if (own == nullptr) {
    return target_planes(out, *layout_of(GST_VIDEO_FRAME_FORMAT(out)), spec_.placement.dest);
  }
  const auto layout = layout_of(GST_VIDEO_INFO_FORMAT(&own->info));
  return target_planes(const_cast<Picture*>(own)->frame.get(), *layout, {});
}

void Conversion::turn(const Picture& from, const TargetPlanes& to) const {
  const Layout layout = *layout_of(GST_VIDEO_INFO_FORMAT(&from.info));
  const SourcePlanes source = source_planes(from.frame.get());
  const Size size = stored_target();
  std::array<bool, 4> done{};
  for (const Component& component : layout.components) {
    const auto plane = static_cast<std::size_t>(component.plane);
    if (std::exchange(done.at(plane), true)) continue;
    const Size elements = {samples_of(size.width, component.step_x),
                           samples_of(size.height, component.step_y)};
    orient_plane(
        {source.data.at(plane), source.stride.at(plane), elements, layout.element.at(plane)},
        spec_.orientation, to.data.at(plane), to.stride.at(plane));
  }
}

void Conversion::colour(const Picture& from, GstVideoFrame* out) {
  const Layout in = *layout_of(GST_VIDEO_INFO_FORMAT(&from.info));
  const GstVideoFormat format =
      coloured_ ? GST_VIDEO_INFO_FORMAT(&coloured_->info) : GST_VIDEO_INFO_FORMAT(&spec_.out);
  const TargetPlanes target = target_in(out, coloured_.get());
  colour_->run(colour_picture(source_planes(from.frame.get()), in),
               colour_picture(target, *layout_of(format)), spec_.placement.dest.size());
}

void Conversion::run(const GstVideoFrame* in, GstVideoFrame* out) {
  if (background_) gst_video_frame_copy(out, background_->frame.get());
  if (import_) gst_video_converter_frame(import_.get(), in, imported_->frame.get());
  const GstVideoFrame* source = import_ ? imported_->frame.get() : in;
  resampler_->run(source_planes(source), target_in(out, resampled_.get()));
  const Picture* current = resampled_.get();
  if (!spec_.orientation.is_identity()) {
    turn(*current, target_in(out, turned_.get()));
    current = turned_.get();
  }
  if (colour_) {
    colour(*current, out);
    current = coloured_.get();
  }
  if (export_) gst_video_converter_frame(export_.get(), current->frame.get(), out);
}

}  // namespace anim
