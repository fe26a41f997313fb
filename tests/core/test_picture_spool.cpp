// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/picture_spool.h"
#include "tests/support/temporary_folder.h"

using anim::Image;
using anim::ImageView;
using anim::Nanoseconds;
using anim::PictureSpool;
using anim::PixelFormat;
using anim::Status;

namespace {

Image picture(PixelFormat format, int seed) {
  Image out(format, {5, 3});
  for (int plane = 0; plane < plane_count(format); ++plane) {
    const int count = static_cast<int>(plane_bytes(format, {5, 3}, plane).area());
    for (int i = 0; i < count; ++i) {
      out.plane(plane)[i] = static_cast<std::uint8_t>(seed * 31 + plane * 7 + i);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("pictures of all formats come back with their times, as often as asked") {
  const TemporaryFolder folder;
  auto spool = PictureSpool::create(folder.text());
  REQUIRE(spool.ok());
  const std::vector<Image> given = {picture(PixelFormat::I420, 1), picture(PixelFormat::I420, 1),
                                    picture(PixelFormat::A420, 1), picture(PixelFormat::Bgra, 2),
                                    picture(PixelFormat::Rgba, 2), picture(PixelFormat::Rgba, 3)};
  for (std::size_t i = 0; i < given.size(); ++i) {
    REQUIRE(spool->add(given[i].view(), Nanoseconds(100 * i)).ok());
  }
  for (int round = 0; round < 2; ++round) {
    std::size_t i = 0;
    CHECK(spool
              ->for_each([&](const ImageView& view, Nanoseconds start) -> Status {
                CHECK(same_pixels(view, given.at(i).view()));
                CHECK(start == Nanoseconds(100 * i));
                ++i;
                return anim::success();
              })
              .ok());
    CHECK(i == given.size());
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("the first error of a visit ends it") {
  auto spool = PictureSpool::create("");
  REQUIRE(spool.ok());
  for (int i = 0; i < 5; ++i) {
    REQUIRE(spool->add(picture(PixelFormat::I420, i).view(), Nanoseconds(i)).ok());
  }
  int visited = 0;
  const Status status = spool->for_each([&](const ImageView&, Nanoseconds) -> Status {
    if (++visited < 3) return anim::success();
    return anim::Error{anim::ErrorCode::EncodeFailed, "enough", {}};
  });
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().message == "enough");
  CHECK(visited == 3);
}
