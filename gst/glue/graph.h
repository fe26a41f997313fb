// SPDX-License-Identifier: LGPL-2.1-or-later
// Children of the bin: made, put in, and taken out again, each on one line.
#pragma once

#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/chain.h"
#include "gst/core/error.h"
#include "gst/glue/handle.h"

namespace anim {

/// An element of `factory`. Unsupported when it is not installed.
[[nodiscard]] Result<GstElement*> make_element(const char* factory);

/// The same with the settings of `spec`. Unsupported when it has not all of them.
[[nodiscard]] Result<GstElement*> make_from(const ElementSpec& spec);

/// Elements of `specs` in `bin`, linked one after the other. What was made before a failure stays
/// in the bin.
[[nodiscard]] Result<std::vector<GstElement*>> add_chain(GstBin* bin,
                                                         const std::vector<ElementSpec>& specs);

/// Locks the state of `element`, brings it to NULL and takes it out of `bin`. Waits for its
/// streaming threads: not to be called from one of them.
void take_out(GstBin* bin, GstElement* element);

/// Whether `object` is `ancestor` or inside it.
[[nodiscard]] bool is_inside(GstObject* object, GstElement* ancestor);

}  // namespace anim
