// SPDX-License-Identifier: LGPL-2.1-or-later
// gst-animate-1.0 --batch: the whole of it, from options to exit status.
#pragma once

#include "gst/core/error.h"
#include "gst/tools/exit_status.h"
#include "gst/tools/options.h"
#include "gst/tools/runner.h"

namespace anim::tools {

/// Runs every task of the file, or leads those who do; prints each result as it comes. Fails when
/// there is no batch to be run.
[[nodiscard]] Result<Exit> run_batch(const Options& options);

/// Runs the one task of the batch that --index names, in this process; GStreamer is initialised.
/// Fails when nothing could be written down of it.
[[nodiscard]] Result<Outcome> run_batch_index(const Options& options, const Listener& listener);

}  // namespace anim::tools
