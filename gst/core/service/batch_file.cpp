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

// The lines that are tasks, one after the other.
class TaskLines {
 public:
  explicit TaskLines(std::string_view text) : rest_(text) {}

  // The next one; empty when there is none.
  std::string_view next() {
    std::string_view task;
    while (task.empty() && !rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      task = trimmed(rest_.substr(0, end), kTextSpaces);
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      ++line_;
    }
    return task;
  }
  [[nodiscard]] std::size_t line() const { return line_; }  ///< of the last one

 private:
  std::string_view rest_;
  std::size_t line_ = 0;
};

// How many of the first `count` tasks have that text.
std::size_t equal_before(std::string_view text, std::string_view task, std::size_t count) {
  std::size_t out = 0;
  TaskLines lines(text);
  for (std::size_t i = 0; i < count; ++i) out += lines.next() == task ? 1 : 0;
  return out;
}

Error no_task() {
  return {ErrorCode::InvalidArgument, "there is no task in it; a line is one task", {}};
}

}  // namespace

Result<std::vector<BatchTask>> batch_tasks(std::string_view text) {
  std::vector<BatchTask> out;
  std::map<std::string_view, std::size_t> seen;
  TaskLines lines(text);
  for (auto task = lines.next(); !task.empty(); task = lines.next()) {
    out.push_back({lines.line(), id_of(task, seen[task]++), std::string(task)});
  }
  if (out.empty()) return no_task();
  return out;
}

// Each worker of a long file does this: only its own task is copied and hashed.
Result<BatchTask> batch_task(std::string_view text, std::size_t index) {
  std::size_t count = 0;
  TaskLines lines(text);
  for (auto task = lines.next(); !task.empty(); task = lines.next()) {
    if (count++ < index) continue;
    return BatchTask{lines.line(), id_of(task, equal_before(text, task, index)), std::string(task)};
  }
  if (count == 0) return no_task();
  return Error{ErrorCode::OutOfRange,
               "there is no task " + std::to_string(index) + "; there are " +
                   std::to_string(count) + ", counted from 0",
               {}};
}

}  // namespace anim::service
