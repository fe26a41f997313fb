// SPDX-License-Identifier: LGPL-2.1-or-later
// The file of a clip: hidden beside its place while it is written, then there at once, whole.
#pragma once

#include <cstdint>
#include <string>

#include "gst/core/error.h"

namespace anim {

/// Removes what it has not put in its place.
class ClipFile {
 public:
  ClipFile() = default;
  ClipFile(const ClipFile&) = delete;
  ClipFile& operator=(const ClipFile&) = delete;
  ~ClipFile();

  /// Makes an empty temporary file for `place`, a path. WriteFailed or NoSpaceLeft.
  [[nodiscard]] Status open(const std::string& place);

  /// What is to be written.
  [[nodiscard]] const std::string& temporary() const { return temporary_; }

  /// Puts the file in its place and returns its path. Nothing is replaced: where something is,
  /// "-2", "-3" … comes before the extension.
  [[nodiscard]] Result<std::string> publish();

 private:
  std::string place_;
  std::string temporary_;  ///< empty: none to remove
};

}  // namespace anim
