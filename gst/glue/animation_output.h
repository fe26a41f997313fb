// SPDX-License-Identifier: LGPL-2.1-or-later
// The bytes of one animation on their way downstream: as they come, or all at the end.
//
//   stream   BYTES segment, buffers as they come (the first flagged HEADER), at the end a BYTES
//            segment and a buffer for each patch. For formats that need no patch, and for
//            sinks that can seek.
//   hold     BYTES segment and a GAP event, so that a sink prerolls; at the end one buffer.
//   late     the same, but at the end buffers as they come: nothing is to be held.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/animation.h"
#include "gst/core/error.h"
#include "gst/glue/held_bytes.h"

namespace anim::glue {

/// Pushes one animation through a source pad. Used from the streaming thread.
class AnimationOutput {
 public:
  explicit AnimationOutput(GstPad* pad) : pad_(pad) {}

  /// Pushes the segment; caps have been pushed. Streams or holds: `patches` says whether the format
  /// changes bytes at the end, `spool_folder` where to hold them (empty: in memory).
  Status open(bool patches, const std::string& spool_folder);
  /// The same for bytes that all come at the end, and are not patched.
  void open_late();

  /// Sends or holds bytes. Holding may fail (`error`), pushing answers as the sink does.
  struct Sent {
    GstFlowReturn flow = GST_FLOW_OK;
    Status status = success();
  };
  [[nodiscard]] Sent append(Bytes bytes);

  /// Applies `patches` and sends what was held.
  [[nodiscard]] Sent finish(const std::vector<Patch>& patches);

 private:
  GstFlowReturn push(GstBuffer* buffer, std::uint64_t offset, bool is_header);
  void push_segment(std::uint64_t offset);
  void push_gap();

  GstPad* pad_;
  std::unique_ptr<HeldBytes> held_;
  std::uint64_t offset_ = 0;
};

}  // namespace anim::glue
