// SPDX-License-Identifier: LGPL-2.1-or-later
// Places that a task names: oss://bucket/key, s3://bucket/key, plain paths, file://, http(s):// and
// "-" for standard input. A hostile name is refused here, before anything touches the file system.
#pragma once

#include <string>
#include <string_view>

#include "gst/core/error.h"

namespace anim {

/// Where something is read from or written to.
struct Place {
  enum class Kind {
    Bucket,  ///< oss://bucket/key: below the storage root, or in the store that is configured
    S3,      ///< s3://bucket/key: in a store, never on this machine
    File,    ///< a path of the file system
    Http,    ///< a source on the web
    Stdin,   ///< "-": a source that is read from standard input, once
  };
  Kind kind = Kind::File;
  std::string uri;     ///< as written
  std::string bucket;  ///< of a Bucket or S3: a name without '/', never hidden
  /// Bucket and S3: the key, whose segments are neither empty nor "." nor "..". File: the path (of
  /// a file:// URI percent-decoded). Http: the decoded path without its first '/'. Stdin: empty.
  std::string key;
};

/// The scheme of a URI in small letters: "oss", "https", ...; "path" for a plain path, "stdin" for
/// "-".
[[nodiscard]] std::string uri_scheme(std::string_view uri);

/// Why `key` is none below a bucket, for whoever reads or writes it; "" when it is one.
[[nodiscard]] std::string_view fault_of_key(std::string_view key);

/// Reads the URI of a source. Fails with InvalidArgument, or Unsupported for another scheme; the
/// message begins with the URI in quotes.
[[nodiscard]] Result<Place> source_place(std::string_view uri);

/// Reads the URI of an output (templates already expanded): as a source, but neither http(s) nor
/// "-".
[[nodiscard]] Result<Place> output_place(std::string_view uri);

/// The file of a File place or of a Bucket that is a folder; "<storage_root>/bucket/key" or the
/// path itself. Only for these.
[[nodiscard]] std::string local_path(const Place& place, std::string_view storage_root);

/// An http(s) URL without what may be secret in it: user and password, query, fragment.
[[nodiscard]] std::string bare_url(std::string_view url);

/// The folder of a topic's messages: "<storage_root>/.topics/<topic>".
[[nodiscard]] std::string topic_folder(std::string_view topic, std::string_view storage_root);

/// Whether a topic's name is one: letters, digits, '-', '_' and '.', not beginning with '.', at
/// most 255.
[[nodiscard]] bool is_topic_name(std::string_view topic);

/// Whether `path` is below `root`. Both absolute and resolved (no symbolic link, "." or ".." left),
/// as realpath() gives them: how a caller learns that a link leads out of the storage root.
[[nodiscard]] bool is_below(std::string_view root, std::string_view path);

}  // namespace anim
