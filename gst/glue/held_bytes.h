// SPDX-License-Identifier: LGPL-2.1-or-later
// Encoded bytes that wait for the end of the stream, in memory or in an unlinked temporary file.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gst/core/animation.h"
#include "gst/core/error.h"
#include "gst/glue/handle.h"

namespace anim::glue {

/// Grows by what is appended, then becomes one buffer. Only the bytes themselves are held.
class HeldBytes {
 public:
  virtual ~HeldBytes() = default;

  virtual Status append(const Bytes& bytes) = 0;

  /// Everything, with `patches` applied (each lies within what was appended). Ends the holding.
  virtual Result<Owned<GstBuffer>> take(const std::vector<Patch>& patches) = 0;
};

/// Holds in memory.
[[nodiscard]] std::unique_ptr<HeldBytes> hold_in_memory();

/// Holds in a file in `folder` that has no name and is gone when the last user of its bytes is.
/// Fails when no file can be made there.
[[nodiscard]] Result<std::unique_ptr<HeldBytes>> hold_in_folder(const std::string& folder);

}  // namespace anim::glue
