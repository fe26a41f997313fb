// SPDX-License-Identifier: LGPL-2.1-or-later
// How much memory a process that runs a task needs.
#pragma once

namespace anim::tools {

/// In MiB, of what it may write to. With less than 192, GStreamer cannot look at its plugins, and
/// remembers for later processes, too, that there is no decoder.
inline constexpr int kLeastWorkerMemory = 256;

}  // namespace anim::tools
