// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of live-clip: argv to what is to be watched and how.
#pragma once

#include <optional>
#include <string>

#include "examples/live-clip/taps.h"
#include "gst/core/error.h"

namespace live_clip {

/// What a call asks for. Times are seconds.
struct Options {
  std::string uri;
  std::string location = "clip-{t_year}{t_mon}{t_day}-{t_hour}{t_min}{t_sec}-{index}.{autoext}";
  std::string animation = R"({"Format":"webp","Interval":0.1,"Width":480,"Height":-1})";
  double pre = 10;
  double post = 0;
  std::optional<int> port;            ///< of the listener; 0 = any free one
  std::optional<MomentKind> moments;  ///< find these
  double threshold = 0;               ///< dB of loudness, percent of scenes
  double hold_off = 0;                ///< from one moment to the next
  double stall = 10;                  ///< without a frame: connect anew
  std::optional<int> retries;         ///< failed connections in a row before giving up
  std::optional<double> duration;     ///< end after that
};

/// Reads the command line. Prints the help and exits when --help asks for it. A refusal names the
/// option, what was given and what is allowed.
[[nodiscard]] anim::Result<Options> parse_options(int argc, char** argv);

}  // namespace live_clip
