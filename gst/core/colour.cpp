// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/colour.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "gst/core/nearest.h"
#include "gst/core/vector_clones.h"

namespace anim {
namespace {

ANIM_VECTOR_CLONES
void widen(const std::uint8_t* samples, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = samples[i];
}

ANIM_VECTOR_CLONES
void widen(const std::uint16_t* samples, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = samples[i];
}

/// Bytes that are `shift` bits up in words.
ANIM_VECTOR_CLONES
void widen_words(const std::uint8_t* words, unsigned shift, int count, float* out) {
  for (int i = 0; i < count; ++i) {
    std::uint32_t word = 0;
    std::memcpy(&word, words + std::ptrdiff_t{i} * 4, sizeof word);
    out[i] = static_cast<float>(static_cast<int>(word >> shift & 0xFF));
  }
}

/// By how many bits the byte at `offset` of a word is up in it (see packed_words()).
unsigned shift_of(int offset) {
  assert(offset >= 0 && offset < 4);
  return static_cast<unsigned>(8 * offset);
}

template <class Sample>
void load_samples(const std::uint8_t* row, ChannelPlace place, int count, float* out) {
  const auto* samples = reinterpret_cast<const Sample*>(row) + place.offset;
  if (place.stride == 1) return widen(samples, count, out);
  if constexpr (sizeof(Sample) == 1) {
    if (place.stride == 4) return widen_words(row, shift_of(place.offset), count, out);
  }
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
void put_codes(const std::uint16_t* codes, ChannelPlace place, int count, std::uint8_t* row) {
  auto* samples = reinterpret_cast<Sample*>(row) + place.offset;
  for (int i = 0; i < count; ++i) {
    samples[static_cast<std::ptrdiff_t>(i) * place.stride] = static_cast<Sample>(codes[i]);
  }
}

constexpr int kAtOnce = 64;  // codes are worked out side by side, and then put where they belong

/// The codes of so many values: multiples of `quantum`, `steps` at most.
ANIM_VECTOR_CLONES
void find_codes(const float* values, int quantum, int steps, int count, std::uint16_t* codes) {
  const float unit = 1.0F / static_cast<float>(quantum);
  const auto top = static_cast<float>(steps);
  for (int i = 0; i < count; ++i) {
    const float limited = std::clamp(values[i] * unit, 0.0F, top);
    codes[i] = static_cast<std::uint16_t>(nearest(limited) * quantum);
  }
}

template <class Sample>
void save_samples(const float* values, const SampleType& type, ChannelPlace place, int count,
                  std::uint8_t* row) {
  const int steps = type.max / type.quantum;
  std::array<std::uint16_t, kAtOnce> codes;
  for (int first = 0; first < count; first += kAtOnce) {
    const int some = std::min(kAtOnce, count - first);
    find_codes(values + first, type.quantum, steps, some, codes.data());
    put_codes<Sample>(codes.data(), place, some,
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

/// Whether a pixel of the target is a word of four bytes, one for each channel.
bool is_packed(const ColourPicture<std::uint8_t>& target, const SampleType& type) {
  return type.bytes == 1 && std::all_of(target.begin(), target.end(), [&](const auto& channel) {
           return channel.data == target[0].data && channel.place.stride == 4;
         });
}

/// `codes` of each channel, which go `shifts` bits up in their word.
ANIM_VECTOR_CLONES
void join_codes(const std::array<std::array<std::uint16_t, kAtOnce>, 4>& codes,
                std::array<unsigned, 4> shifts, std::uint32_t* words) {
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    words[i] = static_cast<std::uint32_t>(codes[0][i]) << shifts[0] |
               static_cast<std::uint32_t>(codes[1][i]) << shifts[1] |
               static_cast<std::uint32_t>(codes[2][i]) << shifts[2] |
               static_cast<std::uint32_t>(codes[3][i]) << shifts[3];
  }
}

/// A row of pixels that are words.
void save_packed(const std::array<const float*, 4>& values,
                 const ColourPicture<std::uint8_t>& target, int y, const SampleType& type,
                 int count) {
  std::uint8_t* row = target[0].data + y * target[0].row_bytes;
  std::array<unsigned, 4> shifts{};
  for (std::size_t c = 0; c < 4; ++c) shifts[c] = shift_of(target[c].place.offset);
  std::array<std::array<std::uint16_t, kAtOnce>, 4> codes{};
  std::array<std::uint32_t, kAtOnce> words;
  for (int first = 0; first < count; first += kAtOnce) {
    const int some = std::min(kAtOnce, count - first);
    for (std::size_t c = 0; c < 4; ++c) {
      find_codes(values[c] + first, type.quantum, type.max / type.quantum, some, codes[c].data());
    }
    join_codes(codes, shifts, words.data());
    std::memcpy(row + std::ptrdiff_t{first} * 4, words.data(), static_cast<std::size_t>(some) * 4);
  }
}

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
    for (std::size_t c = 0; c < 3; ++c) load(source[c], y, in_.sample, count, rows[c]);
    apply(first_, rows, count);
    if (tone_mapper_) {
      tone_mapper_->run(rows[0], rows[1], rows[2], count);
      apply(second_, rows, count);
    }
    if (target[3].data != nullptr && source[3].data != nullptr) {
      load(source[3], y, in_.sample, count, opacity.data());
      for (float& value : opacity) value *= alpha_gain;
    }
    if (has_words) {
      save_packed({rows[0], rows[1], rows[2], opacity.data()}, target, y, out_.sample, count);
      continue;
    }
    for (std::size_t c = 0; c < 3; ++c) save(rows[c], target[c], y, out_.sample, count);
    if (target[3].data != nullptr) save(opacity.data(), target[3], y, out_.sample, count);
  }
}

}  // namespace anim
