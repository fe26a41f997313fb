// SPDX-License-Identifier: LGPL-2.1-or-later
// The element animgifenc: raw video in, one animated GIF out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gst/core/gif_frames.h"
#include "gst/glue/animation_element.h"
#include "gst/glue/property.h"

template <>
struct anim::glue::EnumInfo<anim::GifDither> {
  static constexpr const char* kTypeName = "GstAnimGifEncDither";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(GifDither::Auto), "What suits the frame: ordered, today", "auto"},
      {static_cast<int>(GifDither::None), "The nearest colour: smallest, may show bands", "none"},
      {static_cast<int>(GifDither::Ordered), "A fixed pattern, no stronger than needed", "ordered"},
      {static_cast<int>(GifDither::FloydSteinberg), "Diffused errors: finest, largest",
       "floyd-steinberg"},
      {0, nullptr, nullptr}};
};

template <>
struct anim::glue::EnumInfo<anim::GifPalette> {
  static constexpr const char* kTypeName = "GstAnimGifEncPalette";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(GifPalette::Auto), "The first frame's where a frame's own would not pay",
       "auto"},
      {static_cast<int>(GifPalette::PerFrame), "A table for each frame", "per-frame"},
      {static_cast<int>(GifPalette::Global), "One table for all, of the first frames' colours",
       "global"},
      {0, nullptr, nullptr}};
};

namespace anim {

/// The element. Its pads, times and output are AnimationElement's.
class AnimGifEnc final : public glue::AnimationElement {
 public:
  static constexpr const char* kTypeName = "GstAnimGifEnc";
  static constexpr glue::AnimationKind kKind = {
      .media_type = "image/gif",
      .max_side = kGifLargestSide,
      .patches = false,
      .late_alpha = false,
      .qualities = {.lowest = 1, .highest = 100, .step = 1}};

  struct Settings {
    unsigned quality = GifSettings{}.quality;
    unsigned colors = GifSettings{}.colors;
    GifPalette palette = GifSettings{}.palette;
    GifDither dither = GifSettings{}.dither;
    unsigned lossy = GifSettings{}.lossy;
    unsigned animation_loops = 0;
    unsigned n_threads = 0;
    std::uint64_t target_size = 0;
    std::string spool_dir;
  };
  glue::Guarded<Settings> settings;

  static const std::vector<glue::Property<AnimGifEnc>>& properties();
  static void class_init(GstElementClass* klass);
  explicit AnimGifEnc(GstElement* self);

 protected:
  [[nodiscard]] PixelFormat picture_format(const GstVideoInfo& source) const override;
  [[nodiscard]] glue::AnimationWishes wishes() const override;
  [[nodiscard]] EncoderAt encoder_at(Size canvas, bool has_alpha) const override;
};

}  // namespace anim
