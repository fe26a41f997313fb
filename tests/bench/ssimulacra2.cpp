// SPDX-License-Identifier: LGPL-2.1-or-later
// The metric as its authors define it (Cloudinary, 2023): Debian 12 packages only its predecessor,
// npm only version 2.0. At six scales, halved in linear light, the channels of XYB are compared by
// an SSIM without its luminance bias and by what edges were lost and added, each as a mean and as a
// norm that weighs the worst; the sum of these 108 errors by trained weights becomes the score.
// Weights and constants: github.com/cloudinary/ssimulacra2, version 2.1, copyright (c) Jon Sneyers,
// Cloudinary, BSD-3-Clause. The code was written from the definition.
#include "tests/bench/ssimulacra2.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <vector>

namespace bench {
namespace {

constexpr int scale_count = 6;
constexpr int smallest_side = 8;
constexpr int errors_per_channel =
    6;  // SSIM, added and lost edges; first the means, then the norms

using Plane = std::vector<float>;

struct Picture {
  int width;
  int height;
  std::array<Plane, 3> planes;
};

// The trained weights, by channel, scale and error.
constexpr std::array<double, 3 * scale_count* errors_per_channel> weights = {
    // X
    0, 0.0007376606707406586, 0, 0, 0.0007793481682867309, 0,  //
    0, 0.0004371155730107379, 0, 1.1041726426657346, 0.00066284834129271,
    0.00015231632783718752,                                                                    //
    0, 0.0016406437456599754, 0, 1.8422455520539298, 11.441172603757666, 0,                    //
    0.0007989109436015163, 0.000176816438078653, 0, 1.8787594979546387, 10.94906990605142, 0,  //
    0.0007289346991508072, 0.9677937080626833, 0, 0.00014003424285435884, 0.9981766977854967,
    0.00031949755934435053,                                    //
    0.0004550992113792063, 0, 0, 0.0013648766163243398, 0, 0,  //
    // Y
    0, 0, 0, 7.466890328078848, 0, 17.445833984131262,                                          //
    0.0006235601634041466, 0, 0, 6.683678146179332, 0.00037724407979611296, 1.027889937768264,  //
    225.20515300849274, 0, 0, 19.213238186143016, 0.0011401524586618361, 0.001237755635509985,  //
    176.39317598450694, 0, 0, 24.43300999870476, 0.28520802612117757, 0.0004485436923833408,    //
    0, 0, 0, 34.77906344483772, 44.835625328877896, 0,                                          //
    0, 0, 0, 0, 0, 0,                                                                           //
    // B - Y
    0, 0.0008680556573291698, 0, 0, 0, 0,                                  //
    0, 0.0005313191874358747, 0, 0.00016533814161379112, 0, 0,             //
    0, 0, 0, 0.0004179171803251336, 0.0017290828234722833, 0,              //
    0.0020827005846636437, 0, 0, 8.826982764996862, 23.19243343998926, 0,  //
    95.1080498811086, 0.9863978034400682, 0.9834382792465353, 0.0012286405048278493,
    171.2667255897307, 0.9807858872435379,                      //
    0, 0, 0, 0.0005130064588990679, 0, 0.00010854057858411537,  //
};

std::array<float, 256> linear_levels() {
  std::array<float, 256> levels{};
  for (std::size_t i = 0; i < levels.size(); i++) {
    const double level = static_cast<double>(i) / 255;
    levels[i] = static_cast<float>(level <= 0.04045 ? level / 12.92
                                                    : std::pow((level + 0.055) / 1.055, 2.4));
  }
  return levels;
}

Picture linear_light(std::span<const std::uint8_t> rgb, int width, int height) {
  static const std::array<float, 256> levels = linear_levels();
  const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  Picture picture{width, height, {Plane(size), Plane(size), Plane(size)}};
  for (std::size_t i = 0; i < size; i++) {
    for (std::size_t c = 0; c < 3; c++) {
      picture.planes[c][i] = levels[rgb[3 * i + c]];
    }
  }
  return picture;
}

/// Means of 2 × 2 pixels; at an odd edge the last row and column count twice.
Picture halved(const Picture& from) {
  const int width = (from.width + 1) / 2;
  const int height = (from.height + 1) / 2;
  const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  Picture to{width, height, {Plane(size), Plane(size), Plane(size)}};
  for (std::size_t c = 0; c < 3; c++) {
    for (int y = 0; y < height; y++) {
      const float* upper = from.planes[c].data() + static_cast<std::ptrdiff_t>(2 * y) * from.width;
      const float* lower = 2 * y + 1 < from.height ? upper + from.width : upper;
      float* row = to.planes[c].data() + static_cast<std::ptrdiff_t>(y) * width;
      for (int x = 0; x < width; x++) {
        const int right = std::min(2 * x + 1, from.width - 1);
        row[x] = (upper[2 * x] + upper[right] + lower[2 * x] + lower[right]) / 4;
      }
    }
  }
  return to;
}

/// JPEG XL's XYB of linear light, moved and stretched to about 0 to 1.
Picture positive_xyb(const Picture& linear) {
  constexpr float bias = 0.0037930732552754493F;
  const float root = std::cbrt(bias);
  Picture xyb = linear;
  for (std::size_t i = 0; i < linear.planes[0].size(); i++) {
    const float r = linear.planes[0][i];
    const float g = linear.planes[1][i];
    const float b = linear.planes[2][i];
    const float l = std::cbrt(0.3F * r + 0.622F * g + 0.078F * b + bias) - root;
    const float m = std::cbrt(0.23F * r + 0.692F * g + 0.078F * b + bias) - root;
    const float s = std::cbrt(0.24342268924547819F * r + 0.20476744424496821F * g +
                              0.5518098665095536F * b + bias) -
                    root;
    const float luma = (l + m) / 2;
    xyb.planes[0][i] = (l - m) / 2 * 14 + 0.42F;
    xyb.planes[1][i] = luma + 0.01F;
    xyb.planes[2][i] = s - luma + 0.55F;
  }
  return xyb;
}

constexpr int reach = 4;  // taps on each side

/// The truncated sum of cosines that the metric takes for a Gaussian of 1.5 pixels.
std::array<float, reach + 1> gaussian() {
  constexpr double sigma = 1.5;
  constexpr double radius = 5;
  std::array<double, 3> omega{};
  std::array<double, 3> p{};
  std::array<double, 3> r{};
  std::array<double, 3> rho{};
  for (std::size_t k = 0; k < 3; k++) {
    omega[k] = static_cast<double>(2 * k + 1) * std::numbers::pi / (2 * radius);
    const double sign = k == 1 ? -1 : 1;
    p[k] = sign / std::tan(omega[k] / 2);
    r[k] = sign * p[k] * p[k] / std::sin(omega[k]);
    rho[k] = std::exp(-sigma * sigma / 2 * omega[k] * omega[k]) / radius;
  }
  const double d13 = p[0] * r[1] - r[0] * p[1];
  const double zeta15 = (p[1] * r[2] - r[1] * p[2]) / d13;
  const double zeta35 = (p[2] * r[0] - r[2] * p[0]) / d13;
  // beta solves p·beta = 1, r·beta = radius² - sigma², zeta·beta = zeta·rho: Cramer's rule.
  const double second = radius * radius - sigma * sigma;
  const double third = zeta15 * rho[0] + zeta35 * rho[1] + rho[2];
  const auto determinant = [](const auto& a, const auto& b, const auto& c) {
    return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
           a[2] * (b[0] * c[1] - b[1] * c[0]);
  };
  const std::array<std::array<double, 3>, 3> columns = {
      {{p[0], r[0], zeta15}, {p[1], r[1], zeta35}, {p[2], r[2], 1}}};
  const std::array<double, 3> right = {1, second, third};
  const double whole = determinant(columns[0], columns[1], columns[2]);
  std::array<float, reach + 1> taps{};
  for (std::size_t k = 0; k < 3; k++) {
    auto replaced = columns;
    replaced[k] = right;
    const double beta = determinant(replaced[0], replaced[1], replaced[2]) / whole;
    for (int n = 0; n <= reach; n++) {
      taps[static_cast<std::size_t>(n)] += static_cast<float>(beta * std::cos(omega[k] * n));
    }
  }
  return taps;
}

/// Blurs both ways; beyond the edges there is nothing.
class Blur {
 public:
  Blur(int width, int height)
      : width_{width},
        height_{height},
        padded_(static_cast<std::size_t>(width) + 2 * reach),
        between_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

  Plane operator()(const Plane& in) {
    across(in);
    Plane out(in.size());
    for (int y = 0; y < height_; y++) {
      float* row = out.data() + at(y);
      for (int n = -reach; n <= reach; n++) {
        if (y + n < 0 || y + n >= height_) {
          continue;
        }
        const float tap = taps_[static_cast<std::size_t>(std::abs(n))];
        const float* from = between_.data() + at(y + n);
        for (int x = 0; x < width_; x++) {
          row[x] += tap * from[x];
        }
      }
    }
    return out;
  }

 private:
  std::ptrdiff_t at(int y) const { return static_cast<std::ptrdiff_t>(y) * width_; }

  void across(const Plane& in) {
    for (int y = 0; y < height_; y++) {
      std::copy_n(in.data() + at(y), width_, padded_.data() + reach);
      const float* from = padded_.data() + reach;
      float* row = between_.data() + at(y);
      for (int x = 0; x < width_; x++) {
        row[x] = taps_[0] * from[x] + taps_[1] * (from[x - 1] + from[x + 1]) +
                 taps_[2] * (from[x - 2] + from[x + 2]) + taps_[3] * (from[x - 3] + from[x + 3]) +
                 taps_[4] * (from[x - 4] + from[x + 4]);
      }
    }
  }

  int width_;
  int height_;
  Plane padded_;
  Plane between_;
  const std::array<float, reach + 1> taps_ = gaussian();
};

Plane product(const Plane& a, const Plane& b) {
  Plane out(a.size());
  std::transform(a.begin(), a.end(), b.begin(), out.begin(), std::multiplies<>{});
  return out;
}

/// An error's mean over the pixels, and its fourth norm.
struct Norms {
  double sum = 0;
  double fourth = 0;

  void add(double error) {
    const double square = error * error;
    sum += error;
    fourth += square * square;
  }
  double mean(std::size_t count) const { return sum / static_cast<double>(count); }
  double norm(std::size_t count) const { return std::pow(mean_fourth(count), 0.25); }

 private:
  double mean_fourth(std::size_t count) const { return fourth / static_cast<double>(count); }
};

std::array<double, errors_per_channel> channel_errors(const Plane& a, const Plane& b, Blur& blur) {
  constexpr float floor = 0.0009F;  // keeps flat parts from counting noise
  const Plane mean_a = blur(a);
  const Plane mean_b = blur(b);
  const Plane square_a = blur(product(a, a));
  const Plane square_b = blur(product(b, b));
  const Plane both = blur(product(a, b));
  Norms similarity;
  Norms added;
  Norms lost;
  for (std::size_t i = 0; i < a.size(); i++) {
    const float apart = mean_a[i] - mean_b[i];
    const float shared = 2 * (both[i] - mean_a[i] * mean_b[i]) + floor;
    const float spread =
        (square_a[i] - mean_a[i] * mean_a[i]) + (square_b[i] - mean_b[i] * mean_b[i]) + floor;
    const double error = 1.0 - static_cast<double>((1 - apart * apart) * shared / spread);
    similarity.add(std::max(error, 0.0));
    const double edge = (1.0 + static_cast<double>(std::abs(b[i] - mean_b[i]))) /
                            (1.0 + static_cast<double>(std::abs(a[i] - mean_a[i]))) -
                        1.0;
    added.add(std::max(edge, 0.0));
    lost.add(std::max(-edge, 0.0));
  }
  const std::size_t n = a.size();
  return {similarity.mean(n), added.mean(n), lost.mean(n),
          similarity.norm(n), added.norm(n), lost.norm(n)};
}

double score(double error) {
  const double e = error * 0.9562382616834844;
  const double bent =
      2.326765642916932 * e - 0.020884521182843837 * e * e + 6.248496625763138e-05 * e * e * e;
  return bent > 0 ? 100 - 10 * std::pow(bent, 0.6276336467831387) : 100;
}

}  // namespace

double ssimulacra2(std::span<const std::uint8_t> original, std::span<const std::uint8_t> distorted,
                   int width, int height) {
  Picture a = linear_light(original, width, height);
  Picture b = linear_light(distorted, width, height);
  std::array<std::vector<double>, 3> errors;  // by channel, over the scales
  for (int scale = 0; scale < scale_count; scale++) {
    if (a.width < smallest_side || a.height < smallest_side) {
      break;
    }
    if (scale > 0) {
      a = halved(a);
      b = halved(b);
    }
    Blur blur(a.width, a.height);
    const Picture xyb_a = positive_xyb(a);
    const Picture xyb_b = positive_xyb(b);
    for (std::size_t c = 0; c < 3; c++) {
      const auto found = channel_errors(xyb_a.planes[c], xyb_b.planes[c], blur);
      errors[c].insert(errors[c].end(), found.begin(), found.end());
    }
  }
  double sum = 0;
  std::size_t weight = 0;
  for (const std::vector<double>& channel : errors) {
    for (const double error : channel) {
      sum += weights.at(weight++) * error;
    }
  }
  return score(sum);
}

}  // namespace bench
