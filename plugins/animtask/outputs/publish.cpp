// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/outputs/publish.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include <gst/gst.h>

#include <fcntl.h>
#include <unistd.h>

#include "gst/core/temporary_file.h"
#include "gst/glue/handle.h"
#include "plugins/animtask/net/upload.h"

namespace anim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "animtask";

// The resolved path of the storage root.
Result<std::string> real_root(const std::string& root) {
  std::error_code error;
  const fs::path real = fs::canonical(root, error);
  if (!error) return real.string();
  return Error{ErrorCode::NotFound,
               "the storage root \"" + root + "\" cannot be used: " + error.message(),
               {}};
}

// `path` exists; it must be below the root after all symbolic links.
Status check_below(const std::string& uri, const std::string& root, const fs::path& path) {
  const auto real = real_root(root);
  if (!real) return real.error();
  std::error_code error;
  const fs::path resolved = fs::canonical(path, error);
  if (error) return write_error("\"" + uri + "\"", error.value());
  if (resolved == *real || is_below(*real, resolved.string())) return success();
  return Error{
      ErrorCode::InvalidArgument,
      "\"" + uri + "\" is refused: a symbolic link leads out of the storage root \"" + root + "\"",
      {}};
}

// Makes one folder; true when it was not there before.
Result<bool> make_folder(const fs::path& folder) {
  std::error_code error;
  const bool made = fs::create_directory(folder, error);
  if (!error) return made;
  return write_error("cannot make the folder " + folder.string(), error.value());
}

// Makes `folder`, whose name is below the root's, part by part: no link on the way may lead out.
// Those made are added to `made`, outermost first. `name` is what a refusal calls it.
Status make_folders_below(const std::string& root, const fs::path& folder, const std::string& name,
                          std::vector<std::string>& made) {
  if (const auto real = real_root(root); !real) return real.error();
  fs::path path = root;
  for (const fs::path& part : folder.lexically_relative(root)) {
    if (part == ".") continue;
    path /= part;
    const auto is_new = make_folder(path);
    if (!is_new) return is_new.error();
    if (*is_new) made.push_back(path.string());
    if (Status status = check_below(name, root, path); !status) return status;
  }
  return success();
}

Status write_whole(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return write_error("cannot write " + path, errno);
  const bool wrote = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int error = errno;
  const bool closed = std::fclose(file) == 0;
  if (wrote && closed) return success();
  return write_error("cannot write " + path, wrote ? errno : error);
}

// Brings a file or a folder down to the disk.
Status sync_path(const fs::path& path) {
  const int handle = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_kept = handle >= 0 && fsync(handle) == 0;
  const int error = errno;
  if (handle >= 0) close(handle);
  if (is_kept) return success();
  return write_error("cannot bring " + path.string() + " to the disk", error);
}

// Renames what is on the disk then, and brings the name there, too.
Status rename_lastingly(const std::string& from, const fs::path& to) {
  if (Status status = sync_path(from); !status) return status;
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return write_error("cannot put " + to.string() + " in its place", errno);
  }
  return sync_path(to.parent_path().empty() ? "." : to.parent_path());
}

}  // namespace

Result<std::string> source_file(const Place& place, const std::string& storage_root) {
  std::string file = local_path(place, storage_root);
  std::error_code error;
  if (place.kind != Place::Kind::Bucket || !fs::exists(file, error)) return file;
  if (Status status = check_below(place.uri, storage_root, file); !status) return status.error();
  return file;
}

Status check_places(const std::vector<Place>& outputs, const std::vector<std::string>& sources,
                    const std::string& storage_root) {
  // The last part is what a rename replaces: a link there is no other file.
  const auto file_of = [](const std::string& path) {
    std::error_code error;
    const fs::path whole = fs::absolute(path, error);
    return (fs::weakly_canonical(whole.parent_path(), error) / whole.filename()).string();
  };
  std::map<std::string, std::string> taken;
  for (const std::string& source : sources) {
    if (source.empty()) continue;
    std::error_code error;
    taken.emplace(file_of(source), "the source");
    taken.emplace(fs::weakly_canonical(source, error).string(), "the source");
  }
  for (const Place& place : outputs) {
    const auto [other, is_new] =
        taken.emplace(file_of(local_path(place, storage_root)), "\"" + place.uri + "\"");
    if (is_new) continue;
    return Error{ErrorCode::InvalidArgument,
                 "\"" + place.uri + "\" is the same file as " + other->second +
                     "; each output needs a place of its own",
                 {}};
  }
  return success();
}

Result<FileSum> sum_of(const std::string& file) {
  std::FILE* in = std::fopen(file.c_str(), "rb");
  if (in == nullptr) return write_error("cannot read " + file, errno);
  const auto md5 = glue::adopt(g_checksum_new(G_CHECKSUM_MD5));
  FileSum sum;
  std::array<guchar, 65536> part{};
  std::size_t got = 0;
  while ((got = std::fread(part.data(), 1, part.size(), in)) > 0) {
    g_checksum_update(md5.get(), part.data(), static_cast<gssize>(got));
    sum.bytes += got;
  }
  const bool failed = std::ferror(in) != 0;
  std::fclose(in);
  if (failed) return write_error("cannot read " + file, EIO);
  sum.md5 = g_checksum_get_string(md5.get());
  return sum;
}

std::string temporary_name(const std::string& task_id) {
  return std::string(kProgram) + "-" + task_id;
}

Publication::~Publication() {
  std::error_code ignored;
  for (const Staged& file : staged_) fs::remove(file.temporary, ignored);
  // Innermost first; a folder that holds something stays.
  std::for_each(folders_.rbegin(), folders_.rend(),
                [](const std::string& folder) { rmdir(folder.c_str()); });
}

Result<std::string> Publication::stage_upload(const Place& place, AnimationFormat format,
                                              const StoreClient& store) {
  const std::string folder = spool_.empty() ? g_get_tmp_dir() : spool_;
  auto temporary = new_temporary_file(folder, name_, "\"" + place.uri + "\"");
  if (temporary) staged_.push_back({place, format, *temporary, {}, store});
  return temporary;
}

Result<std::string> Publication::stage(const Place& place, AnimationFormat format) {
  const auto store = stores_.of(place);
  if (!store) return store.error();
  if (*store) return stage_upload(place, format, **store);
  const std::string final = local_path(place, root_);
  const fs::path parent = fs::path(final).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  std::error_code error;
  if (place.kind == Place::Kind::Bucket) {
    if (Status status = make_folders_below(root_, folder, place.uri, folders_); !status) {
      return status.error();
    }
  } else if (!fs::is_directory(folder, error)) {
    return Error{ErrorCode::WriteFailed,
                 "cannot write \"" + place.uri + "\": there is no folder " + folder,
                 {}};
  }
  const fs::file_status there = fs::symlink_status(final, error);
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    return Error{ErrorCode::WriteFailed,
                 "cannot write \"" + place.uri + "\": what is there is no ordinary file but " +
                     (fs::is_directory(there) ? "a directory" : "a link, a pipe or a device"),
                 {}};
  }
  auto temporary = new_temporary_file(folder, name_, "\"" + place.uri + "\"");
  if (!temporary) return temporary.error();
  staged_.push_back({place, format, *temporary, final, {}});
  return temporary;
}

Status Publication::put_in_place(const Staged& staged) {
  if (staged.store) {
    const std::string type = "image/" + std::string(to_string(staged.format));
    Status status = upload(*staged.store, staged.place, staged.temporary, type);
    std::error_code ignored;
    if (status) fs::remove(staged.temporary, ignored);
    return status;
  }
  if (std::rename(staged.temporary.c_str(), staged.final.c_str()) == 0) return success();
  return write_error("cannot put \"" + staged.place.uri + "\" in its place", errno);
}

Status Publication::publish() {
  std::stable_partition(staged_.begin(), staged_.end(),
                        [](const Staged& staged) { return staged.store.has_value(); });
  while (!staged_.empty()) {
    const Staged& next = staged_.front();
    if (Status status = put_in_place(next); !status) return status;
    published_.push_back(next.place.uri);
    if (!next.store) files_.push_back(next.final);
    staged_.erase(staged_.begin());
  }
  folders_.clear();  // they hold outputs now, whatever becomes of those
  return success();
}

Status Publication::sync() const {
  for (const fs::path file : files_) {
    if (Status status = sync_path(file); !status) return status;
    const fs::path folder = file.parent_path();
    if (Status status = sync_path(folder.empty() ? "." : folder); !status) return status;
  }
  return success();
}

Status write_journal(const std::string& file, const std::string& text) {
  const std::string beside = file + ".part";
  if (Status written = write_whole(beside, text); !written) return written;
  return rename_lastingly(beside, file);
}

Status write_topic_message(std::string_view topic, const std::string& storage_root,
                           const std::string& name, const std::string& text) {
  const fs::path folder = topic_folder(topic, storage_root);
  std::vector<std::string> made;
  if (Status status = make_folders_below(storage_root, folder, folder.string(), made); !status) {
    return status;
  }
  auto temporary = new_temporary_file(folder.string(), kProgram, "the message");
  if (!temporary) return temporary.error();
  Status written = write_whole(*temporary, text);
  const fs::path final = folder / (name + ".json");
  if (written) written = rename_lastingly(*temporary, final);
  if (written) return success();
  std::error_code ignored;
  fs::remove(*temporary, ignored);
  return written;
}

}  // namespace anim
