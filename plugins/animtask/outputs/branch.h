// SPDX-License-Identifier: LGPL-2.1-or-later
// One animation's elements, from the tee to its file.
//
//   tee ! [intervalsampler eos-upstream=false ! queue ! (deinterlace) ! (fitscale ! capsfilter) !
//          fitscale !
//          anim*enc ! filesink async=false sync=false]
//
// The queue is bounded and its reader never waits for a sibling: no sink prerolls or follows the
// clock, and a sampler that has enough goes on to accept and drop.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/geometry.h"
#include "gst/core/plan.h"
#include "gst/core/timing.h"

namespace anim {

/// What the pictures of unlike sources are made into first.
struct CommonPicture {
  Size size;
  bool has_alpha = false;
};

/// What is to be made, and into which file.
struct BranchPlan {
  const AnimationRequest& request;
  const OutputPlan& output;
  std::string file;
  std::string spool_dir;  ///< for the encoder's temporary files; "" = the system's
  unsigned threads = 0;   ///< of the scaler and of the encoder, each; 0 = all cores
  bool deinterlace = false;
  std::optional<CommonPicture> common;
};

/// What became of it, when it has ended.
struct BranchStats {
  std::uint64_t frame_count = 0;    ///< samples given to the encoder
  std::uint64_t stored_frames = 0;  ///< frames in the file
  Nanoseconds duration{0};          ///< of one play
  Size size;
};

/// The elements, in a bin of their own.
class Branch {
 public:
  /// Puts an empty branch into `parent`.
  explicit Branch(GstBin* parent);

  /// Makes the elements, in NULL. `on_sample` is called from a streaming thread for each sample and
  /// must outlive the elements.
  [[nodiscard]] Status make(const BranchPlan& plan, std::function<void()>* on_sample);

  /// The child of the parent; it posts EOS when the file is complete.
  [[nodiscard]] GstElement* element() const { return bin_; }

  /// Links a new pad of `tee` to the branch and brings it to PAUSED.
  [[nodiscard]] Status attach(GstElement* tee);

  /// What writes the file.
  [[nodiscard]] GstElement* sink() const { return sink_; }

  [[nodiscard]] BranchStats stats() const;

 private:
  [[nodiscard]] Status add_chain(const BranchPlan& plan);

  GstElement* bin_;                // owned by the parent
  GstElement* first_ = nullptr;    // owned by bin_
  GstElement* encoder_ = nullptr;  // owned by bin_
  GstElement* sink_ = nullptr;     // owned by bin_
};

}  // namespace anim
