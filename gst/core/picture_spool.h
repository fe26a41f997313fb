// SPDX-License-Identifier: LGPL-2.1-or-later
// Timed pictures on disk, to be gone through several times.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gst/core/error.h"
#include "gst/core/image.h"
#include "gst/core/spool_file.h"
#include "gst/core/timing.h"

namespace anim {

/// Keeps pictures as they are; one that equals its predecessor takes a few bytes. In memory is one
/// picture, whatever their number.
class PictureSpool {
 public:
  /// In `folder`, as SpoolFile::create().
  [[nodiscard]] static Result<PictureSpool> create(const std::string& folder);

  /// `picture` is shown from `start` on.
  Status add(const ImageView& picture, Nanoseconds start);

  /// Calls `visit` for each in order; ends at its first error, or with ReadFailed.
  using Visit = std::function<Status(const ImageView& picture, Nanoseconds start)>;
  Status for_each(const Visit& visit) const;

 private:
  explicit PictureSpool(SpoolFile file) : file_(std::move(file)) {}

  SpoolFile file_;
  Image last_;
};

}  // namespace anim
