// SPDX-License-Identifier: LGPL-2.1-or-later
// What the samplegate before the decoder is told of a task: the union of what its animations want.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "gst/core/rational.h"
#include "gst/core/task.h"

namespace anim {

/// Sets `wanted` of `gate`. `unit_rate` is the frame rate that the encoded stream states.
void set_wanted(GstElement* gate, const Task& task, std::optional<Rational> unit_rate);

}  // namespace anim
