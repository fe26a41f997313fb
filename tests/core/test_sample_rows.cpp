// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/sample_rows.h"

using anim::ColourChannel;
using anim::ColourPicture;
using anim::SampleType;
using anim::save_row;

namespace {

std::vector<float> loaded(const ColourChannel<const std::uint8_t>& channel, int y,
                          const SampleType& type, int count) {
  std::vector<float> out(static_cast<std::size_t>(count));
  load_row(channel, y, type, count, out.data());
  return out;
}

}  // namespace

TEST_CASE("samples are loaded from where the channel has them") {
  const std::array<std::uint8_t, 16> bytes = {0, 1, 2,  3,  4,  5,  6,  255,
                                              8, 9, 10, 11, 12, 13, 14, 15};
  CHECK(loaded({bytes.data(), 8, {0, 1}}, 1, {}, 3) == std::vector<float>{8, 9, 10});
  CHECK(loaded({bytes.data(), 8, {1, 3}}, 0, {}, 2) == std::vector<float>{1, 4});
  CHECK(loaded({bytes.data(), 8, {3, 4}}, 0, {}, 2) == std::vector<float>{3, 255});
  const std::array<std::uint16_t, 4> wide = {1023, 5, 6, 7};
  const auto* at = reinterpret_cast<const std::uint8_t*>(wide.data());
  CHECK(loaded({at, 0, {0, 1}}, 0, {2, 1023, 1}, 2) == std::vector<float>{1023, 5});
  CHECK(loaded({at, 0, {1, 2}}, 0, {2, 1023, 1}, 2) == std::vector<float>{5, 7});
}

TEST_CASE("values become the nearest sample that there is") {
  const std::array<float, 5> values = {-3, 0.6F, 100.4F, 255.4F, 1e6F};
  std::array<std::uint8_t, 10> bytes{};
  save_row(values.data(), {bytes.data(), 0, {1, 2}}, 0, {}, 5);
  CHECK(bytes == std::array<std::uint8_t, 10>{0, 0, 0, 1, 0, 100, 0, 255, 0, 255});
  std::array<std::uint16_t, 5> wide{};
  save_row(values.data(), {reinterpret_cast<std::uint8_t*>(wide.data()), 0, {0, 1}}, 0,
           {2, 65472, 64}, 5);
  CHECK(wide == std::array<std::uint16_t, 5>{0, 0, 128, 256, 65472});
}

TEST_CASE("pixels that are words are saved at once, and nothing beside them") {
  constexpr int kCount = 67;
  std::array<std::vector<float>, 4> values;
  for (std::size_t c = 0; c < 4; ++c) {
    for (int i = 0; i < kCount; ++i) values[c].push_back(static_cast<float>(50 * c) + i % 50);
  }
  std::vector<std::uint8_t> words(4 * kCount + 1, 7);
  std::vector<std::uint8_t> one_by_one = words;
  ColourPicture<std::uint8_t> target;
  constexpr std::array kPlaces = {2, 0, 3, 1};
  for (std::size_t c = 0; c < 4; ++c) {
    target[c] = {one_by_one.data(), 0, {kPlaces[c], 4}};
    save_row(values[c].data(), target[c], 0, {}, kCount);
    target[c].data = words.data();
  }
  REQUIRE(is_packed(target, {}));
  save_packed_row({values[0].data(), values[1].data(), values[2].data(), values[3].data()}, target,
                  0, {}, kCount);
  CHECK(words == one_by_one);
  target[3].data = nullptr;
  CHECK_FALSE(is_packed(target, {}));
}
