// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of fitscale's properties.
#include "plugins/animscale/fitscale.h"

template <>
struct anim::glue::EnumInfo<anim::ScaleType> {
  static constexpr const char* kTypeName = "GstFitScaleType";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(ScaleType::Stretch), "Force both sides, ignore the shape", "stretch"},
      {static_cast<int>(ScaleType::Crop), "Cover the size, cut off the rest evenly", "crop"},
      {static_cast<int>(ScaleType::Fill), "Inside the size, centred on the background", "fill"},
      {static_cast<int>(ScaleType::Fit), "Inside the size, which shrinks to the picture", "fit"},
      {0, nullptr, nullptr}};
};

template <>
struct anim::glue::EnumInfo<anim::ToneMap> {
  static constexpr const char* kTypeName = "GstFitScaleToneMap";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(ToneMap::Auto), "HDR (PQ, HLG) becomes BT.709", "auto"},
      {static_cast<int>(ToneMap::Off), "HDR codes are scaled as they are", "off"},
      {0, nullptr, nullptr}};
};

namespace anim {

using glue::Property;

namespace {

/// A side in pixels, a ratio, 0 or -1; anything else is refused and the old value stays.
Property<FitScale> side_property(const char* name, const char* blurb,
                                 double FitScale::Settings::*member) {
  Property<FitScale> property = glue::double_property<FitScale>(name, blurb, member, kFollow,
                                                                kMaxSide, glue::Mutable::Playing);
  property.set = [name, member](FitScale& element, const GValue* value) {
    const double side = g_value_get_double(value);
    if (!is_valid_side(side)) {
      g_warning(
          "fitscale: %s=%g is not possible: 0 (the source's), a ratio up to 1, pixels up to "
          "%d, or -1 (follow the other side) are; it stays as it was",
          name, side, kMaxSide);
      return;
    }
    element.settings.change([&](FitScale::Settings& s) { s.*member = side; });
  };
  return property;
}

}  // namespace

const std::vector<Property<FitScale>>& FitScale::properties() {
  static const std::vector<Property<FitScale>> table = {
      side_property("width",
                    "Width in pixels (above 1) or as a ratio of the source's (up to 1); 0 = the "
                    "source's, -1 = follow the height in proportion",
                    &Settings::width),
      side_property("height",
                    "Height in pixels (above 1) or as a ratio of the source's (up to 1); 0 = the "
                    "source's, -1 = follow the width in proportion",
                    &Settings::height),
      glue::enum_property<FitScale>("scale-type", "What happens when the shapes differ",
                                    &Settings::scale_type, glue::Mutable::Playing),
      glue::uint_property<FitScale>("background", "Colour of the bars of scale-type=fill, ARGB",
                                    &Settings::background, 0, G_MAXUINT, glue::Mutable::Playing),
      glue::enum_property<FitScale>("method", "Filter; each is widened when the picture shrinks",
                                    &Settings::method, glue::Mutable::Playing,
                                    gst_video_resampler_method_get_type),
      glue::bool_property<FitScale>("enlarge",
                                    "Whether the picture may become bigger than the source",
                                    &Settings::enlarge, glue::Mutable::Playing),
      glue::bool_property<FitScale>("auto-orient",
                                    "Whether image-orientation tags are honoured; sizes then mean "
                                    "the upright picture",
                                    &Settings::auto_orient),
      glue::enum_property<FitScale>("tone-map", "What happens to HDR (PQ and HLG) video",
                                    &Settings::tone_map, glue::Mutable::Playing),
      glue::uint_property<FitScale>(
          "n-threads",
          "Threads that scale a frame, the streaming thread among them; 0 = one "
          "for each core",
          &Settings::n_threads, 0, 256),
  };
  return table;
}

}  // namespace anim
