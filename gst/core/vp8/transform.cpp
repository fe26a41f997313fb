// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/transform.h"

namespace anim::vp8 {

void forward_wht(const Coefficients& dcs, Coefficients& out) {
  std::array<int, 16> rows{};
  for (int y = 0; y < 4; ++y) {
    const auto* d = dcs.at.data() + static_cast<std::ptrdiff_t>(4 * y);
    const int s02 = d[0] + d[2];
    const int s13 = d[1] + d[3];
    const int d13 = d[1] - d[3];
    const int d02 = d[0] - d[2];
    rows[4 * y] = s02 + s13;
    rows[4 * y + 1] = d02 + d13;
    rows[4 * y + 2] = d02 - d13;
    rows[4 * y + 3] = s02 - s13;
  }
  for (int x = 0; x < 4; ++x) {
    const int s02 = rows[x] + rows[8 + x];
    const int s13 = rows[4 + x] + rows[12 + x];
    const int d13 = rows[4 + x] - rows[12 + x];
    const int d02 = rows[x] - rows[8 + x];
    out.at[x] = static_cast<std::int16_t>((s02 + s13) >> 1);
    out.at[4 + x] = static_cast<std::int16_t>((d02 + d13) >> 1);
    out.at[8 + x] = static_cast<std::int16_t>((d02 - d13) >> 1);
    out.at[12 + x] = static_cast<std::int16_t>((s02 - s13) >> 1);
  }
}

void inverse_wht(const Coefficients& coefficients, Coefficients& dcs) {
  std::array<int, 16> down{};
  for (int x = 0; x < 4; ++x) {
    const auto* c = coefficients.at.data() + x;
    const int a = c[0] + c[12];
    const int b = c[4] + c[8];
    const int e = c[4] - c[8];
    const int d = c[0] - c[12];
    down[x] = a + b;
    down[4 + x] = e + d;
    down[8 + x] = a - b;
    down[12 + x] = d - e;
  }
  for (int y = 0; y < 4; ++y) {
    const int* c = down.data() + static_cast<std::ptrdiff_t>(4 * y);
    const int a = c[0] + c[3] + 3;
    const int b = c[1] + c[2];
    const int e = c[1] - c[2];
    const int d = c[0] - c[3] + 3;
    dcs.at[4 * y] = static_cast<std::int16_t>((a + b) >> 3);
    dcs.at[4 * y + 1] = static_cast<std::int16_t>((e + d) >> 3);
    dcs.at[4 * y + 2] = static_cast<std::int16_t>((a - b) >> 3);
    dcs.at[4 * y + 3] = static_cast<std::int16_t>((d - e) >> 3);
  }
}

}  // namespace anim::vp8
