// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/object_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gst/core/ascii.h"
#include "gst/core/temporary_file.h"
#include "gst/core/text.h"
#include "gst/core/uri.h"
#include "gst/tools/server/unique_id.h"

namespace anim::server {
namespace {

using service::ObjectName;

constexpr std::uint64_t kFolder = O_RDONLY | O_DIRECTORY;
constexpr std::string_view kPart = ".part";
constexpr std::string_view kUpload = ".animate-upload-";

// Opens `path` below `folder`. The kernel refuses all links: one could lead to what is hidden.
Descriptor open_below(int folder, const std::string& path, std::uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return Descriptor(static_cast<int>(syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how)));
}

Status check_name(const ObjectName& name) {
  const auto segments = split(name.key, '/');
  const bool is_good = fault_of_key(name.key).empty() && segments.size() <= kDeepest + 1 &&
                       is_shown(name.bucket) &&
                       std::all_of(segments.begin(), segments.end(), is_shown);
  if (is_good) return success();
  return Error{
      ErrorCode::InvalidArgument,
      in_quotes(name.bucket + "/" + name.key) +
          " names no object: a key has at most 1023 bytes of UTF-8 in at most 65 parts "
          "of at most 255 bytes, without control characters, and no part of it is empty or "
          "begins with '.'",
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
    case EXDEV:
      return {ErrorCode::InvalidArgument,
              what + ": a part of it is on another file system than its bucket",
              {}};
    case ENOTDIR:
    case ELOOP:
      return {ErrorCode::InvalidArgument, what + ": a part of it is no folder", {}};
    case EISDIR:
      return {ErrorCode::InvalidArgument, what + ": it is a folder", {}};
    case ENAMETOOLONG:
      return {ErrorCode::InvalidArgument, what + ": a part of it is too long for the disk", {}};
    default:
      return write_error(what, error);
  }
}

// Whether the name may be used as it is: its folders may be missing, but nothing is in their way.
Status check_way(const Descriptor& bucket, const ObjectName& name) {
  const std::size_t slash = name.key.rfind('/');
  const std::string parent = slash == std::string::npos ? "." : name.key.substr(0, slash);
  const Descriptor folder = open_below(bucket.get(), parent, kFolder);
  if (!folder.is_open()) return errno == ENOENT ? success() : not_written(name, errno);
  struct stat status {};
  const bool is_there =
      fstatat(folder.get(), name.key.substr(slash + 1).c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  return is_there && S_ISDIR(status.st_mode) ? not_written(name, EISDIR) : success();
}

// Opens a folder in another one and makes it where it is missing, down to the disk.
Descriptor made_folder(const Descriptor& parent, const std::string& name) {
  const bool is_new = mkdirat(parent.get(), name.c_str(), 0777) == 0;
  if (!is_new && errno != EEXIST) return {};
  if (is_new && fsync(parent.get()) != 0) return {};
  return open_below(parent.get(), name, kFolder);
}

Descriptor copy_of(const Descriptor& folder) {
  return Descriptor(openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

Status remove_stale_uploads(const Descriptor& bucket) {
  const auto names = names_in(bucket);
  if (!names) return write_error("a bucket cannot be read", errno);
  for (const std::string& name : *names) {
    if (name.starts_with(kUpload) && name.ends_with(kPart)) unlinkat(bucket.get(), name.c_str(), 0);
  }
  return success();
}

}  // namespace

bool is_shown(std::string_view name) {
  return fault_of_key(name).empty() && name[0] != '.' && name.find('/') == std::string_view::npos &&
         is_utf8(name);
}

std::optional<std::vector<std::string>> names_in(const Descriptor& folder) {
  const int copy = openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* entries = copy >= 0 ? fdopendir(copy) : nullptr;
  if (entries == nullptr) {
    const int error = errno;
    if (copy >= 0) close(copy);
    errno = error;
    return {};
  }
  std::vector<std::string> out;
  while (const dirent* entry = readdir(entries)) out.emplace_back(entry->d_name);
  closedir(entries);
  return out;
}

Status prepare_buckets(const std::string& storage_root) {
  const auto root = open_root(storage_root);
  if (!root) return root.error();
  if (!open_below(root->get(), ".", kFolder).is_open()) {
    return Error{ErrorCode::Unsupported,
                 std::string("the system refuses openat2, which keeps names inside the storage "
                             "root (Linux 5.6; a container may forbid it): ") +
                     std::strerror(errno),
                 {}};
  }
  const auto buckets = bucket_names(*root);
  if (!buckets) return buckets.error();
  for (const std::string& name : *buckets) {
    const auto bucket = open_bucket(*root, name);
    if (!bucket) continue;  // it has gone
    if (Status status = remove_stale_uploads(*bucket); !status) return status;
  }
  return success();
}

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
  auto names = names_in(root);
  if (!names) return not_opened("the storage root", errno);
  std::erase_if(*names, [&](const std::string& name) {
    return !is_shown(name) || !open_below(root.get(), name, kFolder).is_open();
  });
  std::sort(names->begin(), names->end());
  return std::move(*names);
}

Result<std::unique_ptr<NewObject>> NewObject::create(const Descriptor& root,
                                                     const ObjectName& name) {
  if (Status status = check_name(name); !status) return status.error();
  std::unique_ptr<NewObject> out(new NewObject(name));
  auto bucket = open_bucket(root, name.bucket);
  if (!bucket) return bucket.error();
  if (Status status = check_way(*bucket, name); !status) return status.error();
  out->bucket_ = std::move(*bucket);
  out->temporary_ = std::string(kUpload) + uuid() + std::string(kPart);
  constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  out->file_ = Descriptor(openat(out->bucket_.get(), out->temporary_.c_str(), kNew, 0666));
  if (out->file_.is_open()) return out;
  out->temporary_.clear();
  return not_written(name, errno);
}

NewObject::~NewObject() {
  if (!temporary_.empty()) unlinkat(bucket_.get(), temporary_.c_str(), 0);
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
  auto segments = split(name_.key, '/');
  const std::string last = std::move(segments.back());
  segments.pop_back();
  struct stat status {};
  if (fsync(file_.get()) != 0 || fstat(file_.get(), &status) != 0) {
    return write_error("the object cannot be brought to the disk", errno);
  }
  Descriptor folder = copy_of(bucket_);
  for (const std::string& segment : segments) {
    if (folder.is_open()) folder = made_folder(folder, segment);
  }
  const bool is_there = folder.is_open() && renameat(bucket_.get(), temporary_.c_str(),
                                                     folder.get(), last.c_str()) == 0;
  if (!is_there) return not_written(name_, errno);
  temporary_.clear();
  if (fsync(folder.get()) != 0) return write_error("the object's folder", errno);
  return object_tag(status);
}

}  // namespace anim::server
