// SPDX-License-Identifier: LGPL-2.1-or-later
// What an ERROR of an element inside the bin means for the run.
#pragma once

#include <optional>
#include <string>

#include <gst/gst.h>

#include "plugins/animtask/failure.h"
#include "plugins/animtask/outputs/output_set.h"
#include "plugins/animtask/outputs/output_words.h"
#include "plugins/animtask/sources/joined_source.h"

namespace anim {

/// At most one of both; neither: it does not matter, or the source is asked again.
struct ChildError {
  std::optional<Failure> failure;
  /// A damaged source gives what could be read of it: it is to be ended.
  std::optional<JoinedSource::Damaged> damaged;
  std::string damage;  ///< what is wrong with it, in words
};

/// Marks the source as damaged, or begins it again, where that is what follows.
[[nodiscard]] ChildError understand(GstMessage* error, JoinedSource& source,
                                    const OutputSet& outputs, const Circumstances& circumstances);

}  // namespace anim
