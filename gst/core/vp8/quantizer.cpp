// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/quantizer.h"

#include <algorithm>

#include "gst/core/vp8/transform.h"

namespace anim::vp8 {
namespace {

// Less than a half where a level costs more bits than it is worth to the eye. Found by trial with
// SSIMULACRA2, PSNR and the error of the worst blocks on real clips, as were the differences of the
// indices.
constexpr Rounding kLumaRounding = {130, 104};
constexpr Rounding kLumaDcRounding = {112, 118};
constexpr Rounding kChromaRounding = {127, 80};
constexpr int kRoundingFall = 4;     // for each step towards finer detail
constexpr int kMiddleFrequency = 3;  // of 0 to 6, both directions together

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
    const int fall = kRoundingFall * (i % 4 + i / 4 - kMiddleFrequency);
    const int part = i == 0 ? rounding.dc : std::max(rounding.ac - fall, 0);
    steps_.step[i] = static_cast<std::uint16_t>(step);
    steps_.reciprocal[i] = static_cast<std::uint16_t>(65536 / step);
    steps_.rounding[i] = static_cast<std::uint16_t>(step * part / 256);
  }
}

void Quantizer::quantize(BlockType type, Coefficients& coefficients, Levels& levels) const {
  const std::int16_t dc = coefficients.at[0];
  const bool keeps_dc = type == BlockType::LumaWithoutDc;
  if (keeps_dc) coefficients.at[0] = 0;
  Coefficients raster;
  const bool is_zero = !quantize_coefficients(steps_, kMaxLevel, coefficients, raster);
  if (keeps_dc) coefficients.at[0] = dc;
  levels.count = 0;
  if (is_zero) return;
  for (int place = 0; place < 16; ++place) levels.at[place] = raster.at[kZigzag[place]];
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
