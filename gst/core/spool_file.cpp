// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/spool_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "gst/core/temporary_file.h"

namespace anim {

Result<SpoolFile> SpoolFile::create(const std::string& folder, std::string what) {
  std::error_code error;
  const std::string in =
      folder.empty() ? std::filesystem::temp_directory_path(error).string() : folder;
  if (error) {
    return write_error("cannot keep " + what + " in the folder of temporary files that TMPDIR says",
                       error.value());
  }
  std::string place = std::move(what) + " in the folder \"" + in + "\"";
  std::string name = in + "/animXXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return write_error("cannot keep " + place, errno);
  unlink(name.c_str());
  return SpoolFile(file, std::move(place));
}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      place_(std::move(other.place_)),
      size_(std::exchange(other.size_, 0)) {}

SpoolFile& SpoolFile::operator=(SpoolFile&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(place_, other.place_);
  std::swap(size_, other.size_);
  return *this;
}

SpoolFile::~SpoolFile() {
  if (file_ >= 0) close(file_);
}

Status SpoolFile::append(std::span<const std::uint8_t> bytes) {
  Status status = put(size_, bytes);
  if (status) size_ += bytes.size();
  return status;
}

Status SpoolFile::write_at(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  return put(offset, bytes);
}

Status SpoolFile::put(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return write_error("cannot keep " + place_, errno);
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return success();
}

Status SpoolFile::read_at(std::uint64_t offset, std::span<std::uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t got = pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const char* why = got < 0 ? std::strerror(errno) : "it ends too early";
      return Error{ErrorCode::ReadFailed, "cannot read " + place_ + ": " + why, {}};
    }
    offset += static_cast<std::uint64_t>(got);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return success();
}

}  // namespace anim
