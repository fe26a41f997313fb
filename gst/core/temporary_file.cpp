// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/temporary_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>

#include <fcntl.h>
#include <unistd.h>

namespace anim {
namespace {

std::string hidden_name(std::string_view program) {
  std::random_device random;
  std::array<char, 20> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x%08x", random(), random());
  return "." + std::string(program) + "-" + digits.data() + ".part";
}

}  // namespace

Error write_error(const std::string& what, int error) {
  const bool is_full = error == ENOSPC || error == EDQUOT;
  return Error{is_full ? ErrorCode::NoSpaceLeft : ErrorCode::WriteFailed,
               what + ": " + std::strerror(error),
               {}};
}

Result<std::string> new_temporary_file(const std::string& folder, std::string_view program,
                                       const std::string& what) {
  constexpr int kAttempts = 16;
  int error = EEXIST;
  for (int i = 0; i < kAttempts && error == EEXIST; ++i) {
    const std::string path = (std::filesystem::path(folder) / hidden_name(program)).string();
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) {
      close(file);
      return path;
    }
    error = errno;
  }
  return write_error("cannot write " + what + " into the folder " + folder, error);
}

}  // namespace anim
