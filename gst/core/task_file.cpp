// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/task_file.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gst/core/task_json.h"
#include "gst/core/text.h"

namespace anim {
namespace {

Error refusal(ErrorCode code, const std::string& file, const std::string& why) {
  return {code, "cannot read " + in_quotes(file) + ": " + why, {}};
}

/// A file descriptor of our own.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<std::string> read_small_file(const std::string& file, std::size_t most) {
  // Opening a pipe would wait for somebody who writes to it.
  const Descriptor in(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (in.get() < 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::NotFound : ErrorCode::InvalidArgument;
    return refusal(code, file, std::strerror(errno));
  }
  struct stat status {};
  if (fstat(in.get(), &status) != 0) {
    return refusal(ErrorCode::InvalidArgument, file, std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return refusal(ErrorCode::InvalidArgument, file,
                   S_ISDIR(status.st_mode) ? "it is a directory" : "it is a pipe or a device");
  }
  std::string text;
  std::array<char, 65536> part{};
  ssize_t got = 0;
  while ((got = read(in.get(), part.data(), part.size())) > 0) {
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > most) {
      return refusal(ErrorCode::LimitExceeded, file,
                     "it is longer than " + std::to_string(most) + " bytes");
    }
  }
  if (got < 0) return refusal(ErrorCode::InvalidArgument, file, std::strerror(errno));
  return text;
}

Result<std::string> read_task_file(const std::string& file) {
  auto text = read_small_file(file, kMaxTaskBytes);
  if (text) return text;
  return Error{text.error().code, "the task: " + text.error().message, {}};
}

}  // namespace anim
