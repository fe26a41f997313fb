// SPDX-License-Identifier: LGPL-2.1-or-later
// What a person sees while a task runs: a bar on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

namespace anim::tools {

/// How far a task is. `total` 0 = not known.
struct Step {
  std::uint64_t current = 0;  ///< frames shown so far, of all outputs
  std::uint64_t total = 0;
  std::chrono::milliseconds elapsed{0};
};

/// "[#####-----]  50 %  30/60 frames  12.0 frames/s  0:02 left", at most `columns` wide.
[[nodiscard]] std::string bar(const Step& step, int columns);

/// "50 % (30 of 60 frames)", or "30 frames".
[[nodiscard]] std::string plain_line(const Step& step);

/// Prints steps to a stream.
class Progress {
 public:
  /// `terminal`: redraw one line; otherwise a line for every tenth of the work.
  Progress(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}
  void show(const Step& step);
  /// Ends the line that is being redrawn.
  void finish();

 private:
  std::ostream& out_;
  bool terminal_;
  bool drawn_ = false;
  std::uint64_t tenths_ = 0;
};

}  // namespace anim::tools
