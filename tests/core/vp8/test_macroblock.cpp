// SPDX-License-Identifier: LGPL-2.1-or-later
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/vp8/macroblock.h"

using anim::vp8::BlockType;
using anim::vp8::Macroblock;
using anim::vp8::MacroblockLevels;
using anim::vp8::Side;

namespace {

struct Visited {
  BlockType type;
  int block;
  int context;
};

std::vector<Visited> visited(const Macroblock& macroblock, const MacroblockLevels& levels,
                             Side& above, Side& left) {
  std::vector<Visited> all;
  visit_blocks_in_context(macroblock, levels, above, left,
                          [&](BlockType type, int block, int context) {
                            all.push_back({type, block, context});
                          });
  return all;
}

}  // namespace

TEST_CASE("whole luma has its DCs first") {
  MacroblockLevels levels;
  levels[0].count = 1;  // a DC that is not its own
  levels[5].count = 3;
  levels[anim::vp8::kLumaDcBlock].count = 1;
  Side above;
  Side left;
  left.luma_dc = 1;
  const auto all = visited(Macroblock{}, levels, above, left);
  REQUIRE(all.size() == 25);
  CHECK(all[0].type == BlockType::LumaDc);
  CHECK(all[0].context == 1);
  CHECK(all[1].type == BlockType::LumaWithoutDc);
  CHECK(all[1 + 1].context == 0);
  CHECK(all[1 + 6].context == 1);  // to the right of block 5
  CHECK(all[1 + 9].context == 1);  // below it
  CHECK(all[17].type == BlockType::Chroma);
  CHECK(above.luma_dc == 1);
  CHECK(above.luma[1] == 0);
}

TEST_CASE("divided luma leaves the context of the DCs alone") {
  MacroblockLevels levels;
  levels[15].count = 1;
  Macroblock macroblock;
  macroblock.has_subblocks = true;
  Side above;
  Side left;
  above.luma_dc = 1;
  const auto all = visited(macroblock, levels, above, left);
  REQUIRE(all.size() == 24);
  CHECK(all[0].type == BlockType::Luma);
  CHECK(above.luma_dc == 1);
  CHECK(above.luma[3] == 1);
  CHECK(left.luma[3] == 1);
  pass_without_coefficients(macroblock, above);
  CHECK(above.luma_dc == 1);
  CHECK(above.luma[3] == 0);
  macroblock.has_subblocks = false;
  pass_without_coefficients(macroblock, above);
  CHECK(above.luma_dc == 0);
}

TEST_CASE("coefficients that are not written do not count") {
  MacroblockLevels levels;
  Macroblock macroblock;
  CHECK_FALSE(has_coefficients(macroblock, levels));
  levels[3].count = 1;
  CHECK_FALSE(has_coefficients(macroblock, levels));
  macroblock.has_subblocks = true;
  CHECK(has_coefficients(macroblock, levels));
  levels[3].count = 0;
  levels[anim::vp8::kLumaDcBlock].count = 2;
  CHECK_FALSE(has_coefficients(macroblock, levels));
}

TEST_CASE("modes along the bottom and the right are passed on") {
  Macroblock macroblock;
  for (int i = 0; i < 16; ++i) {
    macroblock.subblocks[i] = static_cast<anim::vp8::SubblockMode>(i % 10);
  }
  Side above;
  Side left;
  pass_modes(macroblock, above, left);
  CHECK(above.modes[1] == macroblock.subblocks[13]);
  CHECK(left.modes[2] == macroblock.subblocks[11]);
}
