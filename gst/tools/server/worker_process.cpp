// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/worker_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 does not say that it is C
}

namespace anim::server {
namespace {

constexpr std::size_t kMostAtOnce = std::size_t{64} << 10;
constexpr std::size_t kLongestLine = 4096;
constexpr int kNiceness = 5;      // the service itself answers first
constexpr int kLockNumber = 3;    // in the worker
constexpr int kNotStarted = 127;  // exit status, as of shells
constexpr rlim_t kDescriptors = 1024;

Error failure(const char* what) {
  return {ErrorCode::Internal,
          std::string("cannot start a worker: ") + what + ": " + std::strerror(errno),
          {}};
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return failure("pipe");
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// What a worker is connected to.
struct Pipes {
  Pipe output;
  Pipe errors;
  Pipe trouble;  ///< errno of an exec that failed; closed by one that does not
};

Result<Pipes> make_pipes() {
  auto output = make_pipe();
  if (!output) return output.error();
  auto errors = make_pipe();
  if (!errors) return errors.error();
  auto trouble = make_pipe();
  if (!trouble) return trouble.error();
  // Our ends alone: the worker's wait for us as any program's do.
  fcntl(output->read.get(), F_SETFL, O_NONBLOCK);
  fcntl(errors->read.get(), F_SETFL, O_NONBLOCK);
  return Pipes{std::move(*output), std::move(*errors), std::move(*trouble)};
}

void limit(int resource, rlim_t soft, rlim_t hard) {
  const rlimit value{soft, hard};
  setrlimit(static_cast<__rlimit_resource>(resource), &value);
}

// When memory runs short the kernel ends a worker, not the service (proc(5)).
void go_first() {
  constexpr std::string_view kLikely = "500";
  const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  (void)!write(file, kLikely.data(), kLikely.size());
  close(file);
}

void set_limits(const service::WorkerLimits& limits) {
  constexpr rlim_t kGrace = 5;
  const auto cpu = static_cast<rlim_t>(limits.cpu.count());
  limit(RLIMIT_DATA, limits.memory, limits.memory);
  limit(RLIMIT_CPU, cpu, cpu + kGrace);
  limit(RLIMIT_CORE, 0, 0);
  // The service has raised its own.
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  limit(RLIMIT_NOFILE, std::min(kDescriptors, descriptors.rlim_max), descriptors.rlim_max);
  setpriority(PRIO_PROCESS, 0, kNiceness);
  go_first();
}

/// What the child needs of its parent.
struct Inheritance {
  pid_t parent;
  std::array<int, 4> files;  ///< 0, 1, 2 and the lock
  int trouble;
};

// What the child does between fork and exec: system calls alone.
[[noreturn]] void become_worker(char* const* arguments,
                                const std::optional<service::WorkerLimits>& limits,
                                const Inheritance& from) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != from.parent) _exit(kNotStarted);  // it had died before
  if (limits) set_limits(*limits);
  // Above the numbers they go to, so that none is overwritten before it is moved.
  std::array<int, 4> moved{};
  for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = fcntl(from.files[i], F_DUPFD, 10);
  const int trouble = fcntl(from.trouble, F_DUPFD, 10);
  for (std::size_t i = 0; i < moved.size(); ++i) dup2(moved[i], static_cast<int>(i));
  close_range(kLockNumber + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  execvp(arguments[0], arguments);
  const int why = errno;
  (void)!write(trouble, &why, sizeof why);
  _exit(kNotStarted);
}

// errno of the exec that failed; 0 when the worker runs. Waits for the exec.
int exec_trouble(Pipe& trouble) {
  trouble.write.close();
  int why = 0;
  ssize_t got = -1;
  do {
    got = ::read(trouble.read.get(), &why, sizeof why);
  } while (got < 0 && errno == EINTR);
  return got == sizeof why ? why : 0;
}

// Some of what there is; closes at the end, which would be ready for reading for ever.
std::string read_some(Descriptor& from, std::size_t most) {
  std::string out;
  std::array<char, 16384> part{};
  while (from.is_open() && out.size() < most) {
    const ssize_t got = ::read(from.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    if (got == 0) from.close();
    out.append(part.data(), static_cast<std::size_t>(got));
  }
  return out;
}

}  // namespace

Status check_program(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string folders = program.find('/') != std::string::npos || path == nullptr ? "" : path;
  for (std::size_t colon = 0; colon != std::string::npos; folders.erase(0, colon + 1)) {
    colon = folders.find(':');
    const std::string folder = folders.substr(0, colon);
    const auto file = std::filesystem::path(folder) / program;
    if (access(file.c_str(), X_OK) == 0) return success();
    if (colon == std::string::npos) break;
  }
  return Error{ErrorCode::NotFound, "the worker " + program + " is no program that can be run", {}};
}

Result<WorkerProcess> WorkerProcess::start(const std::vector<std::string>& arguments,
                                           const std::optional<service::WorkerLimits>& limits,
                                           int lock, std::size_t most_output) {
  auto pipes = make_pipes();
  if (!pipes) return pipes.error();
  const Descriptor input(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!input.is_open()) return failure("/dev/null");
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const Inheritance from{
      .parent = getpid(),
      .files = {input.get(), pipes->output.write.get(), pipes->errors.write.get(), lock},
      .trouble = pipes->trouble.write.get()};
  const pid_t child = fork();
  if (child == 0) become_worker(words.data(), limits, from);
  if (child < 0) return failure("fork");
  setpgid(child, child);  // whoever comes first
  WorkerProcess out;
  out.id_ = child;
  out.most_output_ = most_output;
  out.end_ = Descriptor(pidfd_open(child, 0));
  if (!out.end_.is_open()) return failure("pidfd_open");
  errno = exec_trouble(pipes->trouble);
  if (errno != 0) return failure(arguments.front().c_str());
  out.output_ = std::move(pipes->output.read);
  out.errors_ = std::move(pipes->errors.read);
  return out;
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : id_(std::exchange(other.id_, 0)),
      end_(std::move(other.end_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      most_output_(other.most_output_),
      is_too_long_(other.is_too_long_),
      text_(std::move(other.text_)),
      line_(std::move(other.line_)),
      last_line_(std::move(other.last_line_)) {}

WorkerProcess::~WorkerProcess() {
  if (id_ == 0) return;
  kill();
  waitpid(id_, nullptr, 0);
}

void WorkerProcess::read(const std::function<void(const std::string&)>& line) {
  take(kMostAtOnce, line);
  if (is_too_long_) kill();
}

void WorkerProcess::take(std::size_t most, const std::function<void(const std::string&)>& line) {
  text_ += read_some(output_, most);
  is_too_long_ = is_too_long_ || text_.size() > most_output_;
  if (is_too_long_) text_.clear();
  for (const char c : read_some(errors_, most)) {
    if (c != '\n') {
      if (line_.size() < kLongestLine) line_ += c;
      continue;
    }
    last_line_ = std::exchange(line_, {});
    line(last_line_);
  }
}

void WorkerProcess::ask_to_end() const {
  if (id_ != 0) ::kill(id_, SIGTERM);
}

void WorkerProcess::kill() const {
  if (id_ != 0) ::kill(-id_, SIGKILL);
}

std::optional<WorkerEnd> WorkerProcess::reap(const std::function<void(const std::string&)>& line) {
  siginfo_t info{};
  constexpr int kLook = WEXITED | WNOHANG | WNOWAIT;
  if (waitid(P_PID, static_cast<id_t>(id_), &info, kLook) != 0 || info.si_pid != id_) return {};
  kill();  // what it may have started; its own number is still taken
  take(most_output_, line);
  int status = 0;
  rusage usage{};
  wait4(std::exchange(id_, 0), &status, 0, &usage);
  WorkerEnd end;
  if (WIFSIGNALED(status)) end.report.signal = WTERMSIG(status);
  end.report.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  end.report.is_too_long = is_too_long_;
  end.report.output = std::move(text_);
  end.report.last_complaint = line_.empty() ? last_line_ : line_;
  constexpr double kMicro = 1e-6;
  end.cpu_seconds = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                    static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * kMicro;
  return end;
}

}  // namespace anim::server
