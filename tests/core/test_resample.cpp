// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/geometry.h"
#include "gst/core/resample.h"

using anim::Axis;
using anim::AxisEnd;
using anim::Channel;
using anim::Kernel;
using anim::make_axis;
using anim::Resampler;
using anim::ResampleSpec;
using anim::SampleType;
using anim::Size;

namespace {

constexpr Kernel kKernels[] = {Kernel::Nearest, Kernel::Linear, Kernel::Cubic, Kernel::Sinc,
                               Kernel::Lanczos};

/// A picture of one channel that is scaled from the whole of itself.
ResampleSpec plain(Size from, Size to, SampleType in = {}, SampleType out = {}, double gain = 1) {
  ResampleSpec spec;
  spec.in = in;
  spec.out = out;
  spec.gain = gain;
  spec.passes.push_back(
      {.in_plane = 0,
       .vertical = make_axis({from.height, {}}, 0, from.height, {to.height, {}}),
       .channels = {Channel{.in = {},
                            .out = {},
                            .axis = make_axis({from.width, {}}, 0, from.width, {to.width, {}})}}});
  return spec;
}

template <class In, class Out = In>
std::vector<Out> scaled(const std::vector<In>& picture, Size from, Size to, ResampleSpec spec,
                        Kernel kernel, unsigned threads = 1, int samples_a_pixel = 1) {
  std::vector<Out> out(static_cast<std::size_t>(to.area() * samples_a_pixel));
  anim::SourcePlanes source;
  source.data[0] = reinterpret_cast<const std::uint8_t*>(picture.data());
  source.stride[0] = static_cast<std::ptrdiff_t>(sizeof(In)) * from.width * samples_a_pixel;
  anim::TargetPlanes target;
  target.data[0] = reinterpret_cast<std::uint8_t*>(out.data());
  target.stride[0] = static_cast<std::ptrdiff_t>(sizeof(Out)) * to.width * samples_a_pixel;
  Resampler(std::move(spec), kernel, threads).run(source, target);
  return out;
}

/// cos(r^2): every frequency up to half the sampling rate at the edges.
double zone_plate(double x, double y, Size size) {
  const double dx = x - size.width / 2.0;
  const double dy = y - size.height / 2.0;
  return 127.25 + 110 * std::cos((dx * dx + dy * dy) * std::numbers::pi / size.width);
}

std::vector<std::uint8_t> zone_plate(Size size) {
  std::vector<std::uint8_t> out;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      out.push_back(static_cast<std::uint8_t>(std::lround(zone_plate(x + 0.5, y + 0.5, size))));
    }
  }
  return out;
}

/// Lanczos with radius 3 in double precision, straight from the definition.
double lanczos(double x) {
  if (std::abs(x) < 1e-12) return 1;
  if (std::abs(x) >= 3) return 0;
  const double p = std::numbers::pi * x;
  return 3 * std::sin(p) * std::sin(p / 3) / (p * p);
}

std::vector<double> exact_rows(const std::vector<double>& in, int count, int lines, int to) {
  std::vector<double> out(static_cast<std::size_t>(to) * static_cast<std::size_t>(lines));
  const double step = static_cast<double>(count) / to;
  const double scale = std::max(step, 1.0);
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * step - 0.5;
    std::vector<double> sum(static_cast<std::size_t>(lines));
    double total = 0;
    for (int s = static_cast<int>(centre - 3 * scale) - 1; s <= centre + 3 * scale + 1; ++s) {
      const double weight = lanczos((s - centre) / scale);
      total += weight;
      const int from = std::clamp(s, 0, count - 1);
      for (int l = 0; l < lines; ++l) {
        sum[static_cast<std::size_t>(l)] += weight * in[static_cast<std::size_t>(l * count + from)];
      }
    }
    // Written transposed, so that a second call does the other axis.
    for (int l = 0; l < lines; ++l) {
      out[static_cast<std::size_t>(i * lines + l)] = sum[static_cast<std::size_t>(l)] / total;
    }
  }
  return out;
}

double psnr(const std::vector<std::uint8_t>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double error = a[i] - std::clamp(b[i], 0.0, 255.0);
    sum += error * error;
  }
  return 10 * std::log10(255 * 255 * static_cast<double>(a.size()) / sum);
}

}  // namespace

TEST_CASE("a flat picture stays flat at any size, with any kernel") {
  for (const Kernel kernel : kKernels) {
    for (const std::uint8_t level : {0, 1, 127, 255}) {
      for (const Size to : {Size{1, 1}, Size{5, 3}, Size{40, 30}, Size{97, 61}}) {
        const std::vector<std::uint8_t> flat(40 * 30, level);
        const auto out = scaled(flat, {40, 30}, to, plain({40, 30}, to), kernel);
        CHECK(std::all_of(out.begin(), out.end(), [&](auto v) { return v == level; }));
      }
    }
  }
}

TEST_CASE("the same size gives the same picture") {
  const auto picture = zone_plate({61, 47});
  for (const Kernel kernel : kKernels) {
    CHECK(scaled(picture, {61, 47}, {61, 47}, plain({61, 47}, {61, 47}), kernel) == picture);
  }
}

TEST_CASE("less than one level is lost against double precision") {
  constexpr Size kFrom = {256, 256};
  const auto picture = zone_plate(kFrom);
  const std::vector<double> precise(picture.begin(), picture.end());
  for (const Size to : {Size{128, 128}, Size{69, 69}, Size{32, 32}, Size{300, 200}, Size{1, 1}}) {
    const auto out = scaled(picture, kFrom, to, plain(kFrom, to), Kernel::Lanczos);
    const auto rows = exact_rows(precise, kFrom.width, kFrom.height, to.width);
    const auto exact = exact_rows(rows, kFrom.height, to.width, to.height);
    double worst = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      worst = std::max(worst, std::abs(out[i] - std::clamp(exact[i], 0.0, 255.0)));
    }
    CAPTURE(to.width);
    CHECK(worst < 0.75);
    if (out.size() > 1) CHECK(psnr(out, exact) > 57);
  }
}

TEST_CASE("shrinking does not alias, with any kernel") {
  // Stripes far above what the small picture can hold must come out grey.
  constexpr Size kFrom = {800, 40};
  std::vector<std::uint8_t> stripes;
  for (std::int64_t i = 0; i < kFrom.area(); ++i) {
    stripes.push_back(i % kFrom.width / 2 % 2 == 0 ? 20 : 220);
  }
  for (const Kernel kernel : kKernels) {
    for (const int width : {101, 97, 61, 40}) {
      const auto out = scaled(stripes, kFrom, {width, 5}, plain(kFrom, {width, 5}), kernel);
      CAPTURE(static_cast<int>(kernel));
      CAPTURE(width);
      const bool is_box = kernel == Kernel::Nearest;
      const int tolerance = is_box ? 30 : 12;  // an area average lets some through
      for (int x = 3; x < width - 3; ++x)
        CHECK(std::abs(out[static_cast<std::size_t>(x)] - 120) <= tolerance);
    }
  }
}

TEST_CASE("nearest takes the mean of the area when shrinking and repeats when enlarging") {
  const std::vector<std::uint8_t> picture = {10, 20, 30, 40, 50, 60, 70, 80};
  CHECK(scaled(picture, {4, 2}, {2, 1}, plain({4, 2}, {2, 1}), Kernel::Nearest) ==
        std::vector<std::uint8_t>{35, 55});
  CHECK(scaled(picture, {4, 2}, {8, 2}, plain({4, 2}, {8, 2}), Kernel::Nearest) ==
        std::vector<std::uint8_t>{10, 10, 20, 20, 30, 30, 40, 40, 50, 50, 60, 60, 70, 70, 80, 80});
}

TEST_CASE("the number of threads does not change the result") {
  const auto picture = zone_plate({200, 200});
  const auto spec = plain({200, 200}, {131, 157});
  const auto one = scaled(picture, {200, 200}, {131, 157}, spec, Kernel::Lanczos, 1);
  for (const unsigned threads : {0U, 2U, 3U, 7U}) {
    CHECK(scaled(picture, {200, 200}, {131, 157}, spec, Kernel::Lanczos, threads) == one);
  }
}

TEST_CASE("left-sited chroma stays left-sited") {
  // A ramp along x: a chroma sample's value is its position, before and after.
  constexpr int kFrom = 200;
  constexpr int kTo = 50;
  for (const double offset : {0.5, 1.0, 1.5}) {
    std::vector<std::uint8_t> ramp;
    for (int i = 0; i < kFrom / 2; ++i) ramp.push_back(static_cast<std::uint8_t>(i * 2));
    ResampleSpec spec;
    spec.passes.push_back({.vertical = make_axis({1, {}}, 0, 1, {1, {}}),
                           .channels = {Channel{.in = {},
                                                .out = {},
                                                .axis = make_axis({kFrom, {2, 0.5}}, 0, kFrom,
                                                                  {kTo, {2, offset}})}}});
    const auto out = scaled(ramp, {kFrom / 2, 1}, {kTo / 2, 1}, spec, Kernel::Lanczos);
    for (int i = 4; i < kTo / 2 - 4; ++i) {
      const double position = (i * 2 + offset) * kFrom / kTo - 0.5;
      CAPTURE(offset);
      CHECK(std::abs(out[static_cast<std::size_t>(i)] - position) <= 0.51);
    }
  }
}

TEST_CASE("a fractional part of the source lands where it should") {
  std::vector<std::uint8_t> ramp;
  for (int i = 0; i < 250; ++i) ramp.push_back(static_cast<std::uint8_t>(i));
  ResampleSpec spec;
  spec.passes.push_back(
      {.vertical = make_axis({1, {}}, 0, 1, {1, {}}),
       .channels = {
           Channel{.in = {}, .out = {}, .axis = make_axis({250, {}}, 20.25, 100, {40, {}})}}});
  const auto out = scaled(ramp, {250, 1}, {40, 1}, spec, Kernel::Cubic);
  for (int i = 0; i < 40; ++i) {
    CHECK(std::abs(out[static_cast<std::size_t>(i)] - (20.25 + (i + 0.5) * 2.5 - 0.5)) <= 0.51);
  }
}

TEST_CASE("16-bit samples keep their precision and may become 8 bits") {
  std::vector<std::uint16_t> ramp;
  for (int i = 0; i < 1000; ++i) ramp.push_back(static_cast<std::uint16_t>(i));
  const SampleType ten = {.bytes = 2, .max = 1023, .quantum = 1};
  const auto same =
      scaled(ramp, {1000, 1}, {1000, 1}, plain({1000, 1}, {1000, 1}, ten, ten), Kernel::Lanczos);
  CHECK(same == ramp);
  const auto eight = scaled<std::uint16_t, std::uint8_t>(
      ramp, {1000, 1}, {1000, 1}, plain({1000, 1}, {1000, 1}, ten, {}, 0.25), Kernel::Lanczos);
  for (int i = 0; i < 1000; ++i) {
    CHECK(std::abs(eight[static_cast<std::size_t>(i)] - i / 4.0) <= 0.5);
  }
}

TEST_CASE("samples at the top of a word stay there") {
  const SampleType p010 = {.bytes = 2, .max = 1023 << 6, .quantum = 64};
  std::vector<std::uint16_t> ramp;
  for (int i = 0; i < 100; ++i) ramp.push_back(static_cast<std::uint16_t>(i * 10 << 6));
  const auto out =
      scaled(ramp, {100, 1}, {37, 1}, plain({100, 1}, {37, 1}, p010, p010), Kernel::Lanczos);
  for (const std::uint16_t value : out) CHECK(value % 64 == 0);
}

TEST_CASE("invisible colours do not bleed into visible ones") {
  // Opaque blue beside transparent white.
  constexpr Size kFrom = {40, 8};
  std::vector<std::uint8_t> picture;
  for (int i = 0; i < kFrom.area(); ++i) {
    const bool is_visible = i % kFrom.width < 21;
    for (const int v : {is_visible ? 0 : 255, is_visible ? 0 : 255, 255, is_visible ? 255 : 0}) {
      picture.push_back(static_cast<std::uint8_t>(v));
    }
  }
  for (const Size to : {Size{13, 4}, Size{90, 12}}) {
    ResampleSpec spec;
    spec.premultiply = true;
    spec.alpha = {3, 4};
    anim::Pass pass = {.vertical = make_axis({kFrom.height, {}}, 0, kFrom.height, {to.height, {}}),
                       .channels = {}};
    for (int c = 0; c < 4; ++c) {
      pass.channels.push_back({.in = {c, 4},
                               .out_plane = 0,
                               .out = {c, 4},
                               .axis = make_axis({kFrom.width, {}}, 0, kFrom.width, {to.width, {}}),
                               .is_alpha = c == 3});
    }
    spec.passes.push_back(pass);
    const auto out = scaled(picture, kFrom, to, spec, Kernel::Lanczos, 1, 4);
    for (std::size_t i = 0; i < out.size(); i += 4) {
      if (out[i + 3] < 8) continue;
      CHECK(out[i] <= 1);
      CHECK(out[i + 2] >= 254);
    }
    CHECK(out[3] == 255);
    CHECK(out[static_cast<std::size_t>(to.width * 4 - 1)] == 0);
  }
}

TEST_CASE("extreme ratios keep the mean") {
  // What lies outside a picture repeats its edge: give the edges the mean.
  std::vector<std::uint8_t> line;
  for (int i = 0; i < 65535; ++i) line.push_back(static_cast<std::uint8_t>(i % 2 == 0 ? 0 : 200));
  line.front() = 100;
  line.back() = 100;
  for (const Kernel kernel : kKernels) {
    const auto out = scaled(line, {65535, 1}, {1, 1}, plain({65535, 1}, {1, 1}), kernel);
    CHECK(std::abs(out[0] - 100) <= 1);
    const auto column = scaled(line, {1, 65535}, {1, 3}, plain({1, 65535}, {1, 3}), kernel);
    CHECK(std::abs(column[1] - 100) <= 1);
  }
}

TEST_CASE("constants fill what no channel fills") {
  ResampleSpec spec = plain({2, 2}, {2, 2});
  spec.passes[0].channels[0].out = {1, 2};
  spec.constants.push_back({.out_plane = 0, .place = {0, 2}, .columns = 2, .rows = 2, .value = 9});
  const std::vector<std::uint8_t> in = {1, 2, 3, 4};
  std::vector<std::uint8_t> out(8);
  anim::SourcePlanes source;
  source.data[0] = in.data();
  source.stride[0] = 2;
  anim::TargetPlanes target;
  target.data[0] = out.data();
  target.stride[0] = 4;
  Resampler(spec, Kernel::Cubic, 1).run(source, target);
  CHECK(out == std::vector<std::uint8_t>{9, 1, 9, 2, 9, 3, 9, 4});
}
