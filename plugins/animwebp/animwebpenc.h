// SPDX-License-Identifier: LGPL-2.1-or-later
// The element animwebpenc: raw video in, one animated WebP out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gst/core/webp_animation.h"
#include "gst/core/webp_container.h"
#include "gst/glue/animation_element.h"
#include "gst/glue/property.h"

namespace anim::glue {

template <>
struct EnumInfo<WebpPreset> {
  static constexpr const char* kTypeName = "GstAnimWebpEncPreset";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(WebpPreset::None), "Default", "none"},
      {static_cast<int>(WebpPreset::Picture), "Digital picture, portrait, inner shot", "picture"},
      {static_cast<int>(WebpPreset::Photo), "Outdoor photograph with natural light", "photo"},
      {static_cast<int>(WebpPreset::Drawing), "Hand or line drawing", "drawing"},
      {static_cast<int>(WebpPreset::Icon), "Small colourful images", "icon"},
      {static_cast<int>(WebpPreset::Text), "Text", "text"},
      {0, nullptr, nullptr}};
};

template <>
struct EnumInfo<WebpContent> {
  static constexpr const char* kTypeName = "GstAnimWebpEncContent";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(WebpContent::Auto), "Found out from the pictures", "auto"},
      {static_cast<int>(WebpContent::Photo), "Pictures of cameras and films", "photo"},
      {static_cast<int>(WebpContent::Screen), "Screens and drawings in exact colours", "screen"},
      {0, nullptr, nullptr}};
};

/// The element. Its pads, times and output are AnimationElement's.
class AnimWebpEnc final : public AnimationElement {
 public:
  static constexpr const char* kTypeName = "GstAnimWebpEnc";
  static constexpr AnimationKind kKind = {.media_type = "image/webp",
                                          .max_side = kWebpMaxSide,
                                          .patches = true,
                                          .late_alpha = true,
                                          .qualities = {.lowest = 0, .highest = 100, .step = 0.1}};

  struct Settings {
    float quality = 75;
    unsigned speed = 4;
    bool lossless = false;
    int near_lossless = 100;
    WebpPreset preset = WebpPreset::None;
    WebpContent content = WebpContent::Auto;
    unsigned animation_loops = 0;
    unsigned animation_background_color = 0;
    unsigned n_threads = 0;
    std::uint64_t target_size = 0;
    bool metadata = false;
    std::string spool_dir;
  };
  Guarded<Settings> settings;

  static const std::vector<Property<AnimWebpEnc>>& properties();
  static void class_init(GstElementClass* klass);
  explicit AnimWebpEnc(GstElement* self)
      : AnimationElement(self, kKind, pad_functions<AnimWebpEnc>()) {}

 protected:
  [[nodiscard]] PixelFormat picture_format(const GstVideoInfo& source) const override;
  [[nodiscard]] AnimationWishes wishes() const override;
  [[nodiscard]] EncoderAt encoder_at(Size canvas, bool has_alpha) const override;

 private:
  void add_metadata(AnimationInfo& info) const;
};

}  // namespace anim::glue
