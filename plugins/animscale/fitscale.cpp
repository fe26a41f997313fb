// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-fitscale
 * @title: fitscale
 *
 * Scales video to a size given in pixels or as a part of the source's, and converts format, depth
 * and matrix to what downstream takes in the same step. Rotation tags are honoured (sizes mean the
 * upright picture), pixels come out square, HDR video comes out as ordinary BT.709, colorimetry and
 * chroma siting are always stated. Down-scaling does not alias with any method.
 *
 * It does not deinterlace: frames of interlaced video are scaled as if they were progressive. Put
 * deinterlace before it.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=10 ! fitscale width=160 height=-1 ! videoconvert !
 * fakesink
 * ]| 160 pixels wide, as high as the shape asks for.
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=10 ! fitscale width=0.5 height=0.5 ! fakesink
 * ]| Half the size.
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=10 ! fitscale width=200 height=200 scale-type=fill
 * background=0xffffffff ! fakesink
 * ]| Inside a square of 200 pixels with white bars.
 */
#include "plugins/animscale/fitscale.h"

#include <algorithm>
#include <string>
#include <utility>

#include "gst/glue/element.h"
#include "gst/glue/report.h"
#include "plugins/animscale/negotiation.h"

namespace anim {
namespace {

/// Pictures in system memory; a source that has a choice takes I420.
GstCaps* template_caps() {
  return gst_caps_from_string(
      GST_VIDEO_CAPS_MAKE("I420") "; " GST_VIDEO_CAPS_MAKE(GST_VIDEO_FORMATS_ALL));
}

Kernel kernel_of(GstVideoResamplerMethod method) {
  switch (method) {
    case GST_VIDEO_RESAMPLER_METHOD_NEAREST:
      return Kernel::Nearest;
    case GST_VIDEO_RESAMPLER_METHOD_LINEAR:
      return Kernel::Linear;
    case GST_VIDEO_RESAMPLER_METHOD_CUBIC:
      return Kernel::Cubic;
    case GST_VIDEO_RESAMPLER_METHOD_SINC:
      return Kernel::Sinc;
    case GST_VIDEO_RESAMPLER_METHOD_LANCZOS:
      return Kernel::Lanczos;
  }
  return Kernel::Lanczos;
}

Orientation orientation_of(GstVideoOrientationMethod method) {
  switch (method) {
    case GST_VIDEO_ORIENTATION_90R:
      return {.transpose = true, .flip_x = true, .flip_y = false};
    case GST_VIDEO_ORIENTATION_180:
      return {.transpose = false, .flip_x = true, .flip_y = true};
    case GST_VIDEO_ORIENTATION_90L:
      return {.transpose = true, .flip_x = false, .flip_y = true};
    case GST_VIDEO_ORIENTATION_HORIZ:
      return {.transpose = false, .flip_x = true, .flip_y = false};
    case GST_VIDEO_ORIENTATION_VERT:
      return {.transpose = false, .flip_x = false, .flip_y = true};
    case GST_VIDEO_ORIENTATION_UL_LR:
      return {.transpose = true, .flip_x = false, .flip_y = false};
    case GST_VIDEO_ORIENTATION_UR_LL:
      return {.transpose = true, .flip_x = true, .flip_y = true};
    default:
      return {};
  }
}

std::optional<HdrTransfer> hdr_transfer(const GstVideoInfo& info) {
  switch (info.colorimetry.transfer) {
    case GST_VIDEO_TRANSFER_SMPTE2084:
      return HdrTransfer::Pq;
    case GST_VIDEO_TRANSFER_ARIB_STD_B67:
      return HdrTransfer::Hlg;
    default:
      return std::nullopt;
  }
}

/// What an HDR input counts as: 8 bits of BT.709.
void make_sdr(GstVideoInfo& info) {
  const bool alpha = has_alpha(GST_VIDEO_INFO_FORMAT(&info));
  const bool is_rgb = family_of(GST_VIDEO_INFO_FORMAT(&info)) == ColourFamily::Rgb;
  const GstVideoFormat yuv = alpha ? GST_VIDEO_FORMAT_A420 : GST_VIDEO_FORMAT_I420;
  const GstVideoFormat rgb = alpha ? GST_VIDEO_FORMAT_ARGB : GST_VIDEO_FORMAT_xRGB;
  const GstVideoChromaSite site = info.chroma_site;
  gst_video_info_set_format(&info, is_rgb ? rgb : yuv, static_cast<guint>(info.width),
                            static_cast<guint>(info.height));
  if (site != GST_VIDEO_CHROMA_SITE_UNKNOWN) info.chroma_site = site;
  gst_video_colorimetry_from_string(&info.colorimetry, is_rgb ? "sRGB" : "bt709");
}

Size stored_size(const GstVideoInfo& info) {
  return {info.width, info.height};
}

/// Pixels as a side means them (1 alone would be the ratio).
double pixels(int count) {
  return count == 1 ? 1.25 : count;
}

/// Bars end on the chroma grid of the format.
Size bar_grid(GstVideoFormat format) {
  const GstVideoFormatInfo* info = gst_video_format_get_info(format);
  if (!GST_VIDEO_FORMAT_INFO_IS_YUV(info)) return {1, 1};
  return {1 << info->w_sub[1], 1 << info->h_sub[1]};
}

}  // namespace

void FitScale::class_init(GstVideoFilterClass* klass) {
  glue::install_properties<FitScale>(klass);
  gst_type_mark_as_plugin_api(gst_video_resampler_method_get_type(),
                              static_cast<GstPluginAPIFlags>(0));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  glue::add_pad_template(element_class, "sink", GST_PAD_SINK, template_caps());
  glue::add_pad_template(element_class, "src", GST_PAD_SRC, template_caps());
  gst_element_class_set_static_metadata(
      element_class, "Fit Scaler", "Filter/Converter/Video/Scaler",
      "Scales upright pictures to pixels or ratios and converts their format and colours",
      "gst-plugins-anim");
  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->start = glue::vfunc<FitScale, &FitScale::start>;
  transform_class->stop = glue::vfunc<FitScale, &FitScale::stop>;
  transform_class->query = glue::vfunc<FitScale, &FitScale::query>;
  transform_class->sink_event = glue::vfunc<FitScale, &FitScale::sink_event>;
  transform_class->transform_caps = glue::vfunc<FitScale, &FitScale::transform_caps>;
  transform_class->fixate_caps = glue::vfunc<FitScale, &FitScale::fixate_caps>;
  transform_class->submit_input_buffer = glue::vfunc<FitScale, &FitScale::submit_input_buffer>;
  transform_class->passthrough_on_same_caps = FALSE;
  klass->set_info = glue::vfunc<FitScale, &FitScale::set_info>;
  klass->transform_frame = glue::vfunc<FitScale, &FitScale::transform_frame>;
}

FitScale::FitScale(GstVideoFilter* self) : self_(self) {
  // Encoders come after it: no frame may be lost because a preview is late.
  gst_base_transform_set_qos_enabled(GST_BASE_TRANSFORM(self), FALSE);
}

void FitScale::property_changed(const char* /*name*/) {
  forget_canvas_ = true;
  is_stale_ = true;
  gst_base_transform_reconfigure_src(GST_BASE_TRANSFORM(self_));
}

gboolean FitScale::start() {
  const std::lock_guard lock(negotiation_);
  is_started_ = true;
  return TRUE;
}

gboolean FitScale::stop() {
  const std::lock_guard lock(negotiation_);
  is_started_ = false;
  state_ = {};
  conversion_.reset();
  return TRUE;
}

/// The base class negotiates in an allocation query, and keeps the answer. Behind stop() nobody
/// would let go of it.
gboolean FitScale::query(GstPadDirection direction, GstQuery* query) {
  auto* parent = GST_BASE_TRANSFORM_CLASS(glue::parent_class<FitScale>());
  auto* self = GST_BASE_TRANSFORM(self_);
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return parent->query(self, direction, query);
  const std::lock_guard lock(negotiation_);
  return is_started_ ? parent->query(self, direction, query) : FALSE;
}

gboolean FitScale::sink_event(GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_STREAM_START) {
    state_.stream_orientation.reset();
    state_.global_orientation.reset();
  }
  if (GST_EVENT_TYPE(event) == GST_EVENT_TAG && settings.copy().auto_orient) {
    event = read_tags(event);
  }
  auto* parent = GST_BASE_TRANSFORM_CLASS(glue::parent_class<FitScale>());
  return parent->sink_event(GST_BASE_TRANSFORM(self_), event);
}

/// Takes the orientation out of a tag event. Takes over the event and gives one back.
GstEvent* FitScale::read_tags(GstEvent* event) {
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event, &tags);
  GstVideoOrientationMethod method = GST_VIDEO_ORIENTATION_IDENTITY;
  if (!gst_video_orientation_from_tag(tags, &method)) return event;
  const Orientation before = orientation();
  const bool is_global = gst_tag_list_get_scope(tags) == GST_TAG_SCOPE_GLOBAL;
  (is_global ? state_.global_orientation : state_.stream_orientation) = orientation_of(method);
  if (!(orientation() == before)) {
    is_stale_ = true;
    gst_base_transform_reconfigure_src(GST_BASE_TRANSFORM(self_));
  }
  // Downstream gets upright pictures and must not turn them again.
  GstTagList* upright = gst_tag_list_copy(tags);
  gst_tag_list_add(upright, GST_TAG_MERGE_REPLACE, GST_TAG_IMAGE_ORIENTATION, "rotate-0", nullptr);
  GstEvent* changed = gst_event_new_tag(upright);
  gst_event_set_seqnum(changed, gst_event_get_seqnum(event));
  gst_event_unref(event);
  return changed;
}

/// The stream's own tag beats the container's.
Orientation FitScale::orientation() const {
  if (state_.stream_orientation) return *state_.stream_orientation;
  return state_.global_orientation.value_or(Orientation{});
}

Size FitScale::upright_size(const GstVideoInfo& info) const {
  const Rational aspect(info.par_n, std::max(info.par_d, 1));
  return turned(square_size(stored_size(info), aspect), orientation());
}

std::optional<Hdr> FitScale::hdr_of(const GstCaps* caps, const GstVideoInfo& info) const {
  const auto transfer = hdr_transfer(info);
  if (!transfer || settings.copy().tone_map == ToneMap::Off) return std::nullopt;
  GstVideoContentLightLevel light{};
  GstVideoMasteringDisplayInfo mastering{};
  gst_video_content_light_level_from_caps(&light, caps);
  gst_video_mastering_display_info_from_caps(&mastering, caps);
  constexpr double kMasteringUnit = 1e-4;  // cd/m2
  const double peak = mastering.max_display_mastering_luminance * kMasteringUnit;
  return Hdr{*transfer, signal_peak(light.max_content_light_level, peak)};
}

bool FitScale::is_tone_mapped(const GstCaps* caps) const {
  GstVideoInfo info;
  if (!gst_caps_is_fixed(caps) || !gst_video_info_from_caps(&info, caps)) return false;
  return hdr_of(caps, info).has_value();
}

GstCaps* FitScale::transform_caps(GstPadDirection direction, GstCaps* caps, GstCaps* filter) {
  const bool drops_hdr = direction == GST_PAD_SRC || is_tone_mapped(caps);
  GstCaps* possible = possible_caps(direction, caps, drops_hdr);
  if (filter == nullptr) return possible;
  GstCaps* wanted = gst_caps_intersect_full(filter, possible, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref(possible);
  return wanted;
}

/// The output's size. A side left at 0 takes what the caps after this element fix.
Result<Size> FitScale::canvas(const GstVideoInfo& in, const GstCaps* possible) const {
  if (state_.canvas) return *state_.canvas;
  const Settings now = settings.copy();
  FitRequest request = {now.width, now.height, now.scale_type, now.enlarge};
  const auto width = fixed_side(possible, "width");
  const auto height = fixed_side(possible, "height");
  const bool is_free = now.width == 0 && now.height == 0;
  if (is_free && width && !height) request.height = kFollow;
  if (is_free && height && !width) request.width = kFollow;
  if (now.width == 0 && width) request.width = pixels(*width);
  if (now.height == 0 && height) request.height = pixels(*height);
  return canvas_for(upright_size(in), request);
}

GstCaps* FitScale::fixate_caps(GstPadDirection direction, GstCaps* caps, GstCaps* othercaps) {
  GstVideoInfo in;
  if (direction == GST_PAD_SRC || !gst_video_info_from_caps(&in, caps)) {
    return gst_caps_fixate(othercaps);
  }
  const auto possible = glue::adopt(othercaps);
  if (forget_canvas_.exchange(false)) {
    state_.canvas.reset();
    state_.caps.reset();
  }
  const Result<Size> size = canvas(in, possible.get());
  if (!size.ok()) {
    glue::post_error(element(), size.error());
    return gst_caps_new_empty();
  }
  complete_colours(in);
  if (hdr_of(caps, in)) make_sdr(in);
  auto chosen = chosen_caps(possible.get(), *size, {in, state_.caps.get()});
  if (chosen) return chosen.release();
  gchar* text = gst_caps_to_string(possible.get());
  glue::post_error(element(), {.code = ErrorCode::Unsupported,
                               .message = "the output would be " + std::to_string(size->width) +
                                          " x " + std::to_string(size->height) +
                                          " pixels, which the element after this one does not take",
                               .detail = text});
  g_free(text);
  return gst_caps_new_empty();
}

void FitScale::warn_of_interlacing(const GstVideoInfo& in) {
  if (!GST_VIDEO_INFO_IS_INTERLACED(&in) || state_.warned_of_interlacing) return;
  state_.warned_of_interlacing = true;
  glue::post_warning(element(), {.code = ErrorCode::Unsupported,
                                 .message = "interlaced video is scaled as if it were progressive; "
                                            "put a deinterlace element before fitscale",
                                 .detail = {}});
}

gboolean FitScale::set_info(GstCaps* incaps, GstVideoInfo* in, GstCaps* /*outcaps*/,
                            GstVideoInfo* out) {
  warn_of_interlacing(*in);
  state_.input = glue::share(incaps);
  self_->in_info = *in;
  self_->out_info = *out;
  rebuild();
  return TRUE;
}

/// Makes the conversion between the negotiated formats anew, or passes frames as they are.
void FitScale::rebuild() {
  is_stale_ = false;
  const Settings now = settings.copy();
  GstVideoInfo in = self_->in_info;
  GstVideoInfo out = self_->out_info;
  complete_colours(in);
  complete_colours(out);
  const Size upright = upright_size(in);
  const Size canvas = stored_size(out);
  ConversionSpec spec;
  spec.in = in;
  spec.out = out;
  spec.orientation = orientation();
  spec.upright = upright;
  spec.placement =
      placed(upright, canvas, now.scale_type, now.enlarge, bar_grid(GST_VIDEO_INFO_FORMAT(&out)));
  spec.kernel = kernel_of(now.method);
  spec.threads = now.n_threads;
  spec.hdr = hdr_of(state_.input.get(), in);
  spec.background = now.background;
  const bool is_unchanged =
      GST_VIDEO_INFO_FORMAT(&in) == GST_VIDEO_INFO_FORMAT(&out) && stored_size(in) == canvas &&
      upright == canvas && !spec.hdr && spec.orientation.is_identity() &&
      in.colorimetry.matrix == out.colorimetry.matrix &&
      in.colorimetry.range == out.colorimetry.range && in.chroma_site == out.chroma_site;
  gst_base_transform_set_passthrough(GST_BASE_TRANSFORM(self_), is_unchanged);
  conversion_.reset();
  if (!is_unchanged) conversion_ = std::make_unique<Conversion>(spec);
}

/// The base class negotiates in here; after it, the first frame settles the output's size.
GstFlowReturn FitScale::submit_input_buffer(gboolean is_discont, GstBuffer* buffer) {
  auto* parent = GST_BASE_TRANSFORM_CLASS(glue::parent_class<FitScale>());
  const GstFlowReturn flow =
      parent->submit_input_buffer(GST_BASE_TRANSFORM(self_), is_discont, buffer);
  if (flow != GST_FLOW_OK || !self_->negotiated) return flow;
  if (is_stale_) rebuild();
  if (!state_.canvas) {
    state_.canvas = stored_size(self_->out_info);
    state_.caps = glue::adopt(gst_pad_get_current_caps(GST_BASE_TRANSFORM_SRC_PAD(self_)));
  }
  return flow;
}

GstFlowReturn FitScale::transform_frame(GstVideoFrame* in, GstVideoFrame* out) {
  conversion_->run(in, out);
  return GST_FLOW_OK;
}

}  // namespace anim
