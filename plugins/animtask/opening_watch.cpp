// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/opening_watch.h"

#include <string>
#include <utility>

#include "gst/core/rational.h"
#include "gst/core/text.h"
#include "gst/core/timing.h"
#include "gst/glue/watchdog.h"

namespace anim {
namespace {

constexpr unsigned kRestsUntilDead = 4;

}  // namespace

std::optional<Failure> OpeningWatch::look(const JoinedSource::Opening& opening) {
  if (std::exchange(opening_, opening.number) != opening.number) looks_ = rests_ = 0;
  ++looks_;
  rests_ = opening.is_at_rest ? rests_ + 1 : 0;
  if (rests_ >= kRestsUntilDead) return opening.gave_up;
  if (open_timeout_ == 0 || looks_ * Watchdog::kEvery < open_timeout_) return {};
  const std::string seconds = readable(Rational(static_cast<std::int64_t>(open_timeout_), kSecond));
  return Failure{
      TaskCode::SourceUnreadable,
      Error{ErrorCode::ReadFailed,
            in_quotes(opening.uri) + " gave no picture within " + seconds + " s (open-timeout)",
            {}}};
}

}  // namespace anim
