// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/object_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gst/core/temporary_file.h"
#include "gst/core/text.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/unique_id.h"

namespace anim::server {
namespace {

using service::ObjectName;

constexpr std::uint64_t kFolder = O_RDONLY | O_DIRECTORY;
constexpr std::size_t kLongestKey = 1023;  // bytes, as in the store

// Opens `path` below `folder`. The kernel refuses all links: one could lead to what is hidden.
Descriptor open_below(int folder, const std::string& path, std::uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return Descriptor(static_cast<int>(syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how)));
}

std::vector<std::string> segments_of(std::string_view key) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t slash = key.find('/');
    out.emplace_back(key.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    key.remove_prefix(slash + 1);
  }
}

bool is_shown(std::string_view segment) {
  return !segment.empty() && segment[0] != '.' && segment.size() <= NAME_MAX &&
         segment.find('\0') == std::string_view::npos &&
         segment.find('/') == std::string_view::npos;
}

Status check_name(const ObjectName& name) {
  const auto segments = segments_of(name.key);
  const bool is_good = name.key.size() <= kLongestKey && segments.size() <= kDeepest + 1 &&
                       is_utf8(name.key) && is_utf8(name.bucket) && is_shown(name.bucket) &&
                       std::all_of(segments.begin(), segments.end(), is_shown);
  if (is_good) return success();
  return Error{ErrorCode::InvalidArgument,
               in_quotes(name.bucket + "/" + name.key) +
                   " names no object: a key has at most 1023 bytes of UTF-8 in at most 65 parts "
                   "of at most 255 bytes, and no part of it is empty or begins with '.'",
               {}};
}

Error missing(const std::string& what) {
  return {ErrorCode::NotFound, in_quotes(what) + " does not exist", {}};
}

// Whether `error`, of opening, says that the name leads to nothing: the others are a fault of ours.
bool is_missing(int error) {
  constexpr std::array<int, 6> kMissing = {ENOENT, ENOTDIR, ELOOP, EXDEV, ENXIO, ENAMETOOLONG};
  return std::find(kMissing.begin(), kMissing.end(), error) != kMissing.end();
}

// Why what is named `what` could not be opened.
Error not_opened(const std::string& what, int error) {
  if (is_missing(error)) return missing(what);
  return {ErrorCode::Internal, in_quotes(what) + " cannot be opened: " + std::strerror(error), {}};
}

// Why an object could not be written: what is in its way is for the client to change.
Error not_written(const ObjectName& name, int error) {
  const std::string what = in_quotes(name.bucket + "/" + name.key) + " cannot be written";
  switch (error) {
    case ENOTDIR:
    case ELOOP:
    case EXDEV:
      return {ErrorCode::InvalidArgument, what + ": a part of it is no folder", {}};
    case EISDIR:
      return {ErrorCode::InvalidArgument, what + ": it is a folder", {}};
    case ENAMETOOLONG:
      return {ErrorCode::InvalidArgument, what + ": a part of it is too long for the disk", {}};
    default:
      return write_error(what, error);
  }
}

}  // namespace

std::string object_tag(const struct stat& status) {
  const auto moment = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  return std::to_string(status.st_size) + "-" + std::to_string(moment);
}

Moment object_time(const struct stat& status) {
  return std::chrono::seconds(status.st_mtim.tv_sec) +
         std::chrono::milliseconds(status.st_mtim.tv_nsec / 1'000'000);
}

Result<Descriptor> open_root(const std::string& storage_root) {
  Descriptor out(open(storage_root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (out.is_open()) return out;
  return not_opened(storage_root, errno);
}

Result<Descriptor> open_bucket(const Descriptor& root, const std::string& bucket) {
  if (!is_shown(bucket)) return missing(bucket);
  Descriptor out = open_below(root.get(), bucket, kFolder);
  if (out.is_open()) return out;
  return not_opened(bucket, errno);
}

Result<OpenObject> open_object(const Descriptor& root, const ObjectName& name) {
  if (Status status = check_name(name); !status) return status.error();
  OpenObject out;
  // A pipe must not be waited for.
  out.file = open_below(root.get(), name.bucket + "/" + name.key, O_RDONLY | O_NONBLOCK);
  if (!out.file.is_open()) return not_opened(name.bucket + "/" + name.key, errno);
  struct stat status {};
  if (fstat(out.file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return missing(name.bucket + "/" + name.key);
  }
  out.bytes = static_cast<std::uint64_t>(status.st_size);
  out.modified = object_time(status);
  out.tag = object_tag(status);
  return out;
}

Result<std::vector<std::string>> bucket_names(const Descriptor& root) {
  const int copy = fcntl(root.get(), F_DUPFD_CLOEXEC, 0);
  DIR* folder = copy >= 0 ? fdopendir(copy) : nullptr;
  if (folder == nullptr) {
    if (copy >= 0) close(copy);
    return missing("the storage root");
  }
  rewinddir(folder);
  std::vector<std::string> out;
  while (const dirent* entry = readdir(folder)) {
    const std::string name = entry->d_name;
    if (is_shown(name) && open_below(root.get(), name, kFolder).is_open()) out.push_back(name);
  }
  closedir(folder);
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::unique_ptr<NewObject>> NewObject::create(const Descriptor& root,
                                                     const ObjectName& name) {
  if (Status status = check_name(name); !status) return status.error();
  std::unique_ptr<NewObject> out(new NewObject);
  auto bucket = open_bucket(root, name.bucket);
  if (!bucket) return bucket.error();
  out->folder_ = std::move(*bucket);
  auto segments = segments_of(name.key);
  out->name_ = std::move(segments.back());
  segments.pop_back();
  std::string path = name.bucket;
  for (const std::string& segment : segments) {
    const bool is_there =
        mkdirat(out->folder_.get(), segment.c_str(), 0777) == 0 || errno == EEXIST;
    if (!is_there) return not_written(name, errno);
    path += "/" + segment;
    out->folder_ = open_below(root.get(), path, kFolder);
    if (!out->folder_.is_open()) return not_written(name, errno);
  }
  struct stat status {};
  const bool is_there =
      fstatat(out->folder_.get(), out->name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (is_there && S_ISDIR(status.st_mode)) return not_written(name, EISDIR);
  out->temporary_ = ".animate-upload-" + uuid() + ".part";
  constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  out->file_ = Descriptor(openat(out->folder_.get(), out->temporary_.c_str(), kNew, 0666));
  if (out->file_.is_open()) return out;
  out->temporary_.clear();
  return not_written(name, errno);
}

NewObject::~NewObject() {
  if (!temporary_.empty()) unlinkat(folder_.get(), temporary_.c_str(), 0);
}

Status NewObject::write(std::string_view piece) {
  sum_.add(piece);
  while (!piece.empty()) {
    const ssize_t written = ::write(file_.get(), piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return write_error("the object cannot be written", errno);
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
  return success();
}

Result<std::string> NewObject::commit() {
  struct stat status {};
  const bool is_there =
      fsync(file_.get()) == 0 && fstat(file_.get(), &status) == 0 &&
      renameat(folder_.get(), temporary_.c_str(), folder_.get(), name_.c_str()) == 0;
  if (!is_there) return write_error("the object cannot be put in its place", errno);
  temporary_.clear();
  if (fsync(folder_.get()) != 0) return write_error("the object's folder", errno);
  return object_tag(status);
}

}  // namespace anim::server
