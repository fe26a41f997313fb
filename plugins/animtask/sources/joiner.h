// SPDX-License-Identifier: LGPL-2.1-or-later
// concat, with an entry for each source of a task: one stream of pictures.
#pragma once

#include <cstddef>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/glue/handle.h"

namespace anim {

/// In a bin, from make() to close().
class Joiner {
 public:
  explicit Joiner(GstBin* bin) : bin_(bin) {}
  Joiner(const Joiner&) = delete;
  Joiner& operator=(const Joiner&) = delete;

  /// Puts it into the bin, in NULL.
  [[nodiscard]] Status make(std::size_t entries);

  /// Brings it to the bin's state. False: it cannot.
  [[nodiscard]] bool follow_bin();

  void close();

  /// What comes out; from make() on.
  [[nodiscard]] GstPad* pictures() const { return pictures_.get(); }

  /// Where the source at `index` goes in.
  [[nodiscard]] glue::Owned<GstPad> entry(std::size_t index) const;

  /// Gives the entries from `index` on an end: nothing comes there.
  void end_from(std::size_t index);

 private:
  GstBin* bin_;
  GstElement* element_ = nullptr;  // owned by the bin
  std::size_t entries_ = 0;
  glue::Owned<GstPad> pictures_;
};

}  // namespace anim
