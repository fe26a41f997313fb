// SPDX-License-Identifier: LGPL-2.1-or-later
// A reader of a URL that is a right to read: souphttpsrc that keeps it to itself.
#pragma once

#include <string>

#include <gst/gst.h>

#include "gst/core/error.h"

namespace anim {

/// Makes a reader of `url`, presigned, http or https. Its property `location` reads as `shown`, in
/// dumps of pipelines too. Redirects are errors: a signature is good for one host alone.
[[nodiscard]] Result<GstElement*> make_presigned_reader(const std::string& url,
                                                        const std::string& shown);

/// `text` without what follows the '?' of URLs in it: what elements say of a presigned URL.
[[nodiscard]] std::string without_queries(const std::string& text);

}  // namespace anim
