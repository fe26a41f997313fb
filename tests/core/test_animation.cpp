// SPDX-License-Identifier: LGPL-2.1-or-later
// The assembler over a format that writes text instead of pictures.
#include <deque>
#include <new>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/animation.h"

namespace {

using anim::Bytes;
using anim::Error;
using anim::Image;
using anim::ImageView;
using anim::Nanoseconds;
using anim::PixelFormat;
using anim::Result;
using anim::Ticks;

Bytes text(const std::string& s) {
  return {s.begin(), s.end()};
}

/// Writes "[value x ticks]" for a picture whose first byte is value; equal pictures merge. Frames
/// are encoded two pictures late. The job of 254 throws, and 253 turns out to draw nothing.
struct TextFormat {
  using Frame = int;
  static constexpr Ticks kTicksPerSecond = 100;
  static constexpr Ticks kShortestTicks = 2;

  Result<bool> look(const ImageView& picture, anim::Ticks /*start*/) {
    const int value = picture.row(0, 0)[0];
    if (value == 255) return Error{anim::ErrorCode::EncodeFailed, "no 255", {}};
    if (value == shown) return false;
    shown = value;
    waiting.push_back(value);
    return true;
  }
  std::optional<anim::OrderedJob<Result<Frame>>> next_job(std::optional<anim::Ticks> end) {
    if (waiting.empty() || (waiting.size() <= 2 && !end)) return std::nullopt;
    const int value = waiting.front();
    waiting.pop_front();
    return anim::OrderedJob<Result<Frame>>{.result = [value]() -> Result<Frame> {
      if (value == 254) throw std::bad_alloc();
      return value;
    }};
  }
  static Result<Bytes> header() { return text("<"); }
  static bool draws(Frame value) { return value != 253; }
  static Result<Bytes> frame(Frame value, const Frame* next, Ticks duration) {
    const std::string end = next != nullptr ? "]" : ".]";
    return text("[" + std::to_string(value) + "x" + std::to_string(duration) + end);
  }
  static Result<Bytes> trailer() { return text(">"); }
  static std::vector<anim::Patch> patches() { return {}; }

  int shown = -1;
  std::deque<int> waiting;
};

struct Shown {
  int value;
  int ms;
};

std::string assembled(const std::vector<Shown>& frames, int end_ms, unsigned threads = 2) {
  anim::Animation<TextFormat> animation({.canvas = {1, 1}}, std::make_unique<TextFormat>(),
                                        threads);
  std::string out;
  const auto append = [&out](const Bytes& bytes) { out.append(bytes.begin(), bytes.end()); };
  for (const Shown& frame : frames) {
    Image picture(PixelFormat::Rgba, {1, 1});
    picture.plane(0)[0] = static_cast<std::uint8_t>(frame.value);
    append(animation.add(picture.view(), std::chrono::milliseconds(frame.ms)).value());
  }
  append(animation.finish(std::chrono::milliseconds(end_ms)).value());
  return out;
}

}  // namespace

TEST_CASE("a frame lasts until the next one, the last until the end") {
  CHECK(assembled({{1, 0}, {2, 100}, {3, 150}}, 250) == "<[1x10][2x5][3x10.]>");
}

TEST_CASE("equal frames become one longer frame") {
  CHECK(assembled({{1, 0}, {1, 100}, {2, 200}, {2, 300}}, 400) == "<[1x20][2x20.]>");
}

TEST_CASE("a frame that draws nothing after all makes the one before longer") {
  CHECK(assembled({{1, 0}, {253, 100}, {2, 200}, {3, 300}}, 400) == "<[1x20][2x10][3x10.]>");
  CHECK(assembled({{1, 0}, {2, 100}, {253, 200}}, 400) == "<[1x10][2x30.]>");
  // What may follow it does not depend on when that is known.
  CHECK(assembled({{1, 0}, {253, 100}, {2, 110}}, 400) == "<[1x12][2x28.]>");
}

TEST_CASE("a frame that comes before the shortest time is left out") {
  CHECK(assembled({{1, 0}, {2, 10}, {3, 20}, {4, 30}}, 40) == "<[1x2][3x2.]>");
}

TEST_CASE("a picture that came too early but stays is shown as soon as possible") {
  CHECK(assembled({{1, 0}, {2, 10}, {3, 5000}}, 6000) == "<[1x2][2x498][3x100.]>");
  CHECK(assembled({{1, 0}, {2, 10}}, 2010) == "<[1x2][2x199.]>");
  CHECK(assembled({{1, 0}, {2, 10}, {2, 20}}, 100) == "<[1x2][2x8.]>");
}

TEST_CASE("what a job throws is an error") {
  anim::Animation<TextFormat> animation({.canvas = {1, 1}}, std::make_unique<TextFormat>(), 1);
  Image picture(PixelFormat::Rgba, {1, 1});
  picture.plane(0)[0] = 254;
  CHECK(animation.add(picture.view(), Nanoseconds(0)).ok());
  const auto ended = animation.finish(std::chrono::milliseconds(100));
  REQUIRE_FALSE(ended.ok());
  CHECK(ended.error().code == anim::ErrorCode::EncodeFailed);
}

TEST_CASE("the bytes do not depend on the number of threads") {
  std::vector<Shown> frames;
  frames.reserve(200);
  for (int i = 0; i < 200; ++i) frames.push_back({i % 7, i * 33});
  for (int i = 0; i < 200; i += 9) frames[i].value = 253;
  frames[0].value = 0;
  const std::string one = assembled(frames, 6600, 1);
  CHECK(one == assembled(frames, 6600, 3));
  CHECK(one == assembled(frames, 6600, 16));
}

TEST_CASE("errors say what was given") {
  anim::Animation<TextFormat> animation({.canvas = {2, 2}}, std::make_unique<TextFormat>(), 1);
  const Image picture(PixelFormat::Rgba, {3, 1});
  const auto refused = animation.add(picture.view(), Nanoseconds(0));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("3x1") != std::string::npos);
  CHECK(refused.error().message.find("2x2") != std::string::npos);
  CHECK_FALSE(animation.finish(Nanoseconds(0)).ok());
}
