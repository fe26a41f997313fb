// SPDX-License-Identifier: LGPL-2.1-or-later
// A file becomes an object, whole or not at all: in one request, or in parts above a size. What
// arrives is held against its MD5.
#pragma once

#include <string>

#include "gst/core/error.h"
#include "gst/core/store/multipart.h"
#include "gst/core/uri.h"
#include "plugins/animtask/net/store_client.h"

namespace anim {

/// Uploads `file`. When it fails, parts that have arrived are taken back.
[[nodiscard]] Status upload(const StoreClient& store, const Place& place, const std::string& file,
                            const std::string& content_type, const MultipartRule& rule = {});

}  // namespace anim
