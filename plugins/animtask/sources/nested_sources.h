// SPDX-License-Identifier: LGPL-2.1-or-later
// A playlist makes its demuxer read other places. Which ones is for us to allow: a video of
// somebody else must not read this machine's files.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/uri.h"
#include "plugins/animtask/net/fetch.h"
#include "plugins/animtask/net/stop_signal.h"

namespace anim {

/// What the playlist of one source may name.
struct NestedRules {
  Place place;       ///< of the source
  std::string file;  ///< of a source that is a file
  /// Below which files may be read; empty: none. Without symbolic links, "." and "..".
  std::string folder;
  std::vector<std::string> schemes;  ///< allowed ones; http and https matter
};

/// The rules for a source at `place`: files beside the playlist or, of a bucket that is a folder,
/// in the storage root; the web as far as the schemes allow; nothing else, and no files for a
/// source on the web or in a store.
[[nodiscard]] NestedRules nested_rules(const Place& place, const std::string& file,
                                       const std::string& storage_root,
                                       std::vector<std::string> schemes);

/// Whether `uri` may be read. A file must be an ordinary one.
[[nodiscard]] Status check_nested(const NestedRules& rules, const std::string& uri);

/// Whether redirects that a reader follows by itself, to http and https, are all allowed.
[[nodiscard]] bool may_redirect(const NestedRules& rules);

/// Lets `reader` follow redirects by itself only where it may; else they are errors of it.
void limit_redirects(GstElement* reader, const NestedRules& rules);

/// Reads what is at `uri`, of at most `most` bytes; redirects are held against the rules, too.
[[nodiscard]] Result<Fetched> read_nested(const NestedRules& rules, const std::string& uri,
                                          std::size_t most, StopSignal& stop);

/// Watches the elements that are made inside `bin` to read other places. `refuse` is called for one
/// that may not be read, and the element has no place to read then; also for one that gives more
/// than 128 MiB, which demuxers may have to keep whole.
void watch_nested_sources(GstBin* bin, NestedRules rules, std::function<void(Error)> refuse);

}  // namespace anim
