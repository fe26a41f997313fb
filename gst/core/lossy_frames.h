// SPDX-License-Identifier: LGPL-2.1-or-later
// The frames of a lossy animation: what of each picture is encoded, and how well.
//
// A part that stays on screen is worth more bits than one that the next picture replaces: its error
// is seen for as long as it stays. So frames are held back until it is known how long their parts
// stay, up to a limit; a part that stays is made of the mean of the pictures that it stands for,
// without their noise, and in finer steps.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "gst/core/carried_picture.h"
#include "gst/core/change_finder.h"
#include "gst/core/coded_region.h"
#include "gst/core/image.h"

namespace anim {

/// A frame, ready to be encoded.
struct LossyFrame {
  Rect area;                       ///< of the canvas
  Image pixels;                    ///< I420 or A420
  bool is_masked = false;          ///< laid over what is there: alpha is 0 or 255
  std::vector<float> step_powers;  ///< of two, by macroblock of area: factors of its steps
};

/// Turns pictures into frames, a few pictures later.
class LossyFrames {
 public:
  /// How many pictures are seen after one before its frame is given away; as many are held.
  static constexpr std::uint64_t kLookahead = 12;
  /// The most pixels of all frames that are held, unless the latest alone has more: older ones are
  /// given away sooner.
  static constexpr std::int64_t kMostHeld = std::int64_t{48} << 20;

  /// `ac_step` is that of luma's quantiser (vp8::ac_step_at()).
  explicit LossyFrames(int ac_step) : finder_(ac_step) {}

  /// Whether anything of `picture` (I420 or A420) is to be encoded.
  [[nodiscard]] bool look(const ImageView& picture);

  /// What the latest frame encodes, in pixels of the canvas.
  [[nodiscard]] std::vector<Rect> coded() const;

  /// `picture` has been shown in another way, without loss.
  void show(const ImageView& picture);

  /// The oldest frame not given away, when enough was seen after it or nothing comes any more.
  [[nodiscard]] std::optional<LossyFrame> next(bool is_end);

 private:
  struct Held {
    std::uint64_t number = 0;  ///< of its picture
    CodedRegion region;
    Image pixels;
    std::vector<std::uint16_t> stays;  ///< for how many pictures, by macroblock of the region
  };

  [[nodiscard]] bool is_due() const;
  [[nodiscard]] CodedRegion region_of(const ImageView& picture);
  [[nodiscard]] bool stay(std::size_t block);
  [[nodiscard]] Held* frame_of(std::size_t block);
  void settle(std::size_t block);

  ChangeFinder finder_;
  CarriedPicture shown_;
  std::vector<std::uint64_t> origins_;  ///< by macroblock: the number of the picture it is from
  std::deque<Held> held_;
  std::uint64_t seen_ = 0;
};

}  // namespace anim
