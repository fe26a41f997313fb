// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/batch_file.h"

#include <map>

#include "gst/core/ascii.h"
#include "gst/core/store/digest.h"

namespace anim::service {
namespace {

// As many digits as a UUID has.
std::string id_of(std::string_view text, std::size_t occurrence) {
  constexpr std::size_t kDigits = 32;
  const std::string told = std::string(text) + "\n" + std::to_string(occurrence);
  return "MediaConvert-" + hex(sha256(told)).substr(0, kDigits);
}

}  // namespace

Result<std::vector<BatchTask>> batch_tasks(std::string_view text) {
  std::vector<BatchTask> out;
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view task = trimmed(text.substr(0, end), kTextSpaces);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (task.empty()) continue;
    out.push_back({line, id_of(task, seen[task]++), std::string(task)});
  }
  if (out.empty()) {
    return Error{ErrorCode::InvalidArgument, "there is no task in it; a line is one task", {}};
  }
  return out;
}

Result<BatchTask> batch_task(std::string_view text, std::size_t index) {
  auto tasks = batch_tasks(text);
  if (!tasks) return tasks.error();
  if (index < tasks->size()) return std::move(tasks->at(index));
  return Error{ErrorCode::OutOfRange,
               "there is no task " + std::to_string(index) + "; there are " +
                   std::to_string(tasks->size()) + ", counted from 0",
               {}};
}

}  // namespace anim::service
