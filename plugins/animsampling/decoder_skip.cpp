// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/decoder_skip.h"

#include <utility>

#include "gst/glue/clock_time.h"
#include "gst/glue/report.h"
#include "plugins/animsampling/decoder_chain.h"
#include "plugins/animsampling/rate_caps.h"

namespace anim {
namespace {

// In running time; nothing when the rate is variable or unknown.
std::optional<Nanoseconds> stated_distance(GstPad* pad, const InputSegment& input) {
  const Rational distance = frame_distance(pad);
  if (distance.is_zero()) return std::nullopt;
  return input.running_length(static_cast<GstClockTime>(distance.num() / distance.den()));
}

}  // namespace

void DecoderSkip::start_over(bool is_wanted) {
  is_wanted_ = is_wanted;
  ahead_ = SkipAhead();
  has_looked_ = false;
  has_told_ = false;
}

void DecoderSkip::frame(Nanoseconds time, std::optional<Nanoseconds> next_sample,
                        const InputSegment& input) {
  if (!is_wanted_ || is_off_ || !next_sample) return;
  if (!has_looked_ && !look(input)) return;
  if (times_.are_missing()) {
    turn_off("units without a timestamp go into the decoder, which counts frames for them");
    return;
  }
  const auto step = ahead_.frame(time, next_sample);
  if (!step.is_steady) {
    turn_off("frames are farther apart than the stream's frame rate says, so it is not constant");
  }
  if (!step.deadline || is_off_) return;
  has_told_ = true;
  tell(*step.deadline);
}

// Whether skipping is safe, as far as that shows before any frame was skipped.
bool DecoderSkip::look(const InputSegment& input) {
  has_looked_ = true;
  auto decoder = decoder_before(sink_);
  if (!decoder) {
    turn_off(decoder.error().message);
    return false;
  }
  const auto distance = stated_distance(sink_, input);
  if (!distance) {
    turn_off("the frame rate is variable or unknown, so a frame may be shown for any time");
    return false;
  }
  ahead_.set_distance(*distance);
  times_.watch(*std::move(decoder));
  return true;
}

void DecoderSkip::turn_off(const std::string& why) {
  is_off_ = true;
  times_.stop();
  withdraw();
  glue::post_warning(self_, {ErrorCode::Unsupported, "skip-decoding is off: " + why,
                             "samplegate before the decoder works with any number of samplers and "
                             "any frame rate"});
}

void DecoderSkip::look_again() {
  has_looked_ = false;
  withdraw();
}

// What was told so far does not hold any more.
void DecoderSkip::withdraw() {
  ahead_ = SkipAhead();
  if (std::exchange(has_told_, false)) tell(Nanoseconds(0));
}

// Decoders and demuxers take timestamp + difference for the time before which frames are too late.
void DecoderSkip::tell(Nanoseconds deadline) {
  gst_pad_push_event(sink_,
                     gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 1.0, 0, clock_time(deadline)));
}

}  // namespace anim
