// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/object_walk.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include "gst/core/text.h"
#include "gst/tools/server/object_files.h"

namespace anim::server {
namespace {

using service::ListRequest;
using service::ObjectPage;

/// Goes through folders until a page is full.
class Walk {
 public:
  Walk(const ListRequest& request, ObjectPage& page) : request_(request), page_(page) {}

  // Takes `folder`, whose keys begin with `beginning`; false when the page is full or there is
  // trouble.
  bool take_folder(const Descriptor& folder, const std::string& beginning, std::size_t depth) {
    const auto names = shown_in(folder);
    if (!names) return fail(beginning, errno);
    for (const std::string& name : *names) {
      const bool is_folder = name.ends_with('/');
      if (!concerns(beginning + name, is_folder)) continue;
      const bool goes_on =
          is_folder ? enter(folder, beginning, name, depth) : take_file(folder, beginning, name);
      if (!goes_on) return false;
    }
    return true;
  }

  /// Why there is no list.
  [[nodiscard]] const std::optional<Error>& trouble() const { return trouble_; }

 private:
  bool fail(const std::string& folder, int error) {
    trouble_ = Error{ErrorCode::Internal,
                     "the folder " + in_quotes(folder) + " cannot be read: " + std::strerror(error),
                     {}};
    return false;
  }

  // Sorted as keys are: a folder with its '/'. Nothing when it cannot be read (errno).
  static std::optional<std::vector<std::string>> shown_in(const Descriptor& folder) {
    auto names = names_in(folder);
    if (!names) return {};
    std::vector<std::string> out;
    for (std::string& name : *names) {
      struct stat status {};
      if (!is_shown(name)) continue;
      if (fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (S_ISDIR(status.st_mode)) out.push_back(name + "/");
      if (S_ISREG(status.st_mode)) out.push_back(std::move(name));
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  // Whether the key, or one in the folder of that name, may be asked for.
  [[nodiscard]] bool concerns(const std::string& key, bool is_folder) const {
    const std::string& prefix = request_.prefix;
    const bool leads_to_prefix = is_folder && prefix.starts_with(key);
    if (!key.starts_with(prefix) && !leads_to_prefix) return false;
    if (key > request_.after) return true;
    return is_folder && request_.after.starts_with(key) && request_.after != key;
  }

  bool enter(const Descriptor& folder, const std::string& beginning, const std::string& name,
             std::size_t depth) {
    const std::string key = beginning + name;
    const bool is_listed =
        request_.by_folder && key.starts_with(request_.prefix) && key != request_.prefix;
    if (is_listed && key == request_.after) return true;
    if (is_listed && key > request_.after) {
      return add(key, [&] { page_.folders.push_back(key); });
    }
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    const std::string bare = name.substr(0, name.size() - 1);
    const Descriptor inner(openat(folder.get(), bare.c_str(), kFlags));
    // It was there a moment ago.
    const bool is_gone = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    if (!inner.is_open()) return is_gone || fail(key, errno);
    if (depth == kDeepest) return true;
    return is_listed ? take_rest(inner, key, depth) : take_folder(inner, key, depth + 1);
  }

  // A folder that the request begins in the middle of is listed when there are keys behind that.
  bool take_rest(const Descriptor& folder, const std::string& key, std::size_t depth) {
    const ListRequest first{.prefix = request_.prefix, .after = request_.after, .most = 1};
    ObjectPage rest;
    Walk walk(first, rest);
    walk.take_folder(folder, key, depth + 1);
    trouble_ = walk.trouble_;
    if (trouble_) return false;
    return rest.objects.empty() || add(key, [&] { page_.folders.push_back(key); });
  }

  bool take_file(const Descriptor& folder, const std::string& beginning, const std::string& name) {
    struct stat status {};
    if (fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return true;
    const std::string key = beginning + name;
    return add(key, [&] {
      page_.objects.push_back({.key = key,
                               .bytes = static_cast<std::uint64_t>(status.st_size),
                               .modified = object_time(status),
                               .tag = object_tag(status)});
    });
  }

  // False when there was no room left for it: the page goes on behind the last one.
  template <class Put>
  bool add(const std::string& key, const Put& put) {
    if (page_.objects.size() + page_.folders.size() == request_.most) {
      page_.next = last_;
      return false;
    }
    put();
    last_ = key;
    return true;
  }

  const ListRequest& request_;
  ObjectPage& page_;
  std::string last_;
  std::optional<Error> trouble_;
};

}  // namespace

Result<ObjectPage> list_objects(const Descriptor& root, const std::string& bucket,
                                const ListRequest& request) {
  const auto folder = open_bucket(root, bucket);
  if (!folder) return folder.error();
  ObjectPage page;
  Walk walk(request, page);
  walk.take_folder(*folder, "", 0);
  if (walk.trouble()) return *walk.trouble();
  return page;
}

}  // namespace anim::server
