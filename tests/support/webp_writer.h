// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures as an animated WebP, for tests that read it.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/webp_animation.h"

namespace webp_writer {

/// The file of `pictures`, 40 ms each.
inline anim::Bytes encoded(const std::vector<anim::Image>& pictures,
                           const anim::WebpSettings& settings = {}, unsigned threads = 2,
                           anim::AnimationInfo info = {}) {
  using std::chrono::milliseconds;
  info.canvas = pictures.front().size();
  auto encoder = anim::make_webp_animation(info, settings, threads).value();
  anim::Bytes file;
  const auto append = [&file](const anim::Bytes& bytes) {
    file.insert(file.end(), bytes.begin(), bytes.end());
  };
  int start = 0;
  for (const anim::Image& picture : pictures) {
    append(encoder->add(picture.view(), milliseconds(start)).value());
    start += 40;
  }
  append(encoder->finish(milliseconds(start)).value());
  for (const anim::Patch& patch : encoder->patches()) {
    std::copy(patch.bytes.begin(), patch.bytes.end(),
              file.begin() + static_cast<std::ptrdiff_t>(patch.offset));
  }
  CHECK(encoder->stats().bytes == file.size());
  return file;
}

}  // namespace webp_writer
