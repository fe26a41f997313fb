// SPDX-License-Identifier: LGPL-2.1-or-later
// Which bytes of an object a request wants (RFC 9110, section 14).
#pragma once

#include <cstdint>
#include <string_view>

#include "gst/core/store/multipart.h"

namespace anim::service {

/// What a Range header means for an object.
struct ByteRange {
  enum class Kind {
    Whole,      ///< no range, or one that is not understood: all of it, as the standard has it
    Part,       ///< `bytes`
    NotInside,  ///< it begins behind the object's end
  };
  Kind kind = Kind::Whole;
  FileRange bytes;
};

/// Reads the header's `text` ("" for none) for an object of `size` bytes. Several ranges in one
/// header count as none.
[[nodiscard]] ByteRange byte_range(std::string_view text, std::uint64_t size);

}  // namespace anim::service
