// SPDX-License-Identifier: LGPL-2.1-or-later
// Tags of a stream as the metadata of a picture: EXIF and XMP, through GStreamer's own writers.
#pragma once

#include <gst/gst.h>

#include "gst/core/image.h"

namespace anim {

/// What goes into the chunks of those names; empty = no chunk.
struct PictureMetadata {
  Bytes exif;
  Bytes xmp;
};

/// The largest chunk that is made, in bytes: what a JPEG could hold.
inline constexpr std::size_t kMostMetadata = 65535;

/// Of `tags` (may be null) those that describe the picture as a work: title, description, artist,
/// copyright, keywords, date, place, device. No orientation: the pictures are upright. What would
/// be larger than kMostMetadata is as large as it is; the caller refuses it.
[[nodiscard]] PictureMetadata metadata_of(const GstTagList* tags);

}  // namespace anim
