// SPDX-License-Identifier: LGPL-2.1-or-later
// score_frames WIDTH HEIGHT ORIGINAL DISTORTED EVERY: a line with the SSIMULACRA2 score of each
// EVERYth frame of two files of packed RGB.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "tests/bench/ssimulacra2.h"

int main(int count, char** arguments) {
  if (count != 6) {
    std::fputs("usage: score_frames WIDTH HEIGHT ORIGINAL DISTORTED EVERY\n", stderr);
    return 2;
  }
  const int width = std::atoi(arguments[1]);
  const int height = std::atoi(arguments[2]);
  const long every = std::atol(arguments[5]);
  if (width < 1 || height < 1 || every < 1) {
    std::fputs("score_frames: sizes and EVERY are numbers from 1\n", stderr);
    return 2;
  }
  std::ifstream original(arguments[3], std::ios::binary);
  std::ifstream distorted(arguments[4], std::ios::binary);
  std::vector<std::uint8_t> a(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                              3);
  std::vector<std::uint8_t> b(a.size());
  const auto read = [](std::ifstream& file, std::vector<std::uint8_t>& frame) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): what istream takes
    return static_cast<bool>(file.read(reinterpret_cast<char*>(frame.data()),
                                       static_cast<std::streamsize>(frame.size())));
  };
  for (long frame = 0;; frame++) {
    const bool more = read(original, a);
    if (more != read(distorted, b)) {
      std::fprintf(stderr, "score_frames: one file ends at frame %ld\n", frame);
      return 1;
    }
    if (!more) {
      return frame == 0 ? 1 : 0;
    }
    if (frame % every == 0) {
      std::printf("%.4f\n", bench::ssimulacra2(a, b, width, height));
    }
  }
}
