// SPDX-License-Identifier: LGPL-2.1-or-later
// target-size of both encoders, in pipelines that write files.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gst/gst.h>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "tests/support/encoding.h"

namespace {

using anim::test::Encoding;
using anim::test::Ended;

// A film: drawn patterns have so few colours that a GIF's quality says nothing.
const std::string kSource = std::string("filesrc location=") + std::getenv("ANIM_MEDIA") +
                            "/mp4/bbb_480p_5s_h264_b.mp4 ! decodebin ! videorate ! videoscale ! "
                            "video/x-raw,width=96,height=54,framerate=4/1,pixel-aspect-ratio=1/1";

std::string with_target(const std::string& encoder, std::uint64_t bytes,
                        const std::string& more = "") {
  return encoder + " target-size=" + std::to_string(bytes) + " " + more;
}

std::uint64_t size_at(const std::string& encoder, int quality) {
  Encoding at(kSource, encoder + " quality=" + std::to_string(quality));
  REQUIRE(at.run().is_eos);
  return at.size();
}

struct Kind {
  const char* encoder;
  int lowest;
};
const Kind kKinds[] = {{"animwebpenc", 0}, {"animgifenc", 1}};

}  // namespace

TEST_CASE("the file has the size, counts as any other, and no temporary file is seen") {
  for (const Kind& kind : kKinds) {
    const char* const encoder = kind.encoder;
    CAPTURE(encoder);
    const std::uint64_t low = size_at(encoder, kind.lowest);
    const std::uint64_t high = size_at(encoder, 100);
    REQUIRE(low * 10 < high * 9);
    const std::uint64_t target = (low + high) / 2;
    Encoding made(kSource, with_target(encoder, target));
    const Ended ended = made.run();
    CHECK(ended.is_eos);
    CHECK(ended.warnings.empty());
    CHECK(made.size() <= target);
    CHECK(made.size() * 10 >= target * 9);
    CHECK(made.stat("bytes") == made.size());
    CHECK(made.stat("frames-in") == 20);
    CHECK(made.stat("duration") == 5 * GST_SECOND);
    CHECK(made.spool_is_empty());
  }
}

TEST_CASE("the bytes do not depend on n-threads, nor on the sink") {
  for (const Kind& kind : kKinds) {
    const char* const encoder = kind.encoder;
    CAPTURE(encoder);
    const std::uint64_t target = (size_at(encoder, kind.lowest) + size_at(encoder, 100)) / 2;
    Encoding one(kSource, with_target(encoder, target, "n-threads=1"));
    Encoding many(kSource, with_target(encoder, target, "n-threads=5"));
    Encoding behind(kSource, with_target(encoder, target), " ! queue");
    CHECK(one.run().is_eos);
    CHECK(many.run().is_eos);
    CHECK(behind.run().is_eos);
    CHECK(one.bytes() == many.bytes());
    CHECK(one.bytes() == behind.bytes());
  }
}

TEST_CASE("a size out of reach: the nearest end's file and a warning") {
  for (const Kind& kind : kKinds) {
    const char* const encoder = kind.encoder;
    CAPTURE(encoder);
    Encoding small(kSource, with_target(encoder, 10));
    const Ended too_small = small.run();
    CHECK(too_small.is_eos);
    REQUIRE(too_small.warnings.size() == 1);
    CHECK(too_small.warnings[0].find("even at the lowest quality") != std::string::npos);
    CHECK(small.size() == size_at(encoder, kind.lowest));
    Encoding large(kSource, with_target(encoder, 50'000'000));
    const Ended too_large = large.run();
    CHECK(too_large.is_eos);
    REQUIRE(too_large.warnings.size() == 1);
    CHECK(too_large.warnings[0].find("at the highest quality") != std::string::npos);
    CHECK(large.size() == size_at(encoder, 100));
  }
}

TEST_CASE("lossless with a size is a clear error") {
  for (const std::string what : {"lossless=true", "near-lossless=60"}) {
    Encoding made(kSource, with_target("animwebpenc", 5000, what));
    CHECK(made.run().error.find("lossless") != std::string::npos);
    CHECK(made.stat("bytes") == 0);
  }
}

TEST_CASE("a folder that is not there, and a disk that is full, are clear errors") {
  for (const Kind& kind : kKinds) {
    const char* const encoder = kind.encoder;
    CAPTURE(encoder);
    Encoding made(kSource, with_target(encoder, 5000));
    g_object_set(made.encoder(), "spool-dir", "/nowhere/at/all", nullptr);
    CHECK(made.run().error.find("/nowhere/at/all") != std::string::npos);
    Encoding full(kSource, with_target(encoder, 5000));
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit tight{20'000, before.rlim_max};
    const auto old = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    const Ended ended = full.run();
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old);
    CHECK(ended.error.find("the pictures of the animation") != std::string::npos);
  }
}

TEST_CASE("a change of state ends the search at once, and nothing is left") {
  for (const Kind& kind : kKinds) {
    const char* const encoder = kind.encoder;
    CAPTURE(encoder);
    // Seconds of work for the search.
    Encoding made("videotestsrc num-buffers=40 pattern=snow ! video/x-raw,width=320,height=240",
                  with_target(encoder, 300'000, "n-threads=1 quality=50"));
    made.play();
    while (!made.is_at_end()) g_usleep(10'000);
    g_usleep(20'000);
    const auto before = std::chrono::steady_clock::now();
    made.stop();
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(5));
    CHECK(made.spool_is_empty());
    CHECK(made.stat("bytes") == 0);
  }
}
