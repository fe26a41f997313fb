// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/animation_caps.h"

#include <algorithm>
#include <string>

#include "gst/glue/element.h"
#include "gst/glue/handle.h"

namespace anim::glue {
namespace {

constexpr const char* kFormats =
    "{ I420, YV12, NV12, A420, Y444, GRAY8, RGB, BGR, RGBx, BGRx, RGBA, BGRA }";

}  // namespace

std::string text_of(const GstCaps* caps) {
  return adopt(gst_caps_to_string(caps)).get();
}

void add_animation_pads(GstElementClass* klass, const AnimationKind& kind) {
  const int max = kind.max_side;
  const auto raw =
      adopt(g_strdup_printf("video/x-raw, format = %s, width = [ 1, %d ], height = [ 1, %d ], "
                            "framerate = [ 0/1, 2147483647/1 ]",
                            kFormats, max, max));
  const auto image = adopt(g_strdup_printf(
      "%s, width = [ 1, %d ], height = [ 1, %d ], framerate = [ 0/1, 2147483647/1 ]",
      kind.media_type, max, max));
  add_pad_template(klass, "sink", GST_PAD_SINK, gst_caps_from_string(raw.get()));
  add_pad_template(klass, "src", GST_PAD_SRC, gst_caps_from_string(image.get()));
}

Status check_caps(GstCaps* caps, const AnimationKind& kind, GstPad* sink) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  int width = 0;
  int height = 0;
  gst_structure_get_int(structure, "width", &width);
  gst_structure_get_int(structure, "height", &height);
  if (std::max(width, height) > kind.max_side) {
    return Error{ErrorCode::LimitExceeded,
                 "the video is " + std::to_string(width) + "x" + std::to_string(height) +
                     " pixels, but " + kind.media_type + " holds at most " +
                     std::to_string(kind.max_side) + " a side; scale it down before",
                 text_of(caps)};
  }
  const auto rated = adopt(gst_caps_copy(caps));
  if (!gst_structure_has_field(structure, "framerate")) {
    // As common as 0/1, and meant so: the timestamps count.
    gst_caps_set_simple(rated.get(), "framerate", GST_TYPE_FRACTION, 0, 1, nullptr);
  }
  const auto allowed = adopt(gst_pad_get_pad_template_caps(sink));
  if (gst_caps_is_subset(rated.get(), allowed.get())) return success();
  return Error{ErrorCode::Unsupported,
               std::string("video of this kind is not taken, only raw video of format ") +
                   kFormats + "; put a videoconvert before",
               text_of(caps)};
}

std::optional<Error> shape_warning(const GstVideoInfo& info) {
  const int num = GST_VIDEO_INFO_PAR_N(&info);
  const int den = GST_VIDEO_INFO_PAR_D(&info);
  if (num == den) return std::nullopt;
  return Error{ErrorCode::Unsupported,
               "the video's pixels are not square (" + std::to_string(num) + ":" +
                   std::to_string(den) +
                   "), those of an animated image are: it will look stretched; put a fitscale "
                   "before",
               {}};
}

}  // namespace anim::glue
