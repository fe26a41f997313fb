// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animscale/negotiation.h"

#include <limits>
#include <string>

#include "gst/core/fit.h"
#include "plugins/animscale/layout.h"

namespace anim {
namespace {

GstStructure* opened(const GstStructure* given, GstPadDirection direction, bool drops_hdr) {
  GstStructure* structure = gst_structure_copy(given);
  const bool makes_output = direction == GST_PAD_SINK;
  const int most = makes_output ? kMaxSide : std::numeric_limits<int>::max();
  gst_structure_set(structure, "width", GST_TYPE_INT_RANGE, 1, most, "height", GST_TYPE_INT_RANGE,
                    1, most, nullptr);
  gst_structure_remove_fields(structure, "format", "colorimetry", "chroma-site", "interlace-mode",
                              "field-order", "pixel-aspect-ratio", nullptr);
  if (makes_output) {
    gst_structure_set(structure, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, "interlace-mode",
                      G_TYPE_STRING, "progressive", nullptr);
  }
  if (drops_hdr) {
    gst_structure_remove_fields(structure, "mastering-display-info", "content-light-level",
                                nullptr);
  }
  return structure;
}

/// The field restricted to `value`; whether that is possible.
template <class Set>
bool restrict_field(GstStructure* structure, const char* field, GType type, Set set) {
  GValue wanted = G_VALUE_INIT;
  g_value_init(&wanted, type);
  set(&wanted);
  const GValue* allowed = gst_structure_get_value(structure, field);
  const bool possible = allowed == nullptr || gst_value_intersect(nullptr, allowed, &wanted);
  if (possible) {
    gst_structure_take_value(structure, field, &wanted);
  } else {
    g_value_unset(&wanted);
  }
  return possible;
}

bool restrict_int(GstStructure* structure, const char* field, int value) {
  return restrict_field(structure, field, G_TYPE_INT,
                        [&](GValue* v) { g_value_set_int(v, value); });
}

bool restrict_text(GstStructure* structure, const char* field, const char* value) {
  return restrict_field(structure, field, G_TYPE_STRING,
                        [&](GValue* v) { g_value_set_string(v, value); });
}

template <class Visit>
void for_each_text(const GValue* value, Visit visit) {
  if (value == nullptr) return;
  if (G_VALUE_HOLDS_STRING(value)) visit(g_value_get_string(value));
  if (!GST_VALUE_HOLDS_LIST(value)) return;
  for (guint i = 0; i < gst_value_list_get_size(value); ++i) {
    const GValue* item = gst_value_list_get_value(value, i);
    if (G_VALUE_HOLDS_STRING(item)) visit(g_value_get_string(item));
  }
}

struct Choice {
  const GstStructure* structure = nullptr;
  GstVideoFormat format = GST_VIDEO_FORMAT_UNKNOWN;
  int loss = std::numeric_limits<int>::max();
};

void consider(const GstStructure* structure, const char* name, GstVideoFormat from, Choice& best) {
  const GstVideoFormat format = gst_video_format_from_string(name);
  if (format == GST_VIDEO_FORMAT_UNKNOWN || format == GST_VIDEO_FORMAT_ENCODED) return;
  const int loss = conversion_loss(from, format);
  if (loss < best.loss) best = {structure, format, loss};
}

bool allows_size(const GstStructure* structure, Size canvas) {
  GstStructure* copy = gst_structure_copy(structure);
  const bool allows =
      restrict_int(copy, "width", canvas.width) && restrict_int(copy, "height", canvas.height);
  gst_structure_free(copy);
  return allows;
}

Choice best_choice(const GstCaps* possible, Size canvas, GstVideoFormat from) {
  Choice best;
  for (guint i = 0; i < gst_caps_get_size(possible); ++i) {
    const GstStructure* structure = gst_caps_get_structure(possible, i);
    if (!allows_size(structure, canvas)) continue;
    for_each_text(gst_structure_get_value(structure, "format"),
                  [&](const char* name) { consider(structure, name, from, best); });
  }
  return best;
}

/// The colours of an output of `format`: the source's as far as the family of the format allows.
GstVideoColorimetry kept_colours(const GstVideoInfo& source, GstVideoFormat format) {
  GstVideoColorimetry colours = source.colorimetry;
  const ColourFamily from = family_of(GST_VIDEO_INFO_FORMAT(&source));
  const ColourFamily to = family_of(format);
  if (to == ColourFamily::Rgb) {
    colours.matrix = GST_VIDEO_COLOR_MATRIX_RGB;
    colours.range = GST_VIDEO_COLOR_RANGE_0_255;
  } else if (from == ColourFamily::Rgb) {
    colours.matrix = GST_VIDEO_COLOR_MATRIX_BT709;
    colours.range =
        to == ColourFamily::Gray ? GST_VIDEO_COLOR_RANGE_0_255 : GST_VIDEO_COLOR_RANGE_16_235;
  }
  return colours;
}

void choose_colours(GstStructure* structure, const GstVideoInfo& source, GstVideoFormat format) {
  GstVideoColorimetry colours = kept_colours(source, format);
  gchar* text = gst_video_colorimetry_to_string(&colours);
  if (text != nullptr && !restrict_text(structure, "colorimetry", text)) {
    gst_structure_fixate_field(structure, "colorimetry");
  }
  g_free(text);
}

void choose_chroma_site(GstStructure* structure, const GstVideoInfo& source,
                        GstVideoFormat format) {
  const GstVideoFormatInfo* info = gst_video_format_get_info(format);
  const bool is_subsampled =
      GST_VIDEO_FORMAT_INFO_IS_YUV(info) && (info->w_sub[1] != 0 || info->h_sub[1] != 0);
  if (!is_subsampled) {
    gst_structure_remove_field(structure, "chroma-site");
    return;
  }
  const GstVideoFormatInfo* from = source.finfo;
  const bool had_site = GST_VIDEO_FORMAT_INFO_IS_YUV(from) && from->w_sub[1] != 0 &&
                        source.chroma_site != GST_VIDEO_CHROMA_SITE_UNKNOWN;
  const GstVideoChromaSite site = had_site ? source.chroma_site : GST_VIDEO_CHROMA_SITE_JPEG;
  gchar* text = gst_video_chroma_site_to_string(site);
  if (text == nullptr || !restrict_text(structure, "chroma-site", text)) {
    gst_structure_fixate_field(structure, "chroma-site");
  }
  g_free(text);
}

}  // namespace

GstCaps* possible_caps(GstPadDirection direction, const GstCaps* caps, bool drops_hdr) {
  GstCaps* out = gst_caps_new_empty();
  for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
    const GstStructure* given = gst_caps_get_structure(caps, i);
    GstStructure* any = opened(given, direction, drops_hdr);
    // Formats that need no conversion come first: a source takes the first it can make.
    if (gst_structure_has_field(given, "format")) {
      GstStructure* same = gst_structure_copy(any);
      gst_structure_set_value(same, "format", gst_structure_get_value(given, "format"));
      out = gst_caps_merge_structure(out, same);
    }
    out = gst_caps_merge_structure(out, any);
  }
  return out;
}

void complete_colours(GstVideoInfo& info) {
  const bool is_rgb = family_of(GST_VIDEO_INFO_FORMAT(&info)) == ColourFamily::Rgb;
  GstVideoColorimetry& colours = info.colorimetry;
  if (colours.range == GST_VIDEO_COLOR_RANGE_UNKNOWN) {
    colours.range = is_rgb ? GST_VIDEO_COLOR_RANGE_0_255 : GST_VIDEO_COLOR_RANGE_16_235;
  }
  constexpr int kLinesOfSd = 576;
  const auto yuv =
      info.height > kLinesOfSd ? GST_VIDEO_COLOR_MATRIX_BT709 : GST_VIDEO_COLOR_MATRIX_BT601;
  if (is_rgb) {
    colours.matrix = GST_VIDEO_COLOR_MATRIX_RGB;
  } else if (colours.matrix == GST_VIDEO_COLOR_MATRIX_UNKNOWN ||
             colours.matrix == GST_VIDEO_COLOR_MATRIX_RGB) {
    colours.matrix = yuv;
  }
}

std::optional<int> fixed_side(const GstCaps* caps, const char* side) {
  std::optional<int> fixed;
  for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
    int value = 0;
    if (!gst_structure_get_int(gst_caps_get_structure(caps, i), side, &value)) return std::nullopt;
    if (fixed && *fixed != value) return std::nullopt;
    fixed = value;
  }
  return fixed;
}

glue::Owned<GstCaps> chosen_caps(GstCaps* possible, Size canvas, const Preference& preference) {
  if (preference.last != nullptr && gst_caps_can_intersect(preference.last, possible)) {
    GstVideoInfo info;
    if (gst_video_info_from_caps(&info, preference.last) && info.width == canvas.width &&
        info.height == canvas.height) {
      return glue::adopt(gst_caps_fixate(gst_caps_intersect(preference.last, possible)));
    }
  }
  const GstVideoFormat from = GST_VIDEO_INFO_FORMAT(&preference.source);
  const Choice best = best_choice(possible, canvas, from);
  if (best.structure == nullptr) return nullptr;
  GstStructure* structure = gst_structure_copy(best.structure);
  restrict_int(structure, "width", canvas.width);
  restrict_int(structure, "height", canvas.height);
  restrict_text(structure, "format", gst_video_format_to_string(best.format));
  choose_colours(structure, preference.source, best.format);
  choose_chroma_site(structure, preference.source, best.format);
  GstCaps* caps = gst_caps_new_full(structure, nullptr);
  return glue::adopt(gst_caps_fixate(caps));
}

}  // namespace anim
