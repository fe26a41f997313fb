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

// 0 or errno; EEXIST when there is something at `to`. Where a file system cannot rename so, a
// second name and the first one's end come to the same.
int move_without_replacing(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (link(from.c_str(), to.c_str()) != 0) return errno;
  unlink(from.c_str());
  return 0;
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
