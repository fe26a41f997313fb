// SPDX-License-Identifier: LGPL-2.1-or-later
// A temporary file without a name: nobody else sees it, and it is gone with its last user.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "gst/core/error.h"

namespace anim {

/// Bytes on disk that grow at their end.
class SpoolFile {
 public:
  /// A file in `folder` (empty: the system's folder of temporary files) that holds `what`, a few
  /// words for messages. WriteFailed or NoSpaceLeft when no file can be made there.
  [[nodiscard]] static Result<SpoolFile> create(const std::string& folder, std::string what);
  SpoolFile(SpoolFile&& other) noexcept;
  SpoolFile& operator=(SpoolFile&& other) noexcept;
  ~SpoolFile();

  /// WriteFailed or NoSpaceLeft, as is write_at().
  Status append(std::span<const std::uint8_t> bytes);
  /// Replaces bytes that are there.
  Status write_at(std::uint64_t offset, std::span<const std::uint8_t> bytes);
  /// Fills `bytes` from `offset` on; all of them are there. ReadFailed.
  Status read_at(std::uint64_t offset, std::span<std::uint8_t> bytes) const;

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// To map it; stays this file's own.
  [[nodiscard]] int descriptor() const { return file_; }

 private:
  SpoolFile(int file, std::string place) : file_(file), place_(std::move(place)) {}
  Status put(std::uint64_t offset, std::span<const std::uint8_t> bytes);

  int file_ = -1;
  std::string place_;  ///< "<what> in the folder <folder>"
  std::uint64_t size_ = 0;
};

}  // namespace anim
