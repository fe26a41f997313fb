// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of intervalsampler's properties.
#include "plugins/animsampling/intervalsampler.h"

namespace anim {

using namespace glue;

const std::vector<Property<IntervalSampler>>& IntervalSampler::properties() {
  static const std::vector<Property<IntervalSampler>> table = {
      uint64_property<IntervalSampler>(
          "interval", "Time between samples in the source in nanoseconds (0 = every frame)",
          &Settings::interval, G_MAXINT64),
      fraction_property<IntervalSampler>(
          "rate",
          "Samples per second of the source, exact where nanoseconds are not; wins over interval "
          "(0/1 = use interval)",
          &Settings::rate),
      fraction_property<IntervalSampler>(
          "frame-rate",
          "Samples per second as they leave (0/1 = at the source's speed: one per interval, or "
          "with the source's own timing when every frame is taken)",
          &Settings::frame_rate),
      fraction_property<IntervalSampler>(
          "speed",
          "Play that many times as fast, whatever frame-rate or the source's own timing say (0/1 "
          "counts as 1/1)",
          &Settings::speed),
      enum_property<IntervalSampler>(
          "mode",
          "What samples are: frames on screen at regular moments, or (key) random access points, "
          "which a samplegate with mode=key before the decoder tells; interval and rate do not "
          "count then",
          &Settings::mode),
      uint64_property<IntervalSampler>("max-frames",
                                       "End the stream after this many samples (0 = no limit)",
                                       &Settings::max_frames),
      uint64_property<IntervalSampler>(
          "start-time",
          "Time of the first sample in the source in nanoseconds from its first frame",
          &Settings::start_time, G_MAXINT64),
      uint64_property<IntervalSampler>(
          "stop-time",
          "Take no sample at or after this time, in nanoseconds from the source's first frame "
          "(18446744073709551615 = to the end)",
          &Settings::stop_time),
      bool_property<IntervalSampler>(
          "eos-upstream",
          "Tell upstream when no more samples are wanted; false goes on accepting and dropping "
          "frames, which a tee with other branches needs",
          &Settings::eos_upstream),
      bool_property<IntervalSampler>(
          "retime",
          "Give samples new timestamps at frame-rate from 0 on; false keeps the frames' own "
          "timestamps and leaves out repeats, for previews and synchronised sinks",
          &Settings::retime),
      bool_property<IntervalSampler>(
          "skip-decoding",
          "Let the decoder skip frames that no sample needs; only straight behind a decoder and "
          "with a constant frame rate, otherwise it is turned off with a warning",
          &Settings::skip_decoding),
      structure_property<IntervalSampler>(
          "stats", "Frames so far: frames-in, frames-out, duplicated, dropped",
          &IntervalSampler::stats),
  };
  return table;
}

}  // namespace anim
