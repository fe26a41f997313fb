// SPDX-License-Identifier: LGPL-2.1-or-later
// With or without loss: what a picture is cheaper as, at the quality that is wanted.
#pragma once

#include <cstdint>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/exact_changes.h"
#include "gst/core/webp_lossless.h"
#include "gst/core/webp_picture.h"

namespace anim {

/// Decides for an animation whose content is auto or screen, picture by picture and from the
/// pictures alone. Pictures of cameras are told by their looks, at next to no cost; what may be a
/// screen is encoded both ways and the bytes compared. Trials become rare while they confirm what
/// is.
class ContentChoice {
 public:
  /// For a canvas of `canvas`; content and quality are those of `settings`.
  ContentChoice(const WebpSettings& settings, Size canvas);

  /// Whether the two ways have to be compared for `picture`, after frames with loss or at the
  /// beginning. Called for each of them.
  [[nodiscard]] bool is_due(const ImageView& picture);

  /// Whether `change`, which leads from what is shown without loss to the next picture, is better
  /// coded without loss. Called when it is due, and for each picture after one without loss.
  [[nodiscard]] Result<bool> is_better_lossless(const ExactChange& change, bool has_full_chroma);

  /// How to code without loss: with small losses where lower qualities allow it and it pays.
  [[nodiscard]] const LosslessSettings& lossless() const { return lossless_; }

 private:
  [[nodiscard]] bool is_due(const ExactChange& change, bool has_full_chroma);
  [[nodiscard]] Result<bool> compared(const ExactChange& change, bool has_full_chroma);
  [[nodiscard]] Status choose_near_lossless(const ExactChange& change);

  WebpSettings lossy_;
  LosslessSettings lossless_;
  std::int64_t canvas_;       ///< pixels
  bool is_told_;              ///< that it is without loss
  bool is_lossless_ = false;  ///< what was chosen last
  int patience_ = 1;          ///< doubles with each trial that confirms it
  int frames_ = 0;            ///< with loss since the last trial
  std::int64_t pixels_ = 0;   ///< changed without loss since then
  std::vector<std::uint8_t> tried_;
};

}  // namespace anim
