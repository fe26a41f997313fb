// SPDX-License-Identifier: LGPL-2.1-or-later
// The element that gives a source's bytes: filesrc, fdsrc, souphttpsrc.
#pragma once

#include <string>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "plugins/animtask/net/stop_signal.h"
#include "plugins/animtask/sources/nested_sources.h"
#include "plugins/animtask/sources/source_address.h"

namespace anim {

/// One source of a task.
struct SourceInput {
  NestedRules rules;  ///< its place, and what a playlist there may name
  SourceAddress address;
  StopSignal* stop;  ///< ends whatever waits for a network; outlives the source
};

/// Checks the file, when it is one, and makes the reader. On the web it follows redirects by itself
/// only where all of them are allowed.
[[nodiscard]] Result<GstElement*> make_reader(const SourceInput& input);

/// The same source on the web where its server's redirects lead to, each of them allowed. May take
/// as long as the servers' retries, or until `stop`.
[[nodiscard]] Result<SourceInput> moved(SourceInput input, StopSignal& stop);

}  // namespace anim
