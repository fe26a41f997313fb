// SPDX-License-Identifier: LGPL-2.1-or-later
#include <utility>

#include <doctest/doctest.h>
#include <fcntl.h>

#include "gst/tools/server/descriptor.h"

using anim::server::Descriptor;

namespace {

bool is_open(int number) {
  return fcntl(number, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("a descriptor is closed with its owner, once") {
  int number = -1;
  {
    Descriptor first(open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = first.get();
    Descriptor second(std::move(first));
    CHECK(second.get() == number);
    CHECK(is_open(number));
    Descriptor third;
    CHECK_FALSE(third.is_open());
    third = std::move(second);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("closing by hand") {
  Descriptor file(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int number = file.get();
  file.close();
  CHECK_FALSE(is_open(number));
  CHECK_FALSE(file.is_open());
  file.close();
}
