// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/quantizer.h"

#include <algorithm>
#include <cstdlib>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace anim::vp8 {
namespace {

// Less than a half where a level costs more bits than it is worth to the eye. Found by trial with
// SSIMULACRA2, butteraugli, SSIM and PSNR on real clips, as were the differences of the indices.
constexpr Rounding kLumaRounding = {130, 90};
constexpr Rounding kLumaDcRounding = {106, 118};
constexpr Rounding kChromaRounding = {127, 122};

int dc_step(int index) {
  return kDcSteps.at(std::clamp(index, 0, kMaxIndex));
}
int ac_step(int index) {
  return kAcSteps.at(std::clamp(index, 0, kMaxIndex));
}

}  // namespace

Quantizer::Quantizer(int dc_step, int ac_step, Rounding rounding) {
  for (int i = 0; i < 16; ++i) {
    const int step = i == 0 ? dc_step : ac_step;
    step_[i] = static_cast<std::uint16_t>(step);
    reciprocal_[i] = static_cast<std::uint16_t>(65536 / step);
    rounding_[i] = static_cast<std::uint16_t>(step * (i == 0 ? rounding.dc : rounding.ac) / 256);
  }
}

void Quantizer::quantize(BlockType type, Coefficients& coefficients, Levels& levels) const {
  const std::int16_t dc = coefficients.at[0];
  const bool keeps_dc = type == BlockType::LumaWithoutDc;
  if (keeps_dc) coefficients.at[0] = 0;
  alignas(16) std::array<std::int16_t, 16> raster;
#if defined(__SSE2__)
  const auto load = [](const void* from, int i) {
    return _mm_load_si128(static_cast<const __m128i*>(from) + i);
  };
  int is_set = 0;
  for (int i = 0; i < 2; ++i) {
    const __m128i value = load(coefficients.at.data(), i);
    const __m128i sign = _mm_srai_epi16(value, 15);
    const __m128i magnitude = _mm_sub_epi16(_mm_xor_si128(value, sign), sign);
    const __m128i rounded = _mm_add_epi16(magnitude, load(rounding_.data(), i));
    const __m128i most = _mm_set1_epi16(kMaxLevel);
    const __m128i level =
        _mm_min_epi16(_mm_mulhi_epu16(rounded, load(reciprocal_.data(), i)), most);
    const __m128i with_sign = _mm_sub_epi16(_mm_xor_si128(level, sign), sign);
    _mm_store_si128(reinterpret_cast<__m128i*>(raster.data()) + i, with_sign);
    _mm_store_si128(reinterpret_cast<__m128i*>(coefficients.at.data()) + i,
                    _mm_mullo_epi16(with_sign, load(step_.data(), i)));
    const __m128i zero = _mm_cmpeq_epi16(level, _mm_setzero_si128());
    is_set |= (_mm_movemask_epi8(zero) ^ 0xFFFF) << (16 * i);
  }
  const bool is_zero = is_set == 0;
#else
  bool is_zero = true;
  for (int i = 0; i < 16; ++i) {
    const int value = coefficients.at[i];
    const int level =
        std::min(((std::abs(value) + rounding_[i]) * reciprocal_[i]) >> 16, kMaxLevel);
    raster[i] = static_cast<std::int16_t>(value < 0 ? -level : level);
    coefficients.at[i] = static_cast<std::int16_t>(raster[i] * step_[i]);
    is_zero = is_zero && level == 0;
  }
#endif
  if (keeps_dc) coefficients.at[0] = dc;
  levels.count = 0;
  if (is_zero) return;
  for (int place = 0; place < 16; ++place) levels.at[place] = raster[kZigzag[place]];
  levels.count = 16;
  while (levels.at[levels.count - 1] == 0) --levels.count;
}

SegmentQuantizers quantizers_at(int index) {
  constexpr int kMaxChromaDc = 132;  // a limit of the format
  constexpr int kMinLumaDcAc = 8;    // likewise
  const auto [y1_dc, y2_dc, y2_ac, uv_dc, uv_ac] = kIndexDeltas;
  const int luma_dc_ac = std::max(ac_step(index + y2_ac) * 155 / 100, kMinLumaDcAc);
  const int chroma_dc = std::min(dc_step(index + uv_dc), kMaxChromaDc);
  return {.luma = Quantizer(dc_step(index + y1_dc), ac_step(index), kLumaRounding),
          .luma_dc = Quantizer(2 * dc_step(index + y2_dc), luma_dc_ac, kLumaDcRounding),
          .chroma = Quantizer(chroma_dc, ac_step(index + uv_ac), kChromaRounding)};
}

}  // namespace anim::vp8
