// SPDX-License-Identifier: LGPL-2.1-or-later
// What reading and decoding a source took.
#pragma once

#include <cstdint>
#include <optional>

namespace anim {

struct SourceCounts {
  std::uint64_t decoded_frames = 0;
  std::uint64_t skipped_units = 0;               ///< frames or fields, read and not decoded
  std::optional<std::uint64_t> bytes_read = {};  ///< of a source over HTTP

  /// Those of another source, too.
  SourceCounts& operator+=(const SourceCounts& more) {
    decoded_frames += more.decoded_frames;
    skipped_units += more.skipped_units;
    if (more.bytes_read) bytes_read = bytes_read.value_or(0) + *more.bytes_read;
    return *this;
  }
};

}  // namespace anim
