// SPDX-License-Identifier: LGPL-2.1-or-later
// A core Error becomes one message on the bus.
#pragma once

#include <gst/gst.h>

#include "gst/core/error.h"

namespace anim::glue {

/// Posts `error` as an ERROR message from `element`.
void post_error(GstElement* element, const Error& error);

/// Posts a WARNING message: something was given that is not as the user may have meant it.
void post_warning(GstElement* element, const Error& warning);

/// Posts `error` and ends the stream.
[[nodiscard]] GstFlowReturn fail(GstElement* element, const Error& error);

}  // namespace anim::glue
