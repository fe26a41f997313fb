// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/macroblock.h"

namespace anim::vp8 {

bool has_coefficients(const Macroblock& macroblock, const MacroblockLevels& levels) {
  bool found = false;
  visit_blocks(macroblock, [&](BlockType type, int block) {
    found = found || levels[block].count > first_coefficient(type);
  });
  return found;
}

void pass_without_coefficients(const Macroblock& macroblock, Side& side) {
  side.luma.fill(0);
  side.u.fill(0);
  side.v.fill(0);
  if (!macroblock.has_subblocks) side.luma_dc = 0;
}

void pass_modes(const Macroblock& macroblock, Side& above, Side& left) {
  for (int i = 0; i < 4; ++i) {
    above.modes[i] = macroblock.subblocks[12 + i];
    left.modes[i] = macroblock.subblocks[4 * i + 3];
  }
}

}  // namespace anim::vp8
