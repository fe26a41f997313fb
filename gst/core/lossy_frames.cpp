// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/lossy_frames.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace anim {
namespace {

// Steps shrink with this power of the time that a part stays. The best for the sum of errors would
// be a half; then what moves would be too poor beside it: at 0.09 the worst frames of a talking
// head lost 4.5 points to whole ones at equal quality, and the worst blocks were 7 % worse.
constexpr double kStayPower = 0.03;

constexpr std::uint8_t kOpaque = 255;

std::vector<float> step_powers(const std::vector<std::uint16_t>& stays) {
  std::vector<float> powers(stays.size());
  std::transform(stays.begin(), stays.end(), powers.begin(), [](std::uint16_t pictures) {
    return static_cast<float>(-kStayPower * std::log2(pictures));
  });
  return powers;
}

/// `pixels` of a masked `region` with an alpha that leaves its holes.
Image with_holes(const ImageView& pixels, const CodedRegion& region) {
  Image out(PixelFormat::A420, pixels.size);
  for (int plane = 0; plane < 3; ++plane) {
    std::uint8_t* to = out.plane(plane);
    for (int y = 0; y < plane_bytes(pixels.format, pixels.size, plane).height; ++y) {
      const auto row = pixels.row(plane, y);
      to = std::copy(row.begin(), row.end(), to);
    }
  }
  const MacroblockGrid grid(pixels.size);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const Rect block = grid.pixels(grid.at(i));
    const std::uint8_t alpha = region.mask[i] != 0 ? kOpaque : 0;
    for (int y = block.y; y < block.bottom(); ++y) {
      std::fill_n(out.plane(3) + y * pixels.size.width + block.x, block.width, alpha);
    }
  }
  return out;
}

}  // namespace

CodedRegion LossyFrames::region_of(const ImageView& picture) {
  if (shown_.is_like(picture)) return finder_.find(picture, shown_);
  show(picture);
  const MacroblockGrid& grid = shown_.grid();
  return {{0, 0, grid.columns(), grid.rows()}, {}};
}

bool LossyFrames::look(const ImageView& picture) {
  CodedRegion region = region_of(picture);
  ++seen_;
  const MacroblockGrid& grid = shown_.grid();
  std::vector<std::uint8_t> joins(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (!region.has(grid.at(i))) {
      joins[i] = stay(i) ? 1 : 0;
      continue;
    }
    settle(i);
    origins_[i] = seen_;
    if (region.is_masked()) shown_.show(picture, {grid.at(i).column, grid.at(i).row, 1, 1});
  }
  shown_.hold(picture, joins);
  if (region.is_empty()) return false;
  if (!region.is_masked()) shown_.show(picture, region.blocks);
  const auto blocks = static_cast<std::size_t>(region.blocks.size().area());
  Image pixels(cropped(picture, grid.pixels(region.blocks)));
  held_.push_back(
      {seen_, std::move(region), std::move(pixels), std::vector<std::uint16_t>(blocks, 1)});
  return true;
}

std::vector<Rect> LossyFrames::coded() const {
  const MacroblockGrid& grid = shown_.grid();
  std::vector<Rect> areas;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (origins_[i] == seen_) areas.push_back(grid.pixels(grid.at(i)));
  }
  return areas;
}

void LossyFrames::show(const ImageView& picture) {
  for (std::size_t i = 0; i < origins_.size(); ++i) settle(i);
  finder_.forget();
  shown_.reset(picture);
  origins_.assign(shown_.grid().size(), 0);
}

/// The held frame that macroblock `block` is shown of, if it is still held.
LossyFrames::Held* LossyFrames::frame_of(std::size_t block) {
  const auto is_older = [](const Held& held, std::uint64_t number) { return held.number < number; };
  const auto found = std::lower_bound(held_.begin(), held_.end(), origins_[block], is_older);
  return found != held_.end() && found->number == origins_[block] ? &*found : nullptr;
}

/// The macroblock also stands for the latest picture. When its frame has been given away it is what
/// it is, and this is false.
bool LossyFrames::stay(std::size_t block) {
  Held* held = frame_of(block);
  if (held == nullptr) return false;
  ++held->stays[held->region.index(shown_.grid().at(block))];
  return true;
}

/// What the macroblock has become goes into its frame.
void LossyFrames::settle(std::size_t block) {
  Held* held = frame_of(block);
  const MacroblockGrid& grid = shown_.grid();
  if (held == nullptr || held->stays[held->region.index(grid.at(block))] == 1) return;
  const Rect area = grid.pixels(grid.at(block));
  const Rect frame = grid.pixels(held->region.blocks);
  held->pixels.replace({area.x - frame.x, area.y - frame.y, area.width, area.height},
                       cropped(shown_.view(), area));
}

/// Whether the oldest frame has to go.
bool LossyFrames::is_due() const {
  if (seen_ - held_.front().number >= kLookahead) return true;
  std::int64_t pixels = 0;
  for (const Held& held : held_) pixels += held.pixels.size().area();
  return held_.size() > 1 && pixels > kMostHeld;
}

std::optional<LossyFrame> LossyFrames::next(bool is_end) {
  if (held_.empty() || !(is_end || is_due())) return std::nullopt;
  const MacroblockGrid& grid = shown_.grid();
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (origins_[i] == held_.front().number) settle(i);
  }
  Held held = std::move(held_.front());
  held_.pop_front();
  LossyFrame frame{.area = grid.pixels(held.region.blocks),
                   .pixels = std::move(held.pixels),
                   .is_masked = held.region.is_masked(),
                   .step_powers = step_powers(held.stays)};
  if (frame.is_masked) frame.pixels = with_holes(frame.pixels.view(), held.region);
  return frame;
}

}  // namespace anim
