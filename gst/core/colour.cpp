// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/colour.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "gst/core/nearest.h"

namespace anim {
namespace {

template <class Sample>
void load_samples(const std::uint8_t* row, ChannelPlace place, int count, float* out) {
  const auto* samples = reinterpret_cast<const Sample*>(row) + place.offset;
  for (int i = 0; i < count; ++i) {
    out[i] = static_cast<float>(samples[static_cast<std::ptrdiff_t>(i) * place.stride]);
  }
}

void load(const ColourChannel<const std::uint8_t>& channel, int y, const SampleType& type,
          int count, float* out) {
  const std::uint8_t* row = channel.data + y * channel.row_bytes;
  if (type.bytes == 1) {
    load_samples<std::uint8_t>(row, channel.place, count, out);
  } else {
    load_samples<std::uint16_t>(row, channel.place, count, out);
  }
}

/// Puts `count` codes where they belong, from `row` on.
template <class Sample>
void put_codes(const Sample* codes, ChannelPlace place, int count, std::uint8_t* row) {
  auto* samples = reinterpret_cast<Sample*>(row) + place.offset;
  for (int i = 0; i < count; ++i) {
    samples[static_cast<std::ptrdiff_t>(i) * place.stride] = codes[i];
  }
}

template <class Sample>
void save_samples(const float* values, const SampleType& type, ChannelPlace place, int count,
                  std::uint8_t* row) {
  constexpr int kAtOnce = 64;  // codes are worked out side by side, and then put where they belong
  const float unit = 1.0F / static_cast<float>(type.quantum);
  const int steps = type.max / type.quantum;
  const auto top = static_cast<float>(steps);
  std::array<Sample, kAtOnce> codes;
  for (int first = 0; first < count; first += kAtOnce) {
    const int some = std::min(kAtOnce, count - first);
    for (int i = 0; i < some; ++i) {
      const float limited = std::clamp(values[first + i] * unit, 0.0F, top);
      codes[static_cast<std::size_t>(i)] = static_cast<Sample>(nearest(limited) * type.quantum);
    }
    put_codes(codes.data(), place, some,
              row + std::ptrdiff_t{first} * place.stride * sizeof(Sample));
  }
}

void save(const float* values, const ColourChannel<std::uint8_t>& channel, int y,
          const SampleType& type, int count) {
  std::uint8_t* row = channel.data + y * channel.row_bytes;
  if (type.bytes == 1) {
    save_samples<std::uint8_t>(values, type, channel.place, count, row);
  } else {
    save_samples<std::uint16_t>(values, type, channel.place, count, row);
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
  for (int i = 0; i < count; ++i) {
    const float a = rows[0][i];
    const float b = rows[1][i];
    const float c = rows[2][i];
    rows[0][i] = m[0][0] * a + m[0][1] * b + m[0][2] * c + m[0][3];
    rows[1][i] = m[1][0] * a + m[1][1] * b + m[1][2] * c + m[1][3];
    rows[2][i] = m[2][0] * a + m[2][1] * b + m[2][2] * c + m[2][3];
  }
}

void ColourStep::run(const ColourPicture<const std::uint8_t>& source,
                     const ColourPicture<std::uint8_t>& target, Size size) const {
  const int count = size.width;
  std::vector<float> work(static_cast<std::size_t>(count) * 3);
  const std::array<float*, 3> rows = {work.data(), work.data() + count, work.data() + 2 * count};
  std::vector<float> opacity(static_cast<std::size_t>(count), static_cast<float>(out_.sample.max));
  const float alpha_gain = static_cast<float>(out_.sample.max) / static_cast<float>(in_.sample.max);
  for (int y = 0; y < size.height; ++y) {
    for (std::size_t c = 0; c < 3; ++c) load(source[c], y, in_.sample, count, rows[c]);
    apply(first_, rows, count);
    if (tone_mapper_) {
      tone_mapper_->run(rows[0], rows[1], rows[2], count);
      apply(second_, rows, count);
    }
    for (std::size_t c = 0; c < 3; ++c) save(rows[c], target[c], y, out_.sample, count);
    if (target[3].data == nullptr) continue;
    if (source[3].data != nullptr) {
      load(source[3], y, in_.sample, count, opacity.data());
      for (float& value : opacity) value *= alpha_gain;
    }
    save(opacity.data(), target[3], y, out_.sample, count);
  }
}

}  // namespace anim
