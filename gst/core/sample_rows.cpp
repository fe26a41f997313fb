// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/sample_rows.h"

#include <algorithm>
#include <cassert>
#include <cstring>

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

}  // namespace

void load_row(const ColourChannel<const std::uint8_t>& channel, int y, const SampleType& type,
              int count, float* out) {
  const std::uint8_t* row = channel.data + y * channel.row_bytes;
  if (type.bytes == 1) {
    load_samples<std::uint8_t>(row, channel.place, count, out);
  } else {
    load_samples<std::uint16_t>(row, channel.place, count, out);
  }
}

void save_row(const float* values, const ColourChannel<std::uint8_t>& channel, int y,
              const SampleType& type, int count) {
  std::uint8_t* row = channel.data + y * channel.row_bytes;
  if (type.bytes == 1) {
    save_samples<std::uint8_t>(values, type, channel.place, count, row);
  } else {
    save_samples<std::uint16_t>(values, type, channel.place, count, row);
  }
}

bool is_packed(const ColourPicture<std::uint8_t>& target, const SampleType& type) {
  return type.bytes == 1 && std::all_of(target.begin(), target.end(), [&](const auto& channel) {
           return channel.data == target[0].data && channel.place.stride == 4;
         });
}

void save_packed_row(const std::array<const float*, 4>& values,
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

}  // namespace anim
