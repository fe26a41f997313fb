// SPDX-License-Identifier: LGPL-2.1-or-later
// Both encoders while much is going on: flushes, ends and errors with the pool full of frames.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "tests/support/encoding.h"

namespace {

using anim::glue::adopt;
using anim::test::Encoding;
using anim::test::Ended;

constexpr int kWidth = 32;
constexpr int kHeight = 32;
constexpr int kFrames = 30;

/// Noise in a file, which can be played again; its frames come much faster than two threads encode
/// them.
std::string source() {
  static const TemporaryFolder folder;
  const std::string path = (folder.path() / "noise.yuv").string();
  if (!std::filesystem::exists(path)) {
    std::mt19937 random(3);
    std::ofstream out(path, std::ios::binary);
    for (int i = 0; i < kFrames * kWidth * kHeight * 3 / 2; ++i) {
      out.put(static_cast<char>(random() % 200));
    }
  }
  return "filesrc location=" + path +
         " ! rawvideoparse format=i420 width=" + std::to_string(kWidth) +
         " height=" + std::to_string(kHeight) + " framerate=25/1";
}

const char* const kEncoders[] = {
    "animwebpenc n-threads=2",
    "animgifenc n-threads=2 colors=16",
    "animwebpenc n-threads=2 target-size=25000",
    "animgifenc n-threads=2 colors=16 target-size=17000",
};

std::string undisturbed(const std::string& encoder) {
  Encoding whole(source(), encoder);
  const Ended ended = whole.run();
  REQUIRE(ended.is_eos);
  CHECK(ended.warnings.empty());  // a size out of reach is not searched for
  return whole.bytes();
}

/// Until `buffers` have come to the encoder since `from`, or its stream has ended.
void wait_for(const Encoding& encoding, int from, int buffers) {
  while (encoding.arrived() < from + buffers && !encoding.is_at_end()) g_usleep(1000);
}

void check_quick(const std::function<void()>& work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
}

}  // namespace

TEST_CASE("a stop in the middle is quick, and the next run is as if nothing had been") {
  for (const char* encoder : kEncoders) {
    CAPTURE(encoder);
    const std::string whole = undisturbed(encoder);
    Encoding encoding(source(), encoder);
    for (const int buffers : {1, 3, 9, 25, 100}) {
      CAPTURE(buffers);
      encoding.play();
      wait_for(encoding, encoding.arrived(), buffers);
      check_quick([&] { encoding.stop(); });
      CHECK(encoding.spool_is_empty());
    }
    CHECK(encoding.run().is_eos);
    CHECK((encoding.bytes() == whole));
  }
}

TEST_CASE("flushing seeks in the middle begin anew, without a trace of what was before") {
  for (const char* encoder : kEncoders) {
    CAPTURE(encoder);
    const std::string whole = undisturbed(encoder);
    Encoding encoding(source(), encoder);
    encoding.play();
    for (const int buffers : {1, 4, 12, 30, 2}) {
      wait_for(encoding, encoding.arrived(), buffers);
      check_quick([&] { CHECK(encoding.begin_anew()); });
    }
    const Ended ended = encoding.run();
    CHECK(ended.is_eos);
    CHECK(ended.error.empty());
    CHECK((encoding.bytes() == whole));
    CHECK(encoding.spool_is_empty());
  }
}

TEST_CASE("a flush while the end is worked on abandons it") {
  for (const char* encoder : kEncoders) {
    CAPTURE(encoder);
    const std::string whole = undisturbed(encoder);
    Encoding encoding(source(), encoder);
    encoding.play();
    while (!encoding.is_at_end()) g_usleep(1000);
    check_quick([&] { CHECK(encoding.begin_anew()); });
    CHECK(encoding.run().is_eos);
    CHECK((encoding.bytes() == whole));
  }
}

TEST_CASE("an error downstream is the only one, and the encoder runs again after it") {
  for (const char* encoder : kEncoders) {
    CAPTURE(encoder);
    Encoding encoding(source(), encoder, " ! identity name=broken error-after=1");
    const Ended ended = encoding.run();
    CHECK_FALSE(ended.is_eos);
    CHECK(ended.error.find("Failed after iterations") != std::string::npos);
    const auto broken = adopt(gst_bin_get_by_name(GST_BIN(encoding.pipeline()), "broken"));
    g_object_set(broken.get(), "error-after", -1, nullptr);
    CHECK(encoding.run().is_eos);
    CHECK((encoding.bytes() == undisturbed(encoder)));
  }
}

TEST_CASE("a sink that wants no more ends the stream without an error") {
  for (const char* encoder : kEncoders) {
    CAPTURE(encoder);
    Encoding encoding(source(), encoder, " ! identity eos-after=2");
    const Ended ended = encoding.run();
    CHECK(ended.is_eos);
    CHECK(ended.error.empty());
  }
}
