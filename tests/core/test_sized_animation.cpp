// SPDX-License-Identifier: LGPL-2.1-or-later
// The search for a size over an encoder that writes as many bytes as its quality says.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/sized_animation.h"
#include "tests/support/temporary_folder.h"

using anim::AnimationEncoder;
using anim::AnimationStats;
using anim::Bytes;
using anim::Error;
using anim::ErrorCode;
using anim::Image;
using anim::ImageView;
using anim::Nanoseconds;
using anim::Patch;
using anim::PixelFormat;
using anim::Result;
using anim::SizeGoal;

namespace {

/// A picture becomes `quality` squared bytes of its first sample; the end is "E", patched to "P".
class FakeEncoder final : public AnimationEncoder {
 public:
  FakeEncoder(double quality, double most)
      : bytes_(static_cast<std::size_t>(quality * quality)), is_too_fine_(quality > most) {}

  Result<Bytes> add(const ImageView& picture, Nanoseconds /*start*/) override {
    if (is_too_fine_) return Error{ErrorCode::LimitExceeded, "too fine for the format", {}};
    ++stats_.frames_in;
    ++stats_.frames_stored;
    return counted(Bytes(bytes_, picture.row(0, 0)[0]));
  }
  Result<Bytes> finish(Nanoseconds end) override {
    stats_.duration = end;
    return counted(Bytes(1, 'E'));
  }
  [[nodiscard]] std::vector<Patch> patches() const override {
    return {{stats_.bytes - 1, Bytes(1, 'P')}};
  }
  [[nodiscard]] AnimationStats stats() const override { return stats_; }

 private:
  Bytes counted(Bytes bytes) {
    stats_.bytes += bytes.size();
    return bytes;
  }

  std::size_t bytes_;
  bool is_too_fine_;
  AnimationStats stats_;
};

/// What came of an animation.
struct Made {
  Bytes file;
  AnimationStats stats;
  std::vector<std::string> warnings;
  std::vector<double> qualities;
  std::optional<Error> error;
};

constexpr int kFrames = 30;

Made made(std::uint64_t target, int frames = kFrames, const std::string& folder = "",
          int cancel_after = -1, double most_quality = 100) {
  Made out;
  int asked = 0;
  SizeGoal goal;
  goal.target = target;
  goal.folder = folder;
  goal.is_cancelled = [&] { return cancel_after >= 0 && asked++ >= cancel_after; };
  goal.warn = [&](const Error& warning) { out.warnings.push_back(warning.message); };
  auto encoder = anim::make_sized_animation(
      [&](double quality) -> Result<std::unique_ptr<AnimationEncoder>> {
        out.qualities.push_back(quality);
        return std::unique_ptr<AnimationEncoder>(
            std::make_unique<FakeEncoder>(quality, most_quality));
      },
      goal);
  REQUIRE(encoder.ok());
  for (int i = 0; i < frames; ++i) {
    Image picture(PixelFormat::I420, {2, 2});
    std::fill_n(picture.plane(0), 6, static_cast<std::uint8_t>(i / 2));
    const auto bytes = (*encoder)->add(picture.view(), Nanoseconds(i));
    REQUIRE(bytes.ok());
    CHECK(bytes.value().empty());
  }
  CHECK((*encoder)->stats().frames_in == static_cast<std::uint64_t>(frames));
  if (!folder.empty()) CHECK(std::filesystem::is_empty(folder));
  auto piece = (*encoder)->finish(Nanoseconds(frames));
  while (piece && !piece->empty()) {
    out.file.insert(out.file.end(), piece->begin(), piece->end());
    piece = (*encoder)->rest();
  }
  if (!piece) out.error = piece.error();
  CHECK((*encoder)->patches().empty());
  out.stats = (*encoder)->stats();
  return out;
}

}  // namespace

TEST_CASE("the file is of the size, whole, and patched") {
  for (const std::uint64_t target : {2'000U, 40'000U, 169'000U, 290'000U}) {
    CAPTURE(target);
    const TemporaryFolder folder;
    const Made got = made(target, kFrames, folder.text());
    CHECK(got.file.size() <= target);
    CHECK(static_cast<double>(got.file.size()) >= 0.9 * static_cast<double>(target));
    CHECK(got.file.back() == 'P');
    CHECK(got.warnings.empty());
    CHECK(got.stats.bytes == got.file.size());
    CHECK(got.stats.frames_in == kFrames);
    CHECK(got.stats.duration == Nanoseconds(kFrames));
    CHECK(got.qualities.size() <= 10);
    CHECK(got.qualities.front() == 75);
    // Every picture, in order, as often as it was given.
    const std::size_t each = (got.file.size() - 1) / kFrames;
    for (std::size_t i = 0; i < kFrames; ++i) CHECK(got.file[i * each] == i / 2);
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

TEST_CASE("what the format cannot hold is too large, and an error where nothing is smaller") {
  const Made got = made(169'000, kFrames, "", -1, 60);
  CHECK_FALSE(got.error);
  CHECK(got.qualities.front() == 75);
  CHECK(got.file.back() == 'P');
  CHECK(got.file.size() > 90'000);
  CHECK(got.file.size() <= kFrames * 3600 + 1);
  const Made none = made(169'000, kFrames, "", -1, -1);
  REQUIRE(none.error);
  CHECK(none.error->message == "too fine for the format");
}

TEST_CASE("files larger than a piece leave in pieces") {
  const Made got = made(3'000'000, 300);
  CHECK(got.file.size() > 2'700'000);
  CHECK(got.file.size() <= 3'000'000);
  CHECK(got.file.back() == 'P');
}

TEST_CASE("a size that no quality gives: the nearest end and a warning") {
  const Made large = made(1'000'000);
  CHECK(large.file.size() == kFrames * 10'000 + 1);
  REQUIRE(large.warnings.size() == 1);
  CHECK(large.warnings[0].find("only 300001 bytes at the highest quality") != std::string::npos);
  CHECK(large.warnings[0].find("asks for 1000000 bytes") != std::string::npos);
  // The fake's smallest file is one byte.
  const Made small = made(0);
  CHECK(small.file == Bytes(1, 'P'));
  REQUIRE(small.warnings.size() == 1);
  CHECK(small.warnings[0].find("1 bytes even at the lowest quality") != std::string::npos);
}

TEST_CASE("cancelled, it ends soon, with an error and no warning") {
  for (const int after : {0, 1, 5, 40}) {
    CAPTURE(after);
    const Made got = made(5'000, kFrames, "", after);
    CHECK(got.error);
    CHECK(got.warnings.empty());
    CHECK(got.file.empty());
  }
}

TEST_CASE("an encoder that cannot be made, or a folder that is not there, is an error at once") {
  SizeGoal goal;
  goal.target = 100;
  const anim::EncoderAt none = [](double) -> Result<std::unique_ptr<AnimationEncoder>> {
    return Error{ErrorCode::LimitExceeded, "too wide", {}};
  };
  CHECK(anim::make_sized_animation(none, goal).error().message == "too wide");
  goal.folder = "/nowhere/at/all";
  CHECK(anim::make_sized_animation(none, goal).error().message.find("/nowhere/at/all") !=
        std::string::npos);
}
