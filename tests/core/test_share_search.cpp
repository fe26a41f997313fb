// SPDX-License-Identifier: LGPL-2.1-or-later
// How much is drawn for so many bytes.
#include <algorithm>
#include <initializer_list>

#include <doctest/doctest.h>

#include "gst/core/share_search.h"

namespace {

using anim::ShareSearch;

struct Found {
  double bytes = 0;  ///< of the largest frame that fits
  int trials = 0;
};

/// `frame` says the bytes of a share, `fixed` of them for nothing.
template <class Frame>
Found search(double allowed, double fixed, Frame frame) {
  ShareSearch search(allowed, 20);
  Found found;
  while (!search.is_done()) {
    const double bytes = frame(search.share());
    search.tell(bytes, fixed);
    if (bytes <= allowed && bytes > found.bytes) found.bytes = bytes;
    ++found.trials;
    REQUIRE(search.share() > 0);
    REQUIRE(search.share() <= ShareSearch::kMostShare);
  }
  return found;
}

}  // namespace

TEST_CASE("nearly all bytes are used, soon, when codes grow with the share") {
  for (const double byte_share : {20'000.0, 50'000.0, 200'000.0}) {
    CAPTURE(byte_share);
    const Found found = search(5000, 800, [&](double share) { return 800 + byte_share * share; });
    const double all = 800 + byte_share * ShareSearch::kMostShare;
    CHECK(found.bytes >= std::min(all, 0.97 * 5000));
    CHECK(found.bytes <= 5000);
    CHECK(found.trials <= 3);
  }
}

TEST_CASE("a table of another size does not lead astray") {
  // Above a share of 0.06 the table is larger, and each pixel takes more.
  const Found found = search(4500, 400, [](double share) {
    return share > 0.06 ? 900 + 70'000 * share : 400 + 62'000 * share;
  });
  CHECK(found.bytes >= 0.88 * 4500);
  CHECK(found.bytes <= 4500);
  CHECK(found.trials <= 5);
}

TEST_CASE("where nothing fits the search ends") {
  const Found found = search(500, 800, [](double share) { return 800 + 50'000 * share; });
  CHECK(found.bytes == 0);
  CHECK(found.trials == 5);
}

TEST_CASE("what has no more to draw ends at the largest share") {
  for (const double bytes : {19.0, 500.0}) {
    const Found found = search(5000, 19, [bytes](double) { return bytes; });
    CHECK(found.bytes == bytes);
    CHECK(found.trials == 2);
  }
}

TEST_CASE("where no frame could be paid for none is tried") {
  CHECK(search(19, 19, [](double) { return 19.0; }).trials == 0);
}
