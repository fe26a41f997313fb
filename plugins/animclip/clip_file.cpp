// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/clip_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "gst/core/temporary_file.h"

namespace anim {
namespace {

namespace fs = std::filesystem;

// "clip.webp", 2 -> "clip-2.webp"
std::string numbered(const std::string& place, unsigned number) {
  const fs::path path(place);
  const std::string name =
      path.stem().string() + "-" + std::to_string(number) + path.extension().string();
  return (path.parent_path() / name).string();
}

// 0 or errno; EEXIST when there is something at `to`. File systems that cannot rename so have a
// second name for a file, or at least one that nobody else can take.
int move_without_replacing(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (link(from.c_str(), to.c_str()) == 0) {
    unlink(from.c_str());
    return 0;
  }
  if (errno == EEXIST) return errno;
  const int taken = open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (taken < 0) return errno;
  close(taken);
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

ClipFile::~ClipFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Status ClipFile::open(const std::string& place) {
  place_ = place;
  const std::string folder = fs::path(place).parent_path().string();
  auto made = new_temporary_file(folder.empty() ? "." : folder, "animclip", "\"" + place + "\"");
  if (!made) return made.error();
  temporary_ = *made;
  return success();
}

Result<std::string> ClipFile::publish() {
  constexpr unsigned kAttempts = 10'000;
  for (unsigned number = 1; number < kAttempts; ++number) {
    const std::string name = number == 1 ? place_ : numbered(place_, number);
    const int error = move_without_replacing(temporary_, name);
    if (error == EEXIST) continue;
    if (error != 0) return write_error("cannot write \"" + name + "\"", error);
    temporary_.clear();
    return name;
  }
  return write_error("cannot write \"" + place_ + "\"", EEXIST);
}

}  // namespace anim
