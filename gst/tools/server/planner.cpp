// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/planner.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>

#include <poll.h>

#include "gst/core/service/convert_request.h"
#include "gst/core/service/worker_plan.h"
#include "gst/core/temporary_file.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/unique_id.h"
#include "gst/tools/server/worker_process.h"

namespace anim::server {
namespace {

using Clock = std::chrono::steady_clock;

// Waits until the worker has said something or has ended, or for a moment.
void wait_for(const WorkerProcess& worker) {
  constexpr int kMoment = 50;  // ms
  std::array<pollfd, 3> handles = {{{worker.end_handle(), POLLIN, 0},
                                    {worker.output_handle(), POLLIN, 0},
                                    {worker.error_handle(), POLLIN, 0}}};
  (void)poll(handles.data(), handles.size(), kMoment);
}

Error client_left() {
  return {ErrorCode::LimitExceeded, "the client has left", {}};
}

}  // namespace

Result<std::string> Planner::plan(const std::string& definition,
                                  const std::function<bool()>& is_left) const {
  if (is_left()) return client_left();
  const auto task = service::worker_task(definition, now());
  if (!task) return task.error();
  const std::string file = settings_.folder + "/" + uuid() + ".json";
  std::ofstream out(file, std::ios::binary);
  out << *task;
  out.close();
  auto plan = out.fail() ? Result<std::string>(write_error("a plan cannot be written", errno))
                         : plan_file(file, is_left);
  std::remove(file.c_str());
  return plan;
}

Result<std::string> Planner::plan_file(const std::string& file,
                                       const std::function<bool()>& is_left) const {
  std::vector<std::string> command = settings_.command;
  command.insert(command.end(), {"--dry-run", file});
  auto worker = WorkerProcess::start(command, settings_.limits, settings_.lock);
  if (!worker) return worker.error();
  const auto ignore = [](const std::string& /*line*/) {};
  const auto end = Clock::now() + settings_.limits.wall;
  while (!is_stopped_) {
    if (auto ended = worker->reap(ignore)) {
      return service::plan_of(ended->report, settings_.limits);
    }
    if (Clock::now() > end) return service::plan_of({.is_out_of_time = true}, settings_.limits);
    if (is_left()) return client_left();
    wait_for(*worker);
    worker->read(ignore);
  }
  return Error{ErrorCode::LimitExceeded, "the service is being stopped", {}};
}

}  // namespace anim::server
