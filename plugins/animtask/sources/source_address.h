// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the bytes of a source come from, and since when it is as it is.
#pragma once

#include <optional>
#include <string>

#include "gst/core/error.h"
#include "gst/core/uri.h"
#include "gst/core/uri_template.h"
#include "plugins/animtask/net/stores.h"

namespace anim {

/// One source, found.
struct SourceAddress {
  std::string file;  ///< "" when it comes over HTTP or from standard input
  /// In a store: holds the right to read it, and is never to be shown. "" otherwise.
  std::string presigned_url;
  std::string url;  ///< on the web, where it has moved to; "" = to its place
  std::optional<UtcTime> modified;

  [[nodiscard]] bool is_remote() const { return file.empty(); }
};

/// Finds the source. Asks its store, when it is in one: this may take as long as the store's
/// retries, or until `stores` are stopped. Files are not opened.
[[nodiscard]] Result<SourceAddress> find_source(const Place& place, const std::string& storage_root,
                                                const Stores& stores);

}  // namespace anim
