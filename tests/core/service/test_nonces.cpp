// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/nonces.h"

using namespace anim;
using anim::service::Nonces;
using Verdict = anim::service::Nonces::Verdict;

TEST_CASE("a nonce is taken once while it counts") {
  Nonces nonces(10);
  CHECK(nonces.take("a", Moment(0), Moment(100)) == Verdict::New);
  CHECK(nonces.take("a", Moment(50), Moment(150)) == Verdict::Used);
  CHECK(nonces.take("b", Moment(50), Moment(150)) == Verdict::New);
  CHECK(nonces.take("a", Moment(100), Moment(200)) == Verdict::Used);
  CHECK(nonces.take("a", Moment(101), Moment(200)) == Verdict::New);
}

TEST_CASE("nothing that counts is forgotten for want of room") {
  Nonces nonces(100);
  for (int i = 0; i < 100; ++i) {
    CHECK(nonces.take(std::to_string(i), Moment(0), Moment(i)) == Verdict::New);
  }
  CHECK(nonces.take("new", Moment(0), Moment(9)) == Verdict::Full);
  CHECK(nonces.take("0", Moment(0), Moment(9)) == Verdict::Used);
  CHECK(nonces.take("new", Moment(50), Moment(99)) == Verdict::New);
  CHECK(nonces.size() == 51);
}
