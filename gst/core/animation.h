// SPDX-License-Identifier: LGPL-2.1-or-later
// Assembling an animation: timed pictures in, the bytes of one file out, frame by frame.
//
//   picture + time -> TickGrid -> Format::look -> next_job -> OrderedPool -> Format::frame -> bytes
//                     drop or     merge when      when it     encode on      in order
//                     keep        nothing has     is ready    any thread
//                                 changed
//
// A format (WebP, GIF) is the room that a better codec replaces; what is here stays.
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/image.h"
#include "gst/core/ordered_pool.h"
#include "gst/core/timing.h"

namespace anim {

/// What an animation says once, before its first frame.
struct AnimationInfo {
  Size canvas;
  unsigned plays = 0;            ///< total plays; 0 = for ever
  std::uint32_t background = 0;  ///< 0xAARRGGBB, a hint that most viewers ignore
  Bytes exif = {};               ///< TIFF header first; empty = none. WebP alone, as is xmp
  Bytes xmp = {};
};

/// Bytes that replace those at `offset` of what was written, when the file is complete.
struct Patch {
  std::uint64_t offset = 0;
  Bytes bytes;
};

/// What an encoder made so far.
struct AnimationStats {
  std::uint64_t frames_in = 0;      ///< pictures given
  std::uint64_t frames_stored = 0;  ///< frames in the file, after merging
  std::uint64_t bytes = 0;          ///< bytes handed out
  Nanoseconds duration{0};          ///< of the whole animation, known when finished
};

/// Turns timed pictures into an animated image. Used from one thread; encodes on many.
/// After an error an encoder is of no more use than to be destroyed.
class AnimationEncoder {
 public:
  virtual ~AnimationEncoder() = default;

  /// Shows `picture` from `start` on (running time; the first one's is zero of the animation).
  /// The planes are not kept. Returns bytes to append to the output, possibly none.
  /// Fails when the picture's size is not the canvas's, or the codec or the format refuses.
  virtual Result<Bytes> add(const ImageView& picture, Nanoseconds start) = 0;

  /// The animation ends at `end`. Returns bytes to append; those of rest() follow.
  virtual Result<Bytes> finish(Nanoseconds end) = 0;

  /// Further bytes to append after those of finish(), a piece at a time; empty when there are none.
  virtual Result<Bytes> rest() { return Bytes(); }

  /// What to replace in the bytes written, after finish().
  [[nodiscard]] virtual std::vector<Patch> patches() const = 0;

  [[nodiscard]] virtual AnimationStats stats() const = 0;
};

/// The encoder over one `Format`, which provides:
///   struct Frame;                                    an encoded frame, without its duration
///   static constexpr Ticks kTicksPerSecond, kShortestTicks;
///   Result<bool> look(const ImageView&, Ticks start); called in order; false = nothing has changed
///   std::optional<OrderedJob<Result<Frame>>> next_job(std::optional<Ticks> end);
///                                                    of the oldest picture that look() found
///                                                    changed and whose frame is ready; when the
///                                                    animation's end is known they all are
///   Result<Bytes> header();                          called once, before the first frame
///   static bool draws(const Frame&);                 false = it shows nothing new, and the one
///                                                    before lasts longer; never of the first
///   Result<Bytes> frame(const Frame&, const Frame* next, Ticks duration);
///                                                    called in order; nothing follows the last one
///   Result<Bytes> trailer();
///   std::vector<Patch> patches() const;
/// A job must not touch the format: it runs beside later calls.
template <class Format>
class Animation final : public AnimationEncoder {
 public:
  /// `threads`, the caller's among them, encode side by side (0 = all cores). The bytes do not
  /// depend on the number.
  Animation(const AnimationInfo& info, std::unique_ptr<Format> format, unsigned threads)
      : canvas_(info.canvas), format_(std::move(format)), pool_(threads) {}

  Result<Bytes> add(const ImageView& picture, Nanoseconds start) override {
    if (picture.size != canvas_) return wrong_size(picture.size);
    ++stats_.frames_in;
    const Ticks tick = grid_.at(start);
    Bytes out;
    if (Status status = store_early(tick, out); !status) return status.error();
    if (latest_ && !grid_.may_follow(*latest_, tick)) {
      early_ = Image(picture);
    } else if (Status status = store(picture, tick, out); !status) {
      return status.error();
    }
    return counted(std::move(out));
  }

  Result<Bytes> finish(Nanoseconds end) override {
    Bytes out;
    if (!latest_) {
      return Error{ErrorCode::InvalidArgument, "there is no frame to make an animation of", {}};
    }
    if (Status status = store_early(grid_.at(end), out); !status) return status.error();
    const Ticks end_tick = grid_.end_after(*latest_, grid_.at(end));
    starts_.push_back(end_tick);
    if (Status status = submit(out, end_tick); !status) return status.error();
    if (Status status = drain(out, [] { return true; }); !status) return status.error();
    if (Status status = write(out, nullptr); !status) return status.error();
    auto trailer = format_->trailer();
    if (!trailer) return trailer.error();
    append(out, *trailer);
    stats_.duration = Nanoseconds(end_tick * (kSecond / Format::kTicksPerSecond));
    return counted(std::move(out));
  }

  [[nodiscard]] std::vector<Patch> patches() const override { return format_->patches(); }
  [[nodiscard]] AnimationStats stats() const override { return stats_; }

 private:
  using Frame = typename Format::Frame;

  static void append(Bytes& out, const Bytes& more) {
    out.insert(out.end(), more.begin(), more.end());
  }

  [[nodiscard]] Error wrong_size(Size given) const {
    const auto text = [](Size size) {
      return std::to_string(size.width) + "x" + std::to_string(size.height);
    };
    return Error{ErrorCode::InvalidArgument,
                 "the picture's size changed to " + text(given) +
                     ", but an animation keeps the size of its first frame, " + text(canvas_) +
                     "; scale the stream to one size before",
                 {}};
  }

  /// A picture that came too early for its own time is shown late when it then still has the
  /// shortest time until `next`; otherwise it is left out.
  Status store_early(Ticks next, Bytes& out) {
    const Image early = std::exchange(early_, Image());
    if (early.is_empty()) return success();
    const Ticks tick = grid_.end_after(*latest_, *latest_);
    return grid_.may_follow(tick, next) ? store(early.view(), tick, out) : success();
  }

  /// Shows `picture` from `tick` on; nothing is stored when nothing has changed.
  Status store(const ImageView& picture, Ticks tick, Bytes& out) {
    const auto differs = format_->look(picture, tick);
    if (!differs) return differs.error();
    if (*differs) {
      starts_.push_back(tick);
      latest_ = tick;
    }
    if (Status status = begin(out); !status) return status;
    if (Status status = submit(out, std::nullopt); !status) return status;
    return drain(out, [] { return false; });
  }

  /// Gives the pool the frames that are ready to be encoded; all of them when the `end` is known.
  Status submit(Bytes& out, std::optional<Ticks> end) {
    while (auto job = format_->next_job(end)) {
      if (Status status = drain(out, [this] { return pool_.is_full(); }); !status) return status;
      pool_.submit(std::move(*job));
    }
    return success();
  }

  Status begin(Bytes& out) {
    if (begun_) return success();
    begun_ = true;
    auto header = format_->header();
    if (!header) return header.error();
    append(out, *header);
    return success();
  }

  /// Writes the oldest frames: while `must` says so by waiting, beyond that those that are ready.
  template <class Must>
  Status drain(Bytes& out, Must must) {
    while (!pool_.is_empty()) {
      std::optional<Result<Frame>> frame = oldest(must());
      if (!frame) break;
      if (!frame->ok()) return frame->error();
      if (Status status = follow(out, std::move(**frame)); !status) return status;
    }
    return success();
  }

  /// The oldest frame of the pool, if it is ready or after a wait; what its job has thrown (no
  /// memory) is an error.
  std::optional<Result<Frame>> oldest(bool waits) {
    try {
      if (waits) return pool_.take();
      return pool_.take_ready();
    } catch (const std::exception& error) {
      return Result<Frame>(
          Error{ErrorCode::EncodeFailed, "a frame could not be encoded", error.what()});
    }
  }

  /// A frame's duration is known when its successor is, and that it draws anything.
  Status follow(Bytes& out, Frame next) {
    if (encoded_ && !Format::draws(next)) {
      starts_.erase(starts_.begin() + 1);
      return success();
    }
    if (encoded_) {
      if (Status status = write(out, &next); !status) return status;
    }
    encoded_ = std::move(next);
    return success();
  }

  /// Writes the frame before `next`.
  Status write(Bytes& out, const Frame* next) {
    const Ticks duration = starts_[1] - starts_[0];
    starts_.pop_front();
    auto bytes = format_->frame(*encoded_, next, duration);
    if (!bytes) return bytes.error();
    append(out, *bytes);
    ++stats_.frames_stored;
    return success();
  }

  Bytes counted(Bytes out) {
    stats_.bytes += out.size();
    return out;
  }

  Size canvas_;
  TickGrid grid_ = TickGrid(Format::kTicksPerSecond, Format::kShortestTicks);
  std::unique_ptr<Format> format_;
  OrderedPool<Result<Frame>> pool_;
  std::optional<Frame> encoded_;  ///< waits for its successor
  std::deque<Ticks> starts_;      ///< of that one, those to come, and the end when it is known
  std::optional<Ticks> latest_;   ///< the start of the latest picture that has changed anything
  Image early_;                   ///< came before the one on screen has had its shortest time
  bool begun_ = false;
  AnimationStats stats_;
};

}  // namespace anim
