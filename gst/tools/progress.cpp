// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace anim::tools {
namespace {

double per_second(const Step& step) {
  const double seconds = std::chrono::duration<double>(step.elapsed).count();
  return seconds > 0 ? static_cast<double>(step.current) / seconds : 0;
}

std::string time_left(const Step& step) {
  const double speed = per_second(step);
  if (speed <= 0 || step.total < step.current) return {};
  const long seconds = std::lround(static_cast<double>(step.total - step.current) / speed);
  char text[32];
  std::snprintf(text, sizeof text, "  %ld:%02ld left", seconds / 60, seconds % 60);
  return text;
}

int percent(const Step& step) {
  return static_cast<int>(std::min<std::uint64_t>(100, step.current * 100 / step.total));
}

}  // namespace

std::string bar(const Step& step, int columns) {
  char numbers[80];
  if (step.total == 0) {
    std::snprintf(numbers, sizeof numbers, "%llu frames  %.1f frames/s",
                  static_cast<unsigned long long>(step.current), per_second(step));
    return numbers;
  }
  std::snprintf(numbers, sizeof numbers, "  %3d %%  %llu/%llu frames  %.1f frames/s", percent(step),
                static_cast<unsigned long long>(step.current),
                static_cast<unsigned long long>(step.total), per_second(step));
  const std::string text = numbers + time_left(step);
  const int cells = std::clamp(columns - static_cast<int>(text.size()) - 3, 10, 40);
  const int full = cells * percent(step) / 100;
  return "[" + std::string(full, '#') + std::string(cells - full, '-') + "]" + text;
}

std::string plain_line(const Step& step) {
  if (step.total == 0) return std::to_string(step.current) + " frames";
  return std::to_string(percent(step)) + " % (" + std::to_string(step.current) + " of " +
         std::to_string(step.total) + " frames)";
}

void Progress::show(const Step& step) {
  if (terminal_) {
    constexpr int kColumns = 79;
    out_ << '\r' << bar(step, kColumns) << "\033[K" << std::flush;
    drawn_ = true;
    return;
  }
  const std::uint64_t tenths = step.total == 0 ? 0 : step.current * 10 / step.total;
  if (tenths <= tenths_) return;
  tenths_ = tenths;
  out_ << plain_line(step) << '\n' << std::flush;
}

void Progress::finish() {
  if (drawn_) out_ << '\n' << std::flush;
  drawn_ = false;
}

}  // namespace anim::tools
