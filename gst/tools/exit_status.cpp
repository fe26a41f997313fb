// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/exit_status.h"

#include <array>
#include <utility>

namespace anim::tools {

Exit exit_status(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, Exit>, 13> kTable = {{
      {"", kDone},
      {"InvalidArgument", kTask},
      {"Unsupported", kTask},
      {"LimitExceeded", kTask},
      {"StartTimeOutOfRange", kTask},
      {"ResourceNotFound", kSource},
      {"SourceUnreadable", kSource},
      {"NoVideoStream", kSource},
      {"DecoderMissing", kSource},
      {"OutputFailed", kOutput},
      {"EncodeFailed", kOutput},
      {"DiskFull", kOutput},
      {"Cancelled", kInterrupted},
  }};
  for (const auto& [name, status] : kTable) {
    if (name == code) return status;
  }
  return kFailed;
}

}  // namespace anim::tools
