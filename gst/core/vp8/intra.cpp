// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/intra.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace anim::vp8 {
namespace {

int clipped(int value) {
  return std::clamp(value, 0, 255);
}

void fill(int value, int side, WritableSamples out) {
  for (int y = 0; y < side; ++y) std::memset(out.data + y * out.stride, value, side);
}

/// The mean of what edges there are; 128 without any.
int mean(const BlockEdges& edges, int side) {
  const int above = edges.has_above ? std::accumulate(edges.above, edges.above + side, 0) : 0;
  const int left = edges.has_left ? std::accumulate(edges.left, edges.left + side, 0) : 0;
  const int count = side * (static_cast<int>(edges.has_above) + static_cast<int>(edges.has_left));
  return count == 0 ? 128 : (above + left + count / 2) / count;
}

void true_motion(const BlockEdges& edges, int side, WritableSamples out) {
  for (int y = 0; y < side; ++y) {
    const int offset = edges.left[y] - edges.above[-1];
    std::uint8_t* row = out.data + y * out.stride;
    for (int x = 0; x < side; ++x) {
      row[x] = static_cast<std::uint8_t>(clipped(edges.above[x] + offset));
    }
  }
}

/// Where the modes of a subblock find the pixels of `SubblockEdges` in words of RFC 6386.
constexpr int kX = SubblockEdges::kCorner;  // the corner; above it I J K L go down, A…H go up

}  // namespace

void predict_block(BlockMode mode, const BlockEdges& edges, int side, WritableSamples out) {
  switch (mode) {
    case BlockMode::Dc:
      return fill(mean(edges, side), side, out);
    case BlockMode::TrueMotion:
      return true_motion(edges, side, out);
    case BlockMode::Vertical:
      for (int y = 0; y < side; ++y) std::memcpy(out.data + y * out.stride, edges.above, side);
      return;
    case BlockMode::Horizontal:
      for (int y = 0; y < side; ++y) std::memset(out.data + y * out.stride, edges.left[y], side);
      return;
  }
}

void predict_subblock(const SubblockEdges& edges, SubblockPredictions& out) {
  const auto& e = edges.at;
  // Means of two and of three neighbours along the edge: two[i] of i and i + 1, three[i] around i.
  std::array<std::uint8_t, 16> two;
  std::array<std::uint8_t, 16> three;
  for (int i = 0; i < 12; ++i) two[i] = static_cast<std::uint8_t>((e[i] + e[i + 1] + 1) >> 1);
  for (int i = 1; i < 12; ++i) {
    three[i] = static_cast<std::uint8_t>((e[i - 1] + 2 * e[i] + e[i + 1] + 2) >> 2);
  }
  three[0] = static_cast<std::uint8_t>((e[1] + 3 * e[0] + 2) >> 2);     // K L L
  three[12] = static_cast<std::uint8_t>((e[11] + 3 * e[12] + 2) >> 2);  // G H H

  const auto block = [&](SubblockMode mode) -> std::uint8_t* {
    return out.by_mode[static_cast<int>(mode)].data();
  };
  const auto rows = [&](SubblockMode mode, const std::uint8_t* r0, const std::uint8_t* r1,
                        const std::uint8_t* r2, const std::uint8_t* r3) {
    std::uint8_t* to = block(mode);
    std::memcpy(to, r0, 4);
    std::memcpy(to + 4, r1, 4);
    std::memcpy(to + 8, r2, 4);
    std::memcpy(to + 12, r3, 4);
  };
  const std::uint8_t* t = three.data();
  const std::uint8_t* w = two.data();

  int sum = 4;
  for (int i = 0; i < 4; ++i) sum += e[i] + e[kX + 1 + i];
  std::memset(block(SubblockMode::Dc), sum >> 3, 16);

  std::uint8_t* motion = block(SubblockMode::TrueMotion);
  for (int y = 0; y < 4; ++y) {
    const int offset = e[kX - 1 - y] - e[kX];
    for (int x = 0; x < 4; ++x) {
      motion[4 * y + x] = static_cast<std::uint8_t>(clipped(e[kX + 1 + x] + offset));
    }
  }
  rows(SubblockMode::Vertical, t + kX + 1, t + kX + 1, t + kX + 1, t + kX + 1);
  std::uint8_t* across = block(SubblockMode::Horizontal);
  for (int y = 0; y < 4; ++y) std::memset(across + 4 * y, t[kX - 1 - y], 4);

  rows(SubblockMode::RightDown, t + kX, t + kX - 1, t + kX - 2, t + kX - 3);
  rows(SubblockMode::LeftDown, t + kX + 2, t + kX + 3, t + kX + 4, t + kX + 5);
  rows(SubblockMode::VerticalRight, w + kX, t + kX, w + kX - 1, t + kX - 1);
  std::uint8_t* right = block(SubblockMode::VerticalRight);
  right[8] = t[kX - 1];
  right[12] = t[kX - 2];
  rows(SubblockMode::VerticalLeft, w + kX + 1, t + kX + 2, w + kX + 2, t + kX + 3);
  std::uint8_t* left = block(SubblockMode::VerticalLeft);
  left[11] = t[kX + 6];
  left[15] = t[kX + 7];

  std::uint8_t* up = block(SubblockMode::HorizontalUp);
  const std::array<std::uint8_t, 10> rising = {w[2], t[2], w[1], t[1], w[0],
                                               t[0], e[0], e[0], e[0], e[0]};
  for (int y = 0; y < 4; ++y) std::memcpy(up + 4 * y, rising.data() + 2 * y, 4);
  std::uint8_t* down = block(SubblockMode::HorizontalDown);
  const std::array<std::uint8_t, 10> falling = {w[0], t[1], w[1], t[2], w[2],
                                                t[3], w[3], t[4], t[5], t[6]};
  for (int y = 0; y < 4; ++y) std::memcpy(down + 4 * y, falling.data() + 6 - 2 * y, 4);
}

}  // namespace anim::vp8
