// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures to make GIFs of, and what giflib reads in these.
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_frames.h"
#include "tests/support/gif_reader.h"

namespace anim::test {

using Pixels = std::vector<Argb>;

struct Shown {
  Pixels pixels;
  int ms;
};

inline Image image_of(Size size, const Pixels& pixels) {
  Image image(PixelFormat::Bgra, size);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    for (unsigned byte = 0; byte < 4; ++byte) {
      image.plane(0)[4 * i + byte] = static_cast<std::uint8_t>(pixels[i] >> (8 * byte));
    }
  }
  return image;
}

inline Bytes encoded(const AnimationInfo& info, const GifSettings& settings,
                     const std::vector<Shown>& frames, int end_ms, unsigned threads = 2) {
  auto encoder = make_gif_encoder(info, settings, threads).value();
  Bytes out;
  const auto append = [&out](const Bytes& more) {
    out.insert(out.end(), more.begin(), more.end());
  };
  for (const Shown& frame : frames) {
    append(
        encoder
            ->add(image_of(info.canvas, frame.pixels).view(), std::chrono::milliseconds(frame.ms))
            .value());
  }
  append(encoder->finish(std::chrono::milliseconds(end_ms)).value());
  CHECK(encoder->stats().bytes == out.size());
  CHECK(encoder->stats().frames_in == frames.size());
  return out;
}

inline ShownGif shown(const AnimationInfo& info, const GifSettings& settings,
                      const std::vector<Shown>& frames, int end_ms) {
  return read_gif(encoded(info, settings, frames, end_ms));
}

/// The canvas at `tick` hundredths.
inline const Pixels& canvas_at(const ShownGif& gif, int tick) {
  for (const auto& frame : gif.frames) {
    if (tick < frame.delay) return frame.canvas;
    tick -= frame.delay;
  }
  return gif.frames.back().canvas;
}

inline double psnr(const Pixels& a, const Pixels& b) {
  double error = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (unsigned shift = 0; shift < 24; shift += 8) {
      const int difference =
          static_cast<int>(a[i] >> shift & 0xFFU) - static_cast<int>(b[i] >> shift & 0xFFU);
      error += difference * difference;
    }
  }
  const double mean = error / (3.0 * static_cast<double>(a.size()));
  return mean == 0 ? 99 : 10 * std::log10(255.0 * 255.0 / mean);
}

inline Pixels generated(Size size, const std::function<Argb(int, int)>& pixel) {
  Pixels out;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) out.push_back(pixel(x, y));
  }
  return out;
}

/// A smooth picture of thousands of colours that moves with `t`.
inline Pixels scenery(Size size, int t) {
  return generated(size, [t](int x, int y) {
    const auto wave = [](double phase) {
      return static_cast<std::uint8_t>(std::lround(127.5 + 127 * std::sin(phase)));
    };
    return anim::opaque({wave(0.03 * (x + t)), wave(0.05 * y), wave(0.02 * (x + y - t))});
  });
}

/// `count` colours in vertical stripes, and a square of colour 0 that moves.
inline Pixels stripes(Size size, int count, int t) {
  return generated(size, [count, t](int x, int y) {
    const bool in_square = x >= t && x < t + 5 && y >= t && y < t + 5;
    const int i = in_square ? 0 : (x + y * 7) % count;
    return anim::opaque({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i * 5),
                         static_cast<std::uint8_t>(255 - i)});
  });
}

inline std::vector<Shown> series(int count, const std::function<Shown(int)>& frame) {
  std::vector<Shown> frames;
  frames.reserve(static_cast<std::size_t>(count));
  for (int t = 0; t < count; ++t) frames.push_back(frame(t));
  return frames;
}

}  // namespace anim::test
