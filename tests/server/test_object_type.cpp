// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/tools/server/object_type.h"

using anim::server::object_type;

TEST_CASE("videos and pictures are named, all else is bytes") {
  CHECK(object_type("v/a.mov") == "video/quicktime");
  CHECK(object_type("a.b.WEBP") == "image/webp");
  for (const char* key : {"a.html", "a.svg", "a.js", "mp4", "x.mp4/a", "a.", ""}) {
    CAPTURE(key);
    CHECK(object_type(key) == "application/octet-stream");
  }
}
