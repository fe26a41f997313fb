// SPDX-License-Identifier: LGPL-2.1-or-later
// The pipeline that makes one clip of what was kept, beside the live one.
//
//   appsrc ! samplegate ! decodebin !        one for each decoder that the units need,
//   concat !                                 where that is more than one
//   intervalsampler ! ... ! filesink
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/chain.h"
#include "gst/core/error.h"
#include "gst/core/plan.h"
#include "gst/core/timeline.h"
#include "gst/glue/handle.h"
#include "plugins/animclip/clip.h"
#include "plugins/animclip/stream.h"

namespace anim {

/// Of one thread, which waits in run().
class ClipPipeline {
 public:
  /// Frames that have been encoded, of so many as far as that is known.
  using Progress = std::function<void(std::uint64_t, std::optional<std::uint64_t>)>;

  ClipPipeline() = default;
  ClipPipeline(const ClipPipeline&) = delete;
  ClipPipeline& operator=(const ClipPipeline&) = delete;
  ~ClipPipeline();

  /// Makes the elements for `units` (not empty) and the file `path`. Both arguments must outlive
  /// this.
  [[nodiscard]] Status make(const Clip& clip, const Units& units, const std::string& path);

  /// Writes the file and returns how many samples are in it. ReadFailed when the units cannot be
  /// decoded, WriteFailed, and Internal when the clip is cancelled meanwhile.
  [[nodiscard]] Result<std::uint64_t> run(const Progress& progress);

 private:
  [[nodiscard]] Status add_sources(GstElement* first);
  [[nodiscard]] glue::Owned<GstPad> joined_pad(GstElement* concat);
  [[nodiscard]] Status add_stretch(const Stretch& stretch, GstPad* next);
  [[nodiscard]] Result<GstElement*> add_source(const Stretch& stretch);
  void keep_end(std::vector<ElementSpec>& gates) const;
  [[nodiscard]] Status add_decoder(GstElement* source, GstPad* next);
  [[nodiscard]] std::vector<ElementSpec> output_specs(OutputPlan plan,
                                                      const std::string& path) const;
  [[nodiscard]] TimelinePart window() const;
  [[nodiscard]] Nanoseconds zero() const { return units_->stretches.front().begin; }
  [[nodiscard]] GstBuffer* buffer_of(const Unit& unit) const;
  [[nodiscard]] GstBuffer* first_picture(GstBuffer* buffer) const;
  [[nodiscard]] GstEvent* rest() const;
  static GstPadProbeReturn on_decoded(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void feed() const;
  void stop();
  [[nodiscard]] Result<std::uint64_t> wait(GstBus* bus, const Progress& progress) const;
  [[nodiscard]] std::uint64_t frames() const;

  const Clip* clip_ = nullptr;
  const Units* units_ = nullptr;
  glue::Owned<GstElement> pipeline_;
  std::vector<GstElement*> sources_;  // appsrcs by stretch; owned by the pipeline
  GstElement* encoder_ = nullptr;     // owned by the pipeline
  std::optional<std::uint64_t> expected_;
  std::atomic<std::uint64_t> decoded_ = 0;    ///< pictures that the decoders have given
  std::atomic<bool> is_all_decoded_ = false;  ///< there will be no more of them
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace anim
