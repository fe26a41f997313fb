// SPDX-License-Identifier: LGPL-2.1-or-later
// The functions of transform_scalar.h with what every x86-64 has. The results are the same.
#pragma once

#include <cstring>

#include <emmintrin.h>

#include "gst/core/vp8/transform_scalar.h"

namespace anim::vp8::sse2 {

/// Rows of four 16-bit values, two to a register.
struct Rows {
  __m128i first;   // rows 0 and 1
  __m128i second;  // rows 2 and 3
};

inline __m128i load4(const std::uint8_t* from) {
  int word = 0;
  std::memcpy(&word, from, sizeof word);
  return _mm_cvtsi32_si128(word);
}

inline Rows load(Samples samples) {
  const __m128i zero = _mm_setzero_si128();
  const auto row = [&](int y) { return load4(samples.data + y * samples.stride); };
  const __m128i upper = _mm_unpacklo_epi32(row(0), row(1));
  const __m128i lower = _mm_unpacklo_epi32(row(2), row(3));
  return {_mm_unpacklo_epi8(upper, zero), _mm_unpacklo_epi8(lower, zero)};
}

inline Rows difference(Samples a, Samples b) {
  const Rows x = load(a);
  const Rows y = load(b);
  return {_mm_sub_epi16(x.first, y.first), _mm_sub_epi16(x.second, y.second)};
}

inline Rows transposed(Rows rows) {
  // 00 01 02 03 10 11 12 13 | 20 21 22 23 30 31 32 33
  const __m128i low = _mm_unpacklo_epi16(rows.first, rows.second);   // 00 20 01 21 02 22 03 23
  const __m128i high = _mm_unpackhi_epi16(rows.first, rows.second);  // 10 30 11 31 12 32 13 33
  return {_mm_unpacklo_epi16(low, high), _mm_unpackhi_epi16(low, high)};
}

inline __m128i swapped_halves(__m128i value) {
  return _mm_shuffle_epi32(value, _MM_SHUFFLE(1, 0, 3, 2));
}

/// One dimension of the inverse transform, down the columns.
inline Rows inverse_columns(Rows rows) {
  // row 0 +- row 2 in the halves of one register.
  const __m128i even = _mm_unpacklo_epi64(rows.first, rows.second);  // 0, 2
  const __m128i odd = _mm_unpackhi_epi64(rows.first, rows.second);   // 1, 3
  const __m128i even_swapped = swapped_halves(even);                 // 2, 0
  const __m128i a = _mm_add_epi16(even, even_swapped);               // low half: row 0 + row 2
  const __m128i b = _mm_sub_epi16(even, even_swapped);               // low half: row 0 - row 2
  const __m128i cosine = _mm_add_epi16(_mm_mulhi_epi16(odd, _mm_set1_epi16(kInverseCosine)), odd);
  const __m128i sine = _mm_add_epi16(
      _mm_mulhi_epi16(odd, _mm_set1_epi16(static_cast<short>(kInverseSine - 65536))), odd);
  // c = sine(row 1) - cosine(row 3), d = cosine(row 1) + sine(row 3), in the low halves.
  const __m128i c = _mm_sub_epi16(sine, swapped_halves(cosine));
  const __m128i d = _mm_add_epi16(cosine, swapped_halves(sine));
  return {_mm_unpacklo_epi64(_mm_add_epi16(a, d), _mm_add_epi16(b, c)),
          _mm_unpacklo_epi64(_mm_sub_epi16(b, c), _mm_sub_epi16(a, d))};
}

inline void forward_dct(Samples source, Samples prediction, Coefficients& out) {
  // Across the rows: down the columns of the transposed block.
  const auto pass = [](Rows rows, int even_weight, int even_round, int even_shift, int odd_shift) {
    const __m128i reversed = swapped_halves(rows.second);
    const __m128i sum = _mm_add_epi16(rows.first, reversed);   // 0 + 3, 1 + 2
    const __m128i diff = _mm_sub_epi16(rows.first, reversed);  // 0 - 3, 1 - 2
    const __m128i sums = _mm_unpacklo_epi16(sum, swapped_halves(sum));
    const __m128i diffs = _mm_unpacklo_epi16(diff, swapped_halves(diff));
    const auto madd = [](__m128i pairs, int first, int second, int round, int shift) {
      const __m128i weights = _mm_set1_epi32((first & 0xFFFF) | (second * 0x10000));
      const __m128i product = _mm_madd_epi16(pairs, weights);
      return _mm_srai_epi32(_mm_add_epi32(product, _mm_set1_epi32(round)), shift);
    };
    const int odd_round = 1 << (odd_shift - 1);
    const __m128i out0 = madd(sums, even_weight, even_weight, even_round, even_shift);
    const __m128i out1 = madd(diffs, kCosine, kSine, odd_round, odd_shift);
    const __m128i out2 = madd(sums, even_weight, -even_weight, even_round, even_shift);
    const __m128i out3 = madd(diffs, kSine, -kCosine, odd_round, odd_shift);
    return Rows{_mm_packs_epi32(out0, out1), _mm_packs_epi32(out2, out3)};
  };
  const Rows across = pass(transposed(difference(source, prediction)), 8, 0, 0, 9);
  const Rows down = pass(transposed(across), 1, 8, 4, 16);
  auto* to = reinterpret_cast<__m128i*>(out.at.data());
  _mm_store_si128(to, down.first);
  _mm_store_si128(to + 1, down.second);
}

inline void inverse_dct(const Coefficients& coefficients, Samples prediction, WritableSamples out) {
  const auto* from = reinterpret_cast<const __m128i*>(coefficients.at.data());
  const Rows down = inverse_columns({_mm_load_si128(from), _mm_load_si128(from + 1)});
  const Rows across = transposed(inverse_columns(transposed(down)));
  const __m128i four = _mm_set1_epi16(4);
  const Rows predicted = load(prediction);
  const auto sum = [&](__m128i value, __m128i base) {
    return _mm_add_epi16(base, _mm_srai_epi16(_mm_add_epi16(value, four), 3));
  };
  const __m128i bytes =
      _mm_packus_epi16(sum(across.first, predicted.first), sum(across.second, predicted.second));
  alignas(16) std::uint8_t packed[16];
  _mm_store_si128(reinterpret_cast<__m128i*>(packed), bytes);
  for (int y = 0; y < 4; ++y) std::memcpy(out.data + y * out.stride, packed + 4 * y, 4);
}

inline int hadamard_sum(Rows block) {
  const auto butterfly = [](Rows rows) {
    const __m128i sum = _mm_add_epi16(rows.first, rows.second);   // 0 + 2, 1 + 3
    const __m128i diff = _mm_sub_epi16(rows.first, rows.second);  // 0 - 2, 1 - 3
    const __m128i even = _mm_unpacklo_epi64(sum, diff);
    const __m128i odd = _mm_unpackhi_epi64(sum, diff);
    return Rows{_mm_add_epi16(even, odd), _mm_sub_epi16(even, odd)};
  };
  const Rows down = transposed(butterfly(block));
  // |x + y| + |x - y| = 2 max(|x|, |y|): the last butterfly is not made.
  const __m128i sum = _mm_add_epi16(down.first, down.second);
  const __m128i diff = _mm_sub_epi16(down.first, down.second);
  const auto magnitude = [](__m128i v) {
    return _mm_max_epi16(v, _mm_sub_epi16(_mm_setzero_si128(), v));
  };
  const __m128i most = _mm_max_epi16(magnitude(_mm_unpacklo_epi64(sum, diff)),
                                     magnitude(_mm_unpackhi_epi64(sum, diff)));
  const __m128i pairs = _mm_madd_epi16(most, _mm_set1_epi16(1));
  const __m128i halves = _mm_add_epi32(pairs, swapped_halves(pairs));
  return _mm_cvtsi128_si32(
      _mm_add_epi32(halves, _mm_shuffle_epi32(halves, _MM_SHUFFLE(2, 3, 0, 1))));
}

inline int hadamard_difference(Samples a, Samples b) {
  return hadamard_sum(difference(a, b));
}

inline void hadamard_differences(Samples source, std::span<const PackedBlock> blocks,
                                 std::span<int> out) {
  const __m128i zero = _mm_setzero_si128();
  const Rows rows = load(source);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const __m128i block = _mm_load_si128(reinterpret_cast<const __m128i*>(blocks[i].data()));
    out[i] = hadamard_sum({_mm_sub_epi16(rows.first, _mm_unpacklo_epi8(block, zero)),
                           _mm_sub_epi16(rows.second, _mm_unpackhi_epi8(block, zero))});
  }
}

inline int squared_difference(Samples a, Samples b) {
  const Rows rows = difference(a, b);
  const __m128i sum = _mm_add_epi32(_mm_madd_epi16(rows.first, rows.first),
                                    _mm_madd_epi16(rows.second, rows.second));
  const __m128i halves = _mm_add_epi32(sum, swapped_halves(sum));
  return _mm_cvtsi128_si32(
      _mm_add_epi32(halves, _mm_shuffle_epi32(halves, _MM_SHUFFLE(2, 3, 0, 1))));
}

inline bool quantize_coefficients(const QuantizerSteps& steps, int most, Coefficients& coefficients,
                                  Coefficients& levels) {
  int is_set = 0;
  for (int half = 0; half < 2; ++half) {
    const auto load_half = [half](const void* from) {
      return _mm_load_si128(static_cast<const __m128i*>(from) + half);
    };
    const auto store_half = [half](__m128i value, Coefficients& to) {
      _mm_store_si128(reinterpret_cast<__m128i*>(to.at.data()) + half, value);
    };
    const __m128i value = load_half(coefficients.at.data());
    const __m128i sign = _mm_srai_epi16(value, 15);
    const __m128i magnitude = _mm_sub_epi16(_mm_xor_si128(value, sign), sign);
    const __m128i rounded = _mm_add_epi16(magnitude, load_half(steps.rounding.data()));
    const __m128i quotient = _mm_mulhi_epu16(rounded, load_half(steps.reciprocal.data()));
    const __m128i level = _mm_min_epi16(quotient, _mm_set1_epi16(static_cast<short>(most)));
    const __m128i with_sign = _mm_sub_epi16(_mm_xor_si128(level, sign), sign);
    store_half(with_sign, levels);
    store_half(_mm_mullo_epi16(with_sign, load_half(steps.step.data())), coefficients);
    is_set |= _mm_movemask_epi8(_mm_cmpeq_epi16(level, _mm_setzero_si128())) ^ 0xFFFF;
  }
  return is_set != 0;
}

}  // namespace anim::vp8::sse2
