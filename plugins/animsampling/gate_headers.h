// SPDX-License-Identifier: LGPL-2.1-or-later
// Parameter sets of units that were left out: they travel with the next unit that passes.
#pragma once

#include <vector>

#include <gst/gst.h>

#include "gst/core/image.h"
#include "gst/core/unit_rules.h"
#include "gst/glue/handle.h"

namespace anim {

/// Of the streaming thread.
class GateHeaders {
 public:
  /// Of `codec` from now on.
  void begin(Codec codec);

  /// Of a unit that is left out; what was kept before of the same bytes goes.
  void keep(Bytes headers);

  /// `buffer`, which brings headers of its `own`, with what was kept beside those before its bytes;
  /// nothing is kept afterwards.
  [[nodiscard]] glue::Owned<GstBuffer> put_before(glue::Owned<GstBuffer> buffer, const Bytes& own);

  void clear() { kept_.clear(); }

  /// Whether more is kept than any honest stream repeats.
  [[nodiscard]] bool is_too_much() const;

 private:
  bool supersedes_ = false;  ///< a header takes the place of all before
  std::vector<Bytes> kept_;  ///< the oldest first
};

}  // namespace anim
