// SPDX-License-Identifier: LGPL-2.1-or-later
// The frames of a GIF before they get their colours, held back until it is known how long their
// pixels stay: a pixel that stays becomes the mean of the pictures that it stands for, without
// their noise.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/gif_changes.h"
#include "gst/core/image.h"
#include "gst/core/timing.h"

namespace anim {

/// Turns pictures into changes of the canvas, a few pictures later.
class GifLookahead {
 public:
  /// How many pictures are seen after one before its change is given away; as many are held.
  static constexpr std::uint32_t kLookahead = 12;
  /// The most pixels that are held beside the latest change's: changes are given away sooner.
  static constexpr std::int64_t kMostHeld = std::int64_t{16} << 20;
  /// In how many pictures GifChange::stays is said at most once. After as many in which nothing
  /// changes, it is said of kStillRefinements changes that draw nothing else.
  static constexpr std::uint32_t kRefinementPeriod = 12;

  GifLookahead(Size size, GifCanvas::Rules rules);

  /// Whether `picture` makes a change: something of it has to be drawn, or it is time to refine
  /// what stays. `start`: when it comes on screen, in hundredths of a second. next() is asked after
  /// each picture until it gives nothing.
  [[nodiscard]] Result<bool> look(const ImageView& picture, Ticks start);

  /// The changes that are held, from the oldest on.
  [[nodiscard]] std::vector<const GifChange*> held() const;

  /// The oldest change not given away, when enough was seen after it, or when the `end` of the last
  /// picture is known and nothing comes any more.
  [[nodiscard]] std::optional<GifChange> next(std::optional<Ticks> end);

 private:
  struct Held {
    std::uint32_t number = 0;  ///< of its picture
    Ticks start = 0;
    GifChange change;
  };
  /// A frame, and how long its pixels have been shown when they are settled.
  struct Shown {
    Held* held = nullptr;
    std::uint8_t dwell = 1;
  };
  void hold(GifChange change, Ticks start);
  [[nodiscard]] std::optional<int> still_refinement() const;
  [[nodiscard]] bool is_due() const;
  [[nodiscard]] bool may_refine(const Held& oldest) const;
  [[nodiscard]] std::vector<Argb> staying(std::uint32_t number) const;
  void draw(const GifChange& change);
  void settle_shown();
  void settle_row(int x, int y, std::span<const Argb> drawn, std::span<const Shown> frames);
  [[nodiscard]] std::span<const std::uint32_t> marked(std::size_t count);
  void begin(int x, int y, std::span<const Argb> drawn, std::uint32_t origin);
  void stay(int x, int y, int end);
  [[nodiscard]] std::uint32_t oldest() const;
  [[nodiscard]] std::size_t index(int x, int y) const;
  [[nodiscard]] Argb mean(std::size_t pixel) const;
  [[nodiscard]] bool is_brief(Ticks until) const;
  Argb settle(const Shown& shown, std::size_t pixel, int x, int y);
  void settle_all(Held& held, Ticks until, bool is_on_canvas);
  [[nodiscard]] std::vector<Shown> frames(Ticks until);

  Size size_;
  GifCanvas canvas_;
  std::deque<Held> held_;
  std::uint32_t seen_ = 0;
  std::uint32_t changed_at_ = 0;        ///< the latest picture of which something had to be drawn
  std::uint32_t refines_at_ = 2;        ///< the picture that may refine what stays, or a later one
  Ticks latest_ = 0;                    ///< the start of the latest picture
  std::vector<std::uint32_t> origins_;  ///< by pixel: the number of its picture; 0 = it is final
  /// By pixel, of the pictures that it stands for: blue, green, red and how many, 16 bits each.
  std::vector<std::uint64_t> sums_;
  // Of a row that is looked at: kept for their memory.
  std::vector<std::uint8_t> marks_;
  std::vector<std::uint32_t> places_;
};

}  // namespace anim
