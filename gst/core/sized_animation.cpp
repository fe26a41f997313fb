// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/sized_animation.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gst/core/picture_spool.h"
#include "gst/core/spool_file.h"

namespace anim {
namespace {

constexpr std::size_t kPiece = 1 << 20;  // bytes that leave at once

/// A file made at some quality. Bytes beyond what it may keep are counted only, and one that the
/// format cannot hold is given up: it is too large, unless there is none smaller.
class Try {
 public:
  Try(SpoolFile file, double quality, std::unique_ptr<AnimationEncoder> encoder, std::uint64_t most)
      : file_(std::move(file)), quality_(quality), encoder_(std::move(encoder)), most_(most) {}

  Status add(const ImageView& picture, Nanoseconds start) {
    if (!encoder_) return success();
    auto bytes = encoder_->add(picture, start);
    return bytes ? keep(*bytes) : give_up(bytes.error());
  }

  Status finish(Nanoseconds end) {
    if (!encoder_) return success();
    auto bytes = encoder_->finish(end);
    if (!bytes) return give_up(bytes.error());
    if (Status status = keep(*bytes); !status) return status;
    for (const Patch& patch : encoder_->patches()) {
      if (!is_whole()) break;
      if (Status status = file_.write_at(patch.offset, patch.bytes); !status) return status;
    }
    stats_ = encoder_->stats();
    encoder_.reset();
    return success();
  }

  [[nodiscard]] bool is_whole() const { return size_ == file_.size(); }
  [[nodiscard]] double quality() const { return quality_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const AnimationStats& stats() const { return stats_; }
  [[nodiscard]] const SpoolFile& file() const { return file_; }

 private:
  Status give_up(const Error& error) {
    constexpr std::uint64_t kMost = UINT64_MAX;
    if (error.code != ErrorCode::LimitExceeded || most_ == kMost) return error;
    encoder_.reset();
    size_ = std::max(size_, most_ < kMost / 2 ? 2 * most_ : kMost);
    return success();
  }

  Status keep(const Bytes& bytes) {
    size_ += bytes.size();
    return size_ <= most_ ? file_.append(bytes) : success();
  }

  SpoolFile file_;
  double quality_;
  std::unique_ptr<AnimationEncoder> encoder_;  ///< null when the file is finished or given up
  std::uint64_t most_;
  std::uint64_t size_ = 0;
  AnimationStats stats_;
};

class SizedAnimation final : public AnimationEncoder {
 public:
  SizedAnimation(EncoderAt encoder_at, SizeGoal goal, PictureSpool pictures)
      : encoder_at_(std::move(encoder_at)),
        goal_(std::move(goal)),
        pictures_(std::move(pictures)),
        search_(goal_.target, goal_.range, goal_.first) {}

  /// The first try, which is made while the pictures come.
  Status begin() { return make_try(*search_.next()); }

  Result<Bytes> add(const ImageView& picture, Nanoseconds start) override {
    if (Status status = current_->add(picture, start); !status) return status.error();
    if (Status status = pictures_.add(picture, start); !status) return status.error();
    ++frames_in_;
    return Bytes();
  }

  Result<Bytes> finish(Nanoseconds end) override {
    if (Status status = end_try(end); !status) return status.error();
    while (const auto quality = search_.next()) {
      if (Status status = encode_at(*quality, end); !status) return status.error();
    }
    warn_of_misses();
    stats_ = best_->stats();
    return rest();
  }

  Result<Bytes> rest() override {
    const std::uint64_t left = best_->file().size() - given_;
    Bytes out(static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece)));
    if (Status status = best_->file().read_at(given_, out); !status) return status.error();
    given_ += out.size();
    return out;
  }

  [[nodiscard]] std::vector<Patch> patches() const override { return {}; }
  [[nodiscard]] AnimationStats stats() const override {
    return stats_ ? *stats_ : AnimationStats{.frames_in = frames_in_};
  }

 private:
  Status make_try(double quality) {
    auto encoder = encoder_at_(quality);
    if (!encoder) return encoder.error();
    auto file = SpoolFile::create(goal_.folder, "the animation");
    if (!file) return file.error();
    // The smallest file there is counts whatever its size.
    const bool is_last_resort = quality <= goal_.range.lowest;
    current_.emplace(std::move(*file), quality, std::move(*encoder),
                     is_last_resort ? UINT64_MAX : goal_.target);
    return success();
  }

  Status encode_at(double quality, Nanoseconds end) {
    if (Status status = make_try(quality); !status) return status;
    const Status status = pictures_.for_each([&](const ImageView& picture, Nanoseconds start) {
      return goal_.is_cancelled() ? cancelled() : current_->add(picture, start);
    });
    return status ? end_try(end) : status;
  }

  Status end_try(Nanoseconds end) {
    if (Status status = current_->finish(end); !status) return status;
    if (goal_.is_cancelled()) return cancelled();
    search_.add(current_->quality(), current_->size());
    if (current_->is_whole() && is_better(*current_)) best_ = std::move(current_);
    current_.reset();
    return success();
  }

  /// What fits is better than the last resort; of two that fit the larger, then the finer one.
  [[nodiscard]] bool is_better(const Try& made) const {
    if (!best_ || best_->size() > goal_.target) return true;
    if (made.size() > goal_.target) return false;
    return std::pair(made.size(), made.quality()) > std::pair(best_->size(), best_->quality());
  }

  static Status cancelled() { return Error{ErrorCode::Internal, "cancelled", {}}; }

  void warn_of_misses() const {
    const auto bytes = [](std::uint64_t n) { return std::to_string(n) + " bytes"; };
    const std::uint64_t size = best_->size();
    const std::string wanted = "; target-size asks for " + bytes(goal_.target);
    if (size > goal_.target) {
      goal_.warn({ErrorCode::OutOfRange,
                  "the animation has " + bytes(size) + " even at the lowest quality" + wanted +
                      "; make it shorter or its pictures smaller",
                  {}});
    } else if (best_->quality() >= goal_.range.highest && size * 10 < goal_.target * 9) {
      goal_.warn({ErrorCode::OutOfRange,
                  "the animation has only " + bytes(size) + " at the highest quality" + wanted,
                  {}});
    }
  }

  EncoderAt encoder_at_;
  SizeGoal goal_;
  PictureSpool pictures_;
  SizeSearch search_;
  std::optional<Try> current_;
  std::optional<Try> best_;
  std::uint64_t frames_in_ = 0;
  std::uint64_t given_ = 0;  ///< bytes of the best file that have left
  std::optional<AnimationStats> stats_;
};

}  // namespace

Result<std::unique_ptr<AnimationEncoder>> make_sized_animation(EncoderAt encoder_at,
                                                               SizeGoal goal) {
  auto pictures = PictureSpool::create(goal.folder);
  if (!pictures) return pictures.error();
  auto out = std::make_unique<SizedAnimation>(std::move(encoder_at), std::move(goal),
                                              std::move(*pictures));
  if (Status status = out->begin(); !status) return status.error();
  return std::unique_ptr<AnimationEncoder>(std::move(out));
}

}  // namespace anim
