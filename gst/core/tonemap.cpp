// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/tonemap.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace anim {
namespace {

constexpr int kSignalSteps = 65535;
constexpr int kCurveSteps = 4096;
constexpr double kReferenceWhite = 100;  // cd/m2
constexpr double kHlgPeak = 1000;        // cd/m2, of BT.2100's nominal display

/// SMPTE ST 2084: signal to light, 1 = 10000 cd/m2.
double pq_eotf(double signal) {
  constexpr double kM1 = 0.1593017578125;
  constexpr double kM2 = 78.84375;
  constexpr double kC1 = 0.8359375;
  constexpr double kC2 = 18.8515625;
  constexpr double kC3 = 18.6875;
  const double power = std::pow(signal, 1 / kM2);
  return std::pow(std::max(power - kC1, 0.0) / (kC2 - kC3 * power), 1 / kM1);
}

/// ITU-R BT.2100 HLG: signal to scene light in [0, 1].
double hlg_inverse_oetf(double signal) {
  constexpr double kA = 0.17883277;
  constexpr double kB = 0.28466892;
  constexpr double kC = 0.55991073;
  if (signal <= 0.5) return signal * signal / 3;
  return (std::exp((signal - kC) / kA) + kB) / 12;
}

float hable(float light) {
  constexpr float kShoulder = 0.15F;
  constexpr float kLinear = 0.50F;
  constexpr float kAngle = 0.10F;
  constexpr float kToe = 0.20F;
  constexpr float kNumerator = 0.02F;
  constexpr float kDenominator = 0.30F;
  return (light * (light * kShoulder + kLinear * kAngle) + kToe * kNumerator) /
             (light * (light * kShoulder + kLinear) + kToe * kDenominator) -
         kNumerator / kDenominator;
}

template <class Function>
std::vector<float> tabulated(int steps, Function function) {
  std::vector<float> table;
  table.reserve(static_cast<std::size_t>(steps) + 2);
  for (int i = 0; i <= steps; ++i) {
    table.push_back(static_cast<float>(function(static_cast<double>(i) / steps)));
  }
  table.push_back(table.back());  // the upper neighbour of the last entry
  return table;
}

/// Between the entries of a table over [0, 1].
float interpolated(const std::vector<float>& table, float x) {
  const float at = std::clamp(x, 0.0F, 1.0F) * kCurveSteps;
  const auto index = static_cast<std::size_t>(at);
  const float part = at - static_cast<float>(index);
  return table[index] + part * (table[index + 1] - table[index]);
}

/// BT.2020 to BT.709 in linear light.
void to_bt709(float* rgb) {
  const float r = rgb[0];
  const float g = rgb[1];
  const float b = rgb[2];
  rgb[0] = 1.660491F * r - 0.587641F * g - 0.072850F * b;
  rgb[1] = -0.124550F * r + 1.132900F * g - 0.008349F * b;
  rgb[2] = -0.018151F * r - 0.100579F * g + 1.118730F * b;
}

}  // namespace

double signal_peak(double max_content_light, double mastering_peak) {
  if (max_content_light > 0) return max_content_light / kReferenceWhite;
  if (mastering_peak > 0) return mastering_peak / kReferenceWhite;
  return kHlgPeak / kReferenceWhite;
}

ToneMapper::ToneMapper(HdrTransfer transfer, double peak)
    : transfer_(transfer), white_(hable(static_cast<float>(peak))) {
  if (transfer == HdrTransfer::Pq) {
    linear_ = tabulated(kSignalSteps, [](double x) { return pq_eotf(x) * 1e4 / kReferenceWhite; });
  } else {
    linear_ = tabulated(kSignalSteps, hlg_inverse_oetf);
    power_ = tabulated(kCurveSteps, [](double x) { return std::pow(x, 4 * 0.2); });
  }
  signal_ = tabulated(kCurveSteps, [](double x) { return std::pow(x, 2 / 2.4); });
}

void ToneMapper::linearise(float* rgb) const {
  for (int c = 0; c < 3; ++c) {
    const float signal = std::clamp(rgb[c], 0.0F, 1.0F);
    rgb[c] = linear_[static_cast<std::size_t>(std::lrint(signal * kSignalSteps))];
  }
  if (transfer_ == HdrTransfer::Pq) return;
  const float luma = 0.2627F * rgb[0] + 0.6780F * rgb[1] + 0.0593F * rgb[2];
  const float gain = interpolated(power_, std::sqrt(std::sqrt(luma))) *
                     static_cast<float>(kHlgPeak / kReferenceWhite);
  for (int c = 0; c < 3; ++c) rgb[c] *= gain;
}

void ToneMapper::compress(float* rgb) const {
  const float brightest = std::max({rgb[0], rgb[1], rgb[2], 1e-6F});
  const float scale = hable(brightest) / white_ / brightest;
  for (int c = 0; c < 3; ++c) {
    rgb[c] = interpolated(signal_, std::sqrt(std::max(rgb[c] * scale, 0.0F)));
  }
}

void ToneMapper::run(float* red, float* green, float* blue, int count) const {
  for (int i = 0; i < count; ++i) {
    std::array<float, 3> rgb = {red[i], green[i], blue[i]};
    linearise(rgb.data());
    to_bt709(rgb.data());
    compress(rgb.data());
    red[i] = rgb[0];
    green[i] = rgb[1];
    blue[i] = rgb[2];
  }
}

}  // namespace anim
