// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/task.h"

namespace anim {

std::string_view to_string(AnimationFormat format) {
  return format == AnimationFormat::Webp ? "webp" : "gif";
}

int largest_side(AnimationFormat format) {
  return format == AnimationFormat::Webp ? 16383 : 65535;
}

std::string_view to_string(ScaleType type) {
  switch (type) {
    case ScaleType::Stretch:
      return "stretch";
    case ScaleType::Crop:
      return "crop";
    case ScaleType::Fill:
      return "fill";
    case ScaleType::Fit:
      return "fit";
  }
  return "";
}

std::string_view to_string(SamplingMode mode) {
  switch (mode) {
    case SamplingMode::Interval:
      return "interval";
    case SamplingMode::Key:
      return "key";
    case SamplingMode::Even:
      return "even";
    case SamplingMode::Scene:
      return "scene";
  }
  return "";
}

std::string_view to_string(Dither dither) {
  switch (dither) {
    case Dither::Auto:
      return "auto";
    case Dither::None:
      return "none";
    case Dither::Ordered:
      return "ordered";
    case Dither::FloydSteinberg:
      return "floyd-steinberg";
  }
  return "";
}

std::string_view to_string(Content content) {
  switch (content) {
    case Content::Auto:
      return "auto";
    case Content::Photo:
      return "photo";
    case Content::Screen:
      return "screen";
  }
  return "";
}

}  // namespace anim
