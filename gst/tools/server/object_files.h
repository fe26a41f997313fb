// SPDX-License-Identifier: LGPL-2.1-or-later
// The files of buckets below the storage root. No name leads out of it, links below it are not
// followed, and hidden names, among them what is being written, are not seen.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>

#include "gst/core/error.h"
#include "gst/core/service/object_list.h"
#include "gst/core/service/oss_authenticator.h"
#include "gst/core/store/digest.h"
#include "gst/tools/server/descriptor.h"

namespace anim::server {

/// An object that is open for reading.
struct OpenObject {
  Descriptor file;
  std::uint64_t bytes = 0;
  Moment modified{};
  std::string tag;  ///< object_tag()
};

/// The ETag, without quotes, of a file: changes with its size and time.
[[nodiscard]] std::string object_tag(const struct stat& status);
/// When it was changed.
[[nodiscard]] Moment object_time(const struct stat& status);

/// Folders of a bucket in each other, at most: a list holds each of them open.
constexpr std::size_t kDeepest = 64;

/// Whether a file or a folder of that name is seen: it is one part of a key, and not hidden.
[[nodiscard]] bool is_shown(std::string_view name);

/// All names in a folder, in no order; nothing when it cannot be read (errno).
[[nodiscard]] std::optional<std::vector<std::string>> names_in(const Descriptor& folder);

/// For a service that begins, and is alone: whether the system can keep names inside the root, and
/// what uploads that were killed have left is removed.
[[nodiscard]] Status prepare_buckets(const std::string& storage_root);

/// Opens the folder of the buckets. Fails with NotFound.
[[nodiscard]] Result<Descriptor> open_root(const std::string& storage_root);

/// Opens a bucket's folder. Fails with NotFound, and Internal when it cannot be opened.
[[nodiscard]] Result<Descriptor> open_bucket(const Descriptor& root, const std::string& bucket);

/// Fails with InvalidArgument for a name that is none, NotFound, and Internal when a file that is
/// there cannot be opened.
[[nodiscard]] Result<OpenObject> open_object(const Descriptor& root,
                                             const service::ObjectName& name);

/// The names of all buckets, in order.
[[nodiscard]] Result<std::vector<std::string>> bucket_names(const Descriptor& root);

/// An object being written: a hidden file of its bucket, until it is whole.
class NewObject {
 public:
  /// Fails as open_object(), with InvalidArgument also where a file, a folder or a link is in the
  /// way.
  [[nodiscard]] static Result<std::unique_ptr<NewObject>> create(const Descriptor& root,
                                                                 const service::ObjectName& name);
  NewObject(const NewObject&) = delete;
  NewObject& operator=(const NewObject&) = delete;
  /// Removes what was not put in its place.
  ~NewObject();

  [[nodiscard]] Status write(std::string_view piece);
  /// The MD5 of all that was written, once.
  [[nodiscard]] Digest sum() { return sum_.finish(); }
  /// Puts it in its place, with its folders, down to the disk; its ETag. Fails as create().
  [[nodiscard]] Result<std::string> commit();

 private:
  explicit NewObject(service::ObjectName name) : name_(std::move(name)) {}

  const service::ObjectName name_;
  Descriptor bucket_;
  Descriptor file_;
  std::string temporary_;  ///< in the bucket; "" when there is none
  Md5 sum_;
};

}  // namespace anim::server
