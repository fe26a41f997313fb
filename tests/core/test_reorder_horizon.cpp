// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/reorder_horizon.h"

using anim::Nanoseconds;
using anim::ReorderHorizon;

namespace {

constexpr Nanoseconds at(int time) {
  return Nanoseconds(time);
}

}  // namespace

TEST_CASE("nothing is certain of a stream without decoding times until enough has come") {
  ReorderHorizon horizon(2);
  horizon.add(at(0), {}, false);
  horizon.add(at(30), {}, false);
  CHECK(!horizon.passed());
  horizon.add(at(10), {}, false);
  CHECK(horizon.passed() == at(-1));
  horizon.add(at(20), {}, false);
  CHECK(horizon.passed() == at(9));
}

TEST_CASE("a codec that shows what it decodes: all before the newest unit") {
  ReorderHorizon horizon(0);
  horizon.add(at(10), {}, false);
  CHECK(horizon.passed() == at(9));
  horizon.add(at(20), {}, false);
  CHECK(horizon.passed() == at(19));
}

TEST_CASE("decoding times tell at once") {
  ReorderHorizon horizon(16);
  horizon.add(at(20), at(0), false);
  CHECK(horizon.passed() == at(-1));
  horizon.add(at(60), at(20), false);
  CHECK(horizon.passed() == at(19));
  horizon.add(at(40), at(40), false);
  CHECK(horizon.passed() == at(39));
}

TEST_CASE("decoding times that cannot be are not believed") {
  ReorderHorizon late(16);
  late.add(at(20), at(30), false);
  CHECK(!late.passed());
  late.add(at(60), at(40), false);
  CHECK(!late.passed());

  ReorderHorizon back(16);
  back.add(at(20), at(20), false);
  back.add(at(60), at(60), false);
  CHECK(back.passed() == at(59));
  back.add(at(40), at(40), false);  // it should have been 20
  back.add(at(100), at(100), false);
  CHECK(back.passed() == at(59));
}

TEST_CASE("nothing follows a closed beginning that is shown before it") {
  ReorderHorizon horizon(16);
  horizon.add(at(0), {}, true);
  horizon.add(at(90), {}, false);
  horizon.add(at(120), {}, true);
  CHECK(horizon.passed() == at(119));
}
