// SPDX-License-Identifier: LGPL-2.1-or-later
// What settings of a GIF mean, and which are refused.
#include <doctest/doctest.h>

#include "gst/core/gif_settings.h"

using anim::GifSettings;

TEST_CASE("what qualities and losses mean in levels") {
  CHECK(anim::gif_tolerance(100) == 0);
  CHECK(anim::gif_tolerance(80) == doctest::Approx(3));
  CHECK(anim::gif_tolerance(20) == doctest::Approx(9));
  CHECK(anim::gif_largest_error(50, 100) == 0);
  CHECK(anim::gif_largest_error(50, 95) == doctest::Approx(2.5));
  CHECK(anim::gif_largest_error(50, 80) == doctest::Approx(5));
  CHECK(anim::gif_largest_error(50, 60) == doctest::Approx(10));
  CHECK(anim::gif_largest_error(0, 60) == 0);
}

TEST_CASE("settings out of their range are refused with what is allowed") {
  CHECK(anim::check_gif_settings({}).ok());
  CHECK(anim::check_gif_settings({.quality = 1, .colors = 2, .lossy = 0}).ok());
  CHECK(anim::check_gif_settings({.quality = 100, .colors = 256, .lossy = 100}).ok());
  const auto refusal = [](const GifSettings& settings) {
    const anim::Status status = anim::check_gif_settings(settings);
    REQUIRE_FALSE(status.ok());
    CHECK(status.error().code == anim::ErrorCode::InvalidArgument);
    return status.error().message;
  };
  CHECK(refusal({.quality = 0}) == "quality is 0, but has to be 1 to 100");
  CHECK(refusal({.quality = 101}) == "quality is 101, but has to be 1 to 100");
  CHECK(refusal({.colors = 1}) == "colors is 1, but has to be 2 to 256");
  CHECK(refusal({.colors = 257}) == "colors is 257, but has to be 2 to 256");
  CHECK(refusal({.lossy = 101}) == "lossy is 101, but has to be 0 to 100");
}
