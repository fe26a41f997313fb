// SPDX-License-Identifier: LGPL-2.1-or-later
// A worker: a child process with limits, in a process group of its own.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/service/worker_result.h"
#include "gst/tools/server/descriptor.h"

namespace anim::server {

/// Whether start() would find `program`: its path, or a name in PATH.
[[nodiscard]] Status check_program(const std::string& program);

/// What a worker that ended leaves.
struct WorkerEnd {
  service::WorkerReport report;
  double cpu_seconds = 0;
};

/// One running worker; killed with all its processes when this is destroyed. It dies with the
/// thread that started it. For one thread at a time.
class WorkerProcess {
 public:
  static constexpr std::size_t kLongestResult = std::size_t{4} << 20;  ///< of a task, in bytes

  /// Starts `arguments`, the first of which is a program's path or a name to be found in PATH.
  /// Without `limits` it has those of this process, as whatever asks for its work has. `lock` stays
  /// open in it, and no other descriptor. It is ended when it writes more than `most_output` bytes
  /// to standard output. Fails when the program cannot be run.
  [[nodiscard]] static Result<WorkerProcess> start(
      const std::vector<std::string>& arguments, const std::optional<service::WorkerLimits>& limits,
      int lock, std::size_t most_output = kLongestResult);
  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&&) = delete;
  ~WorkerProcess();

  // To be polled for reading.
  [[nodiscard]] int end_handle() const { return end_.get(); }  ///< when it has ended
  [[nodiscard]] int output_handle() const { return output_.get(); }
  [[nodiscard]] int error_handle() const { return errors_.get(); }

  /// Reads some of what there is; `line` takes each whole line of standard error. A worker that
  /// has written too much is ended.
  void read(const std::function<void(const std::string&)>& line);

  /// Asks it to end, leaving nothing half-written.
  void ask_to_end() const;
  /// Ends it at once.
  void kill() const;

  /// Reads the rest of a worker that has ended. Nothing while it runs.
  [[nodiscard]] std::optional<WorkerEnd> reap(const std::function<void(const std::string&)>& line);

 private:
  WorkerProcess() = default;
  void take(std::size_t most, const std::function<void(const std::string&)>& line);

  int id_ = 0;  ///< 0: reaped
  Descriptor end_;
  Descriptor output_;
  Descriptor errors_;
  std::size_t most_output_ = kLongestResult;
  bool is_too_long_ = false;
  std::string text_;  ///< of standard output
  std::string line_;  ///< of standard error, as far as it has come
  std::string last_line_;
};

}  // namespace anim::server
