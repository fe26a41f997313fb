// SPDX-License-Identifier: LGPL-2.1-or-later
// What a bin that autoplugs (parsebin) has made of its data.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <gst/gst.h>

#include "gst/glue/handle.h"

namespace anim {

/// `pad`, or the one that it is a ghost of (null when there is none).
[[nodiscard]] glue::Owned<GstPad> real_pad(GstPad* pad);

/// Whether an element of that factory is in it.
[[nodiscard]] bool has_part(GstBin* bin, std::string_view factory);

/// Whether a demuxer in it follows a playlist (HLS, DASH, ...).
[[nodiscard]] bool is_adaptive(GstBin* bin);

/// What lies above `pad`, a source pad inside a bin that autoplugs.
struct Above {
  std::size_t demuxers = 0;  ///< one taken out of the other
  bool is_adaptive = false;  ///< one of them follows a playlist
};
[[nodiscard]] Above parts_above(GstPad* pad);

/// Whether `element`, or one in it when it is a bin, has a thread that runs.
[[nodiscard]] bool has_running_task(GstElement* element);

/// What gst-inspect calls the outermost demuxer in it, "" without one.
[[nodiscard]] std::string demuxer_name(GstBin* bin);

/// What the data is, when the bin has found that out and no element that takes it apart.
[[nodiscard]] glue::Owned<GstCaps> type_without_reader(GstBin* bin);

/// Whether this is a parser or decoder of something that is not a picture.
[[nodiscard]] bool is_for_other_media(GstObject* object);

}  // namespace anim
