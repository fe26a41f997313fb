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

// The edge of a subblock in words of RFC 6386: L K J I, the corner, and A to H.
constexpr int kX = SubblockEdges::kCorner;
constexpr int kI = kX - 1;
constexpr int kA = kX + 1;

/// Means along the edge.
struct EdgeMeans {
  std::array<std::uint8_t, 16> two;    ///< of i and i + 1
  std::array<std::uint8_t, 16> three;  ///< around i; the ends are repeated
};

EdgeMeans means_of(const SubblockEdges& edges) {
  const auto& e = edges.at;
  constexpr int kLast = 12;
  EdgeMeans means;
  for (int i = 0; i < kLast; ++i) {
    means.two[i] = static_cast<std::uint8_t>((e[i] + e[i + 1] + 1) >> 1);
  }
  for (int i = 1; i < kLast; ++i) {
    means.three[i] = static_cast<std::uint8_t>((e[i - 1] + 2 * e[i] + e[i + 1] + 2) >> 2);
  }
  means.three[0] = static_cast<std::uint8_t>((e[1] + 3 * e[0] + 2) >> 2);
  means.three[kLast] = static_cast<std::uint8_t>((e[kLast - 1] + 3 * e[kLast] + 2) >> 2);
  return means;
}

/// The block of `mode`, as rows of four.
std::uint8_t* block_of(SubblockMode mode, SubblockPredictions& out) {
  return out.by_mode[static_cast<std::size_t>(mode)].data();
}

void put_rows(std::uint8_t* to, const std::array<const std::uint8_t*, 4>& rows) {
  for (const std::uint8_t* row : rows) {
    std::memcpy(to, row, 4);
    to += 4;
  }
}

void predict_flat(const SubblockEdges& edges, const EdgeMeans& means, SubblockPredictions& out) {
  const auto& e = edges.at;
  int sum = 4;
  for (int i = 0; i < 4; ++i) sum += e[i] + e[kA + i];
  std::memset(block_of(SubblockMode::Dc, out), sum >> 3, 16);
  std::uint8_t* motion = block_of(SubblockMode::TrueMotion, out);
  std::uint8_t* across = block_of(SubblockMode::Horizontal, out);
  for (int y = 0; y < 4; ++y) {
    const int offset = e[kI - y] - e[kX];
    for (int x = 0; x < 4; ++x) {
      motion[4 * y + x] = static_cast<std::uint8_t>(clipped(e[kA + x] + offset));
    }
    std::memset(across + static_cast<std::ptrdiff_t>(4 * y), means.three[kI - y], 4);
  }
  const std::uint8_t* above = means.three.data() + kA;
  put_rows(block_of(SubblockMode::Vertical, out), {above, above, above, above});
}

/// Directions between those of the edges: rows are the means along the edge, moved on from row to
/// row. Two of them lack pixels at a corner.
void predict_diagonal(const EdgeMeans& means, SubblockPredictions& out) {
  const std::uint8_t* two = means.two.data();
  const std::uint8_t* three = means.three.data();
  put_rows(block_of(SubblockMode::RightDown, out),
           {three + kX, three + kX - 1, three + kX - 2, three + kX - 3});
  put_rows(block_of(SubblockMode::LeftDown, out),
           {three + kA + 1, three + kA + 2, three + kA + 3, three + kA + 4});
  std::uint8_t* right = block_of(SubblockMode::VerticalRight, out);
  put_rows(right, {two + kX, three + kX, two + kX - 1, three + kX - 1});
  right[8] = three[kX - 1];
  right[12] = three[kX - 2];
  std::uint8_t* left = block_of(SubblockMode::VerticalLeft, out);
  put_rows(left, {two + kA, three + kA + 1, two + kA + 1, three + kA + 2});
  left[11] = three[kA + 5];
  left[15] = three[kA + 6];
}

/// Directions near to the horizontal: means of two and of three take turns, two steps a row.
void predict_slanting(const SubblockEdges& edges, const EdgeMeans& means,
                      SubblockPredictions& out) {
  const auto& two = means.two;
  const auto& three = means.three;
  const std::uint8_t last = edges.at[0];
  const std::array<std::uint8_t, 10> rising = {two[2],   three[2], two[1], three[1], two[0],
                                               three[0], last,     last,   last,     last};
  const std::uint8_t* up = rising.data();
  put_rows(block_of(SubblockMode::HorizontalUp, out), {up, up + 2, up + 4, up + 6});
  const std::array<std::uint8_t, 10> falling = {two[0],   three[1], two[1],   three[2], two[2],
                                                three[3], two[3],   three[4], three[5], three[6]};
  const std::uint8_t* down = falling.data();
  put_rows(block_of(SubblockMode::HorizontalDown, out), {down + 6, down + 4, down + 2, down});
}

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
  const EdgeMeans means = means_of(edges);
  predict_flat(edges, means, out);
  predict_diagonal(means, out);
  predict_slanting(edges, means, out);
}

}  // namespace anim::vp8
