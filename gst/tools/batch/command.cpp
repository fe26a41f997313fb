// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/command.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>

#include <poll.h>

#include "gst/tools/server/worker_process.h"

namespace anim::tools {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes kPatience(1);
constexpr std::size_t kMostOutput = std::size_t{256} << 20;  // millions of jobs
constexpr std::chrono::milliseconds kLook(200);
constexpr std::size_t kMostComplaint = 1000;  // bytes

// What it has said on standard error, in one line.
class Complaint {
 public:
  void add(const std::string& line) {
    if (line.empty() || text_.size() + line.size() > kMostComplaint) return;
    text_ += (text_.empty() ? "" : "; ") + line;
  }
  [[nodiscard]] std::string or_else(const std::string& otherwise) const {
    return text_.empty() ? otherwise : text_;
  }

 private:
  std::string text_;
};

void wait_for(const server::WorkerProcess& process) {
  std::array<pollfd, 3> handles = {{{process.end_handle(), POLLIN, 0},
                                    {process.output_handle(), POLLIN, 0},
                                    {process.error_handle(), POLLIN, 0}}};
  poll(handles.data(), handles.size(), static_cast<int>(kLook.count()));
}

}  // namespace

Result<std::string> answer_of(const std::vector<std::string>& command,
                              const std::function<bool()>& is_unwanted) {
  const auto failure = [&](const std::string& why) {
    return Error{ErrorCode::ReadFailed, command.front() + ": " + why, {}};
  };
  // Without limits: Slurm gives those of sbatch to the jobs.
  auto process = server::WorkerProcess::start(command, std::nullopt, -1, kMostOutput);
  if (!process) return process.error();
  Complaint complaint;
  const auto note = [&](const std::string& line) { complaint.add(line); };
  const auto end = Clock::now() + kPatience;
  while (Clock::now() < end) {
    if (is_unwanted && is_unwanted()) return failure("was interrupted");
    wait_for(*process);
    process->read(note);
    const auto done = process->reap(note);
    if (!done) continue;
    const service::WorkerReport& report = done->report;
    if (report.is_too_long) return failure("a longer answer than is read");
    if (!report.signal && report.exit_status == 0) return report.output;
    return failure(complaint.or_else("ended with status " + std::to_string(report.exit_status)));
  }
  return failure("no answer within a minute");
}

}  // namespace anim::tools
