// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of one format, size and orientation made into frames of another.
//
//   import -> resample -> turn -> colour -> export
//
// Import: formats in odd storage become a near one that the resampler reads (GstVideoConverter).
// Resample: size, depth, chroma grid, packing (gst/core/resample.h). Turn: gst/core/orient.h.
// Colour: matrix, range, HDR tone mapping (gst/core/colour.h). Export: what gst/core cannot write
// (GstVideoConverter). All after the first step happens at the output's size; steps with nothing to
// do are left out, and the last one writes into the output.
#pragma once

#include <memory>
#include <optional>

#include <gst/video/video.h>

#include "gst/core/colour.h"
#include "gst/core/fit.h"
#include "gst/core/orient.h"
#include "gst/core/resample.h"
#include "gst/core/tonemap.h"
#include "gst/glue/handle.h"
#include "plugins/animscale/layout.h"

namespace anim {

/// An HDR input that is to be tone-mapped.
struct Hdr {
  HdrTransfer transfer = HdrTransfer::Pq;
  double peak = 10;  ///< in units of 100 cd/m2
};

struct ConversionSpec {
  GstVideoInfo in;
  GstVideoInfo out;
  Orientation orientation;
  Placement placement;  ///< of the upright picture of size `upright`
  Size upright;         ///< in square pixels
  Kernel kernel = Kernel::Cubic;
  unsigned threads = 0;
  std::optional<Hdr> hdr;
  guint32 background = 0xFF000000;  ///< ARGB
};

class Conversion {
 public:
  explicit Conversion(const ConversionSpec& spec);

  void run(const GstVideoFrame* in, GstVideoFrame* out);

 private:
  /// A frame of our own between two steps.
  struct Picture {
    explicit Picture(const GstVideoInfo& wanted);
    GstVideoInfo info;
    glue::Owned<GstBuffer> buffer;
    glue::MappedFrame frame;
  };

  void plan_import();
  void plan_resample();
  void plan_colour(GstVideoFormat from, GstVideoFormat to);
  void plan_export(const GstVideoInfo& from);
  void paint_background();
  void turn(const Picture& from, const TargetPlanes& to) const;
  void colour(const Picture& from, GstVideoFrame* out);
  [[nodiscard]] bool needs_colour() const;
  [[nodiscard]] GstVideoFormat middle_format() const;
  [[nodiscard]] GstVideoFormat coloured_format() const;
  [[nodiscard]] Size stored_target() const;
  [[nodiscard]] GstVideoInfo info_for(GstVideoFormat format, Size size) const;
  [[nodiscard]] TargetPlanes target_in(GstVideoFrame* out, const Picture* own) const;

  ConversionSpec spec_;
  GstVideoFormat readable_;
  glue::Owned<GstVideoConverter> import_;
  std::unique_ptr<Picture> imported_;
  std::unique_ptr<Resampler> resampler_;
  std::unique_ptr<Picture> resampled_;  // none where the resampler writes the output
  std::unique_ptr<Picture> turned_;
  std::optional<ColourStep> colour_;
  std::unique_ptr<Picture> coloured_;
  glue::Owned<GstVideoConverter> export_;
  std::unique_ptr<Picture> background_;  // none without bars
};

}  // namespace anim
