// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/colour.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "gst/core/vector_clones.h"

namespace anim {
namespace {

/// The rows of three channels become those of others.
ANIM_VECTOR_CLONES
void multiply(const std::array<std::array<float, 4>, 3>& m, float* first, float* second,
              float* third, int count) {
  for (int i = 0; i < count; ++i) {
    const float a = first[i];
    const float b = second[i];
    const float c = third[i];
    first[i] = m[0][0] * a + m[0][1] * b + m[0][2] * c + m[0][3];
    second[i] = m[1][0] * a + m[1][1] * b + m[1][2] * c + m[1][3];
    third[i] = m[2][0] * a + m[2][1] * b + m[2][2] * c + m[2][3];
  }
}

}  // namespace

CodeRange code_range(int depth, bool full, double gain) {
  const double unit = std::ldexp(gain, depth - 8);
  if (!full) return {16 * unit, 235 * unit, 128 * unit, 224 * unit};
  const double top = (std::ldexp(1.0, depth) - 1) * gain;
  return {0, top, 128 * unit, top};
}

ColourStep::Matrix ColourStep::to_rgb(const ColourCoding& coding) {
  const CodeRange& codes = coding.codes;
  const double y = 1 / (codes.white - codes.black);
  const double black = -codes.black * y;
  if (coding.is_rgb) {
    return {{{y, 0, 0, black}, {0, y, 0, black}, {0, 0, y, black}}};
  }
  const double kg = 1 - coding.kr - coding.kb;
  const double red = 2 * (1 - coding.kr) / codes.span;
  const double blue = 2 * (1 - coding.kb) / codes.span;
  const double green_u = -blue * coding.kb / kg;
  const double green_v = -red * coding.kr / kg;
  const double centre = codes.centre;
  return {{{y, 0, red, black - red * centre},
           {y, green_u, green_v, black - (green_u + green_v) * centre},
           {y, blue, 0, black - blue * centre}}};
}

ColourStep::Matrix ColourStep::from_rgb(const ColourCoding& coding) {
  const CodeRange& codes = coding.codes;
  const double y = codes.white - codes.black;
  if (coding.is_rgb) {
    return {{{y, 0, 0, codes.black}, {0, y, 0, codes.black}, {0, 0, y, codes.black}}};
  }
  const double kr = coding.kr;
  const double kb = coding.kb;
  const double kg = 1 - kr - kb;
  const double u = codes.span / (2 * (1 - kb));
  const double v = codes.span / (2 * (1 - kr));
  return {{{y * kr, y * kg, y * kb, codes.black},
           {-u * kr, -u * kg, u * (1 - kb), codes.centre},
           {v * (1 - kr), -v * kg, -v * kb, codes.centre}}};
}

ColourStep::Matrix ColourStep::product(const Matrix& second, const Matrix& first) {
  Matrix out{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 4; ++column) {
      for (std::size_t k = 0; k < 3; ++k) out[row][column] += second[row][k] * first[k][column];
    }
    out[row][3] += second[row][3];
  }
  return out;
}

ColourStep::ColourStep(const ColourCoding& in, const ColourCoding& out,
                       std::optional<ToneMapper> tone_mapper)
    : in_(in),
      out_(out),
      tone_mapper_(std::move(tone_mapper)),
      first_(tone_mapper_ ? to_rgb(in) : product(from_rgb(out), to_rgb(in))),
      second_(from_rgb(out)) {}

void ColourStep::apply(const Matrix& matrix, std::array<float*, 3> rows, int count) {
  std::array<std::array<float, 4>, 3> m{};
  for (std::size_t row = 0; row < 3; ++row) {
    std::copy(matrix[row].begin(), matrix[row].end(), m[row].begin());
  }
  multiply(m, rows[0], rows[1], rows[2], count);
}

void ColourStep::run(const ColourPicture<const std::uint8_t>& source,
                     const ColourPicture<std::uint8_t>& target, Size size) const {
  const int count = size.width;
  std::vector<float> work(static_cast<std::size_t>(count) * 3);
  const std::array<float*, 3> rows = {work.data(), work.data() + count, work.data() + 2 * count};
  std::vector<float> opacity(static_cast<std::size_t>(count), static_cast<float>(out_.sample.max));
  const float alpha_gain = static_cast<float>(out_.sample.max) / static_cast<float>(in_.sample.max);
  const bool has_words = is_packed(target, out_.sample);
  for (int y = 0; y < size.height; ++y) {
    for (std::size_t c = 0; c < 3; ++c) load_row(source[c], y, in_.sample, count, rows[c]);
    apply(first_, rows, count);
    if (tone_mapper_) {
      tone_mapper_->run(rows[0], rows[1], rows[2], count);
      apply(second_, rows, count);
    }
    if (target[3].data != nullptr && source[3].data != nullptr) {
      load_row(source[3], y, in_.sample, count, opacity.data());
      for (float& value : opacity) value *= alpha_gain;
    }
    if (has_words) {
      save_packed_row({rows[0], rows[1], rows[2], opacity.data()}, target, y, out_.sample, count);
      continue;
    }
    for (std::size_t c = 0; c < 3; ++c) save_row(rows[c], target[c], y, out_.sample, count);
    if (target[3].data != nullptr) save_row(opacity.data(), target[3], y, out_.sample, count);
  }
}

}  // namespace anim
