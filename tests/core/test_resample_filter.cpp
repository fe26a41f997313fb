// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/resample_filter.h"

using anim::Axis;
using anim::Filter;
using anim::Kernel;
using anim::make_axis;

namespace {

constexpr Kernel kKernels[] = {Kernel::Nearest, Kernel::Linear, Kernel::Cubic, Kernel::Sinc,
                               Kernel::Lanczos};

}  // namespace

TEST_CASE("weights add up to one, in integers exactly") {
  for (const Kernel kernel : kKernels) {
    for (const int to : {1, 3, 7, 50, 100, 333}) {
      const Filter filter(kernel, make_axis({100, {}}, 0, 100, {to, {}}));
      for (int i = 0; i < to; ++i) {
        float real = 0;
        int fixed = 0;
        for (int t = 0; t < filter.taps(); ++t) real += filter.real(i)[t];
        CHECK(real == doctest::Approx(1));
        if (!filter.has_fixed()) continue;
        for (int t = 0; t < filter.taps(); ++t) fixed += filter.fixed(i)[t];
        CHECK(fixed == 1 << Filter::kFixedBits);
      }
    }
  }
}

TEST_CASE("a filter reaches as far as its kernel, wider when the picture shrinks") {
  struct Row {
    Kernel kernel;
    int same;     ///< weights that count at the same size, half a sample aside
    int quarter;  ///< and at a quarter
  };
  for (const Row& row : {Row{Kernel::Linear, 2, 8}, Row{Kernel::Cubic, 4, 16},
                         Row{Kernel::Lanczos, 6, 24}, Row{Kernel::Sinc, 10, 40}}) {
    const Filter same(row.kernel, Axis{.in_count = 100, .out_count = 50, .start = 0.5, .step = 1});
    const Filter quarter(row.kernel, make_axis({400, {}}, 0, 400, {100, {}}));
    CHECK(same.used_taps() == row.same);
    CHECK(quarter.used_taps() <= row.quarter);
    CHECK(quarter.used_taps() > row.quarter - 3);
  }
}

TEST_CASE("left-sited chroma starts a quarter of its sample before the middle") {
  const Axis axis = make_axis({16, {2, 0.5}}, 0, 16, {8, {2, 0.5}});
  CHECK(axis.in_count == 8);
  CHECK(axis.out_count == 4);
  CHECK(axis.step == doctest::Approx(2));
  CHECK(axis.start == doctest::Approx(0.25));
}
