// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture in both forms.
#include <algorithm>

#include <doctest/doctest.h>

#include "gst/core/picture_forms.h"
#include "gst/core/rgb_yuv.h"

namespace {

using anim::Image;
using anim::PictureForms;
using anim::PixelFormat;

Image grey(PixelFormat format, std::uint8_t level) {
  Image picture(format, {8, 6});
  for (int plane = 0; plane < plane_count(format); ++plane) {
    std::fill_n(picture.plane(plane), plane_bytes(format, {8, 6}, plane).area(), level);
  }
  return picture;
}

}  // namespace

TEST_CASE("the form that was given is given back, not copied") {
  const Image yuv = grey(PixelFormat::I420, 128);
  CHECK(PictureForms(yuv.view()).yuv().data == yuv.view().data);
  const Image rgb = grey(PixelFormat::Bgra, 255);
  CHECK(PictureForms(rgb.view()).rgb().data == rgb.view().data);
}

TEST_CASE("the other form is made once") {
  const Image yuv = grey(PixelFormat::A420, 128);
  const PictureForms forms(yuv.view());
  CHECK(same_pixels(forms.rgb(), rgb_from_yuv(yuv.view()).view()));
  CHECK(forms.rgb().data == forms.rgb().data);
}

TEST_CASE("RGB becomes YUV with alpha only where something is transparent") {
  CHECK(PictureForms(grey(PixelFormat::Bgra, 255).view()).yuv().format == PixelFormat::I420);
  CHECK(PictureForms(grey(PixelFormat::Bgra, 254).view()).yuv().format == PixelFormat::A420);
}
