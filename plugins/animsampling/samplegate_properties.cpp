// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of samplegate's properties.
#include <utility>

#include "plugins/animsampling/samplegate.h"

namespace anim {
namespace {

using namespace glue;

Property<SampleGate> wanted_property() {
  constexpr const char* kBlurb =
      "The samplers behind the decoder when there are several: structures with interval, rate, "
      "start-time, stop-time, max-frames, mode; the properties of those names do not count then "
      "(empty = they do)";
  return {
      [] {
        constexpr auto kFlags = static_cast<GParamFlags>(Mutable::Ready);
        return gst_param_spec_array(
            "wanted", "wanted", kBlurb,
            g_param_spec_boxed("sampler", "sampler", "One sampler", GST_TYPE_STRUCTURE, kFlags),
            kFlags);
      },
      [](SampleGate& gate, const GValue* value) {
        auto samplers = samplers_of(value);
        gate.settings.change([&](GateSettings& s) { s.wanted = std::move(samplers); });
      },
      [](SampleGate& gate, GValue* value) { put_samplers(value, gate.settings.copy().wanted); }};
}

}  // namespace

const std::vector<Property<SampleGate>>& SampleGate::properties() {
  static const std::vector<Property<SampleGate>> table = {
      uint64_property<SampleGate>("interval",
                                  "As intervalsampler's: nanoseconds between samples (0 = every "
                                  "frame)",
                                  &Settings::interval, G_MAXINT64),
      fraction_property<SampleGate>(
          "rate", "As intervalsampler's: samples per second; wins over interval (0/1 = interval)",
          &Settings::rate),
      uint64_property<SampleGate>(
          "max-frames", "As intervalsampler's: samples after which the stream ends (0 = no limit)",
          &Settings::max_frames),
      uint64_property<SampleGate>(
          "start-time",
          "As intervalsampler's: nanoseconds from the source's first frame to the first sample",
          &Settings::start_time, G_MAXINT64),
      uint64_property<SampleGate>(
          "stop-time",
          "As intervalsampler's: no sample at or after this time, in nanoseconds from the source's "
          "first frame (18446744073709551615 = to the end)",
          &Settings::stop_time),
      uint64_property<SampleGate>(
          "keep-end",
          "Also pass what shows where the stream ends: the frame on screen before this time, in "
          "nanoseconds from the source's first frame, or the last one when the stream ends earlier "
          "(18446744073709551615 = not wanted)",
          &Settings::keep_end),
      enum_property<SampleGate>(
          "mode",
          "As intervalsampler's: what samples are; with key only random access points pass, and "
          "the sampler is told which they are",
          &Settings::mode),
      bool_property<SampleGate>(
          "seek-gaps",
          "Seek over what lies between wanted frames that are many groups of pictures apart, "
          "instead of reading it; only where nothing else plays from the same source",
          &Settings::seek_gaps),
      wanted_property(),
      structure_property<SampleGate>("stats",
                                     "Units so far: units-in, passed, dropped-disposable, "
                                     "dropped-unused, dropped-after-end; gaps gone around by "
                                     "seeking: gap-seeks",
                                     &SampleGate::stats),
  };
  return table;
}

}  // namespace anim
