// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace anim {
namespace {

/// value * num / den, rounded half up, in [1, INT_MAX].
int proportion(int value, std::int64_t num, std::int64_t den) {
  const std::int64_t rounded = mul_div_round(value, num, den);
  return static_cast<int>(std::clamp<std::int64_t>(rounded, 1, std::numeric_limits<int>::max()));
}

/// A side in pixels. Not for kFollow.
int resolved(double side, int source) {
  if (side == 0) return source;
  const double pixels = side <= 1 ? side * source : side;
  // A decimal such as 0.7 is a little less as a double; half up means half of the decimal.
  constexpr double kDecimalError = 1e-6;
  return std::max(1, static_cast<int>(std::floor(pixels + 0.5 + kDecimalError)));
}

Size asked_size(Size source, const FitRequest& request) {
  const bool width_follows = request.width == kFollow;
  const bool height_follows = request.height == kFollow;
  if (width_follows && height_follows) return source;
  if (width_follows) {
    const int height = resolved(request.height, source.height);
    return {proportion(source.width, height, source.height), height};
  }
  const int width = resolved(request.width, source.width);
  if (height_follows) return {width, proportion(source.height, width, source.width)};
  return {width, resolved(request.height, source.height)};
}

Size bounded(Size size, Size bound) {
  return {std::min(size.width, bound.width), std::min(size.height, bound.height)};
}

/// A side that follows the other has the source's shape up to rounding: nothing is left to fit.
ScaleType effective_type(const FitRequest& request) {
  const bool follows = request.width == kFollow || request.height == kFollow;
  return follows ? ScaleType::Stretch : request.type;
}

Size canvas_size(Size source, const FitRequest& request) {
  const Size asked = asked_size(source, request);
  const bool covers = asked.width >= source.width && asked.height >= source.height;
  switch (effective_type(request)) {
    case ScaleType::Stretch:
      return request.enlarge ? asked : bounded(asked, source);
    case ScaleType::Crop: {
      const bool shrinks = asked.width <= source.width && asked.height <= source.height;
      return request.enlarge || shrinks ? asked : fitted_into(asked, source);
    }
    case ScaleType::Fill:
      return asked;
    case ScaleType::Fit:
      return !request.enlarge && covers ? source : fitted_into(source, asked);
  }
  return asked;
}

bool same_shape(Size source, Size canvas) {
  return proportion(source.height, canvas.width, source.width) == canvas.height ||
         proportion(source.width, canvas.height, source.height) == canvas.width;
}

Placement cropped(Size source, Size canvas) {
  const double width = source.width;
  const double height = source.height;
  const double scale = std::max(canvas.width / width, canvas.height / height);
  const Window part = {.x = (width - canvas.width / scale) / 2,
                       .y = (height - canvas.height / scale) / 2,
                       .width = canvas.width / scale,
                       .height = canvas.height / scale};
  return {.part = part, .dest = {0, 0, canvas.width, canvas.height}};
}

struct Span {
  int start;
  int length;
};

/// A length centred in `room`, its inner ends on the grid.
Span centred(int length, int room, int grid) {
  if (length >= room) return {0, room};
  const int snapped = std::min((std::max(length, 1) + grid / 2) / grid * grid, room);
  const int even = std::max(snapped, std::min(grid, room));
  return {(room - even) / 2 / grid * grid, even};
}

}  // namespace

bool is_valid_side(double side) {
  return side == 0 || side == kFollow || (side > 0 && side <= kMaxSide);
}

Size square_size(Size stored, Rational aspect) {
  if (aspect.num() <= 0 || aspect == Rational(1)) return stored;
  if (aspect > Rational(1)) {
    return {proportion(stored.width, aspect.num(), aspect.den()), stored.height};
  }
  return {stored.width, proportion(stored.height, aspect.den(), aspect.num())};
}

Result<Size> canvas_for(Size source, const FitRequest& request) {
  const Size canvas = canvas_size(source, request);
  if (canvas.width <= kMaxSide && canvas.height <= kMaxSide && canvas.area() <= kMaxPixels) {
    return canvas;
  }
  return Error{.code = ErrorCode::LimitExceeded,
               .message = "the output would be " + std::to_string(canvas.width) + " x " +
                          std::to_string(canvas.height) + " pixels; at most " +
                          std::to_string(kMaxSide) + " a side and " + std::to_string(kMaxPixels) +
                          " in all are possible. Set width or height to something smaller",
               .detail = {}};
}

Size fitted_into(Size shape, Size box) {
  const bool width_limits =
      std::int64_t{box.width} * shape.height <= std::int64_t{box.height} * shape.width;
  if (width_limits) {
    return {box.width, std::min(box.height, proportion(shape.height, box.width, shape.width))};
  }
  return {std::min(box.width, proportion(shape.width, box.height, shape.height)), box.height};
}

Placement placed(Size source, Size canvas, ScaleType type, bool enlarge, Size grid) {
  const Window all = {0, 0, static_cast<double>(source.width), static_cast<double>(source.height)};
  const Rect everywhere = {0, 0, canvas.width, canvas.height};
  if (type == ScaleType::Stretch) return {all, everywhere};
  if (type == ScaleType::Crop) return cropped(source, canvas);
  const bool covers = canvas.width >= source.width && canvas.height >= source.height;
  const bool keeps_size = !enlarge && covers;
  if (!keeps_size && same_shape(source, canvas)) return {all, everywhere};
  const Size size = keeps_size ? source : fitted_into(source, canvas);
  const Span x = centred(size.width, canvas.width, grid.width);
  const Span y = centred(size.height, canvas.height, grid.height);
  return {all, {x.start, y.start, x.length, y.length}};
}

Window rescaled(const Window& part, Size from, Size to) {
  const double x = static_cast<double>(to.width) / from.width;
  const double y = static_cast<double>(to.height) / from.height;
  return {part.x * x, part.y * y, part.width * x, part.height * y};
}

}  // namespace anim
