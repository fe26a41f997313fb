// SPDX-License-Identifier: LGPL-2.1-or-later
// Putting finished files in their places, all or none: temporaries beside them, then renames; or
// temporaries in a spool folder, then uploads. Also the files of a topic's messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/task.h"
#include "gst/core/uri.h"
#include "plugins/animtask/net/stores.h"

namespace anim {

/// The file of a source. Fails with InvalidArgument when a symbolic link leads a Bucket place out
/// of the storage root.
[[nodiscard]] Result<std::string> source_file(const Place& place, const std::string& storage_root);

/// Whether the outputs are files of their own: no two are one file by different names (a link, an
/// absolute path), none is one of the files `sources` (empty: not a file). Fails with
/// InvalidArgument.
[[nodiscard]] Status check_places(const std::vector<Place>& outputs,
                                  const std::vector<std::string>& sources,
                                  const std::string& storage_root);

/// The size and the checksum of a file.
struct FileSum {
  std::uint64_t bytes = 0;
  std::string md5;  ///< lower-case hexadecimal
};
[[nodiscard]] Result<FileSum> sum_of(const std::string& file);

/// What names of a task's temporary files begin with, behind their dot.
[[nodiscard]] std::string temporary_name(const std::string& task_id);

/// The outputs of one task on their way to their places. What is not published when this is
/// destroyed leaves no trace: temporaries go, and folders made for them that are empty.
class Publication {
 public:
  /// `spool_dir` ("" = the system's folder of temporary files) is for what goes to a store.
  /// Temporary files have `task_id` in their names, so that those that a task left when it was
  /// killed can be told from others'.
  /// `stores` must outlive it.
  Publication(std::string storage_root, std::string spool_dir, const std::string& task_id,
              const Stores& stores)
      : root_(std::move(storage_root)),
        spool_(std::move(spool_dir)),
        name_(temporary_name(task_id)),
        stores_(stores) {}
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;
  ~Publication();

  /// Makes an empty, hidden temporary file beside the place and returns its path; in the spool
  /// folder for a place in a store. Folders of a bucket are made as needed; the folder of a plain
  /// path must be there.
  [[nodiscard]] Result<std::string> stage(const Place& place, AnimationFormat format);

  /// Uploads and renames the staged files to their places: uploads, which are likelier to fail,
  /// first, else in order. Stops at the first that cannot be.
  [[nodiscard]] Status publish();

  /// Brings the files that were published, and their names, down to the disk.
  [[nodiscard]] Status sync() const;

  /// The URIs in their places so far.
  [[nodiscard]] const std::vector<std::string>& published() const { return published_; }

 private:
  struct Staged {
    Place place;
    AnimationFormat format;
    std::string temporary;
    std::string final;                 ///< of a file
    std::optional<StoreClient> store;  ///< of an object
  };

  [[nodiscard]] Result<std::string> stage_upload(const Place& place, AnimationFormat format,
                                                 const StoreClient& store);
  [[nodiscard]] static Status put_in_place(const Staged& staged);

  std::string root_;
  std::string spool_;
  std::string name_;  ///< with which those of temporary files begin
  const Stores& stores_;
  std::vector<Staged> staged_;
  std::vector<std::string> folders_;  ///< made here, outermost first
  std::vector<std::string> published_;
  std::vector<std::string> files_;  ///< those of published_ that are files
};

/// Writes `text` into `file`, whole or not at all, and down to the disk.
[[nodiscard]] Status write_journal(const std::string& file, const std::string& text);

/// Writes `text` as one new file into the topic's folder, which is made as needed: it appears there
/// whole. `name` is a file name without its extension. A symbolic link that leads the folder out of
/// the storage root is refused.
[[nodiscard]] Status write_topic_message(std::string_view topic, const std::string& storage_root,
                                         const std::string& name, const std::string& text);

}  // namespace anim
