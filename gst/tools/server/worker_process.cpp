// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/worker_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 does not say that it is C
}

namespace anim::server {
namespace {

constexpr std::size_t kMostOutput = std::size_t{4} << 20;
constexpr std::size_t kLongestLine = 4096;
constexpr int kNiceness = 5;      // the service itself answers first
constexpr int kLockNumber = 3;    // in the worker
constexpr int kNotStarted = 127;  // exit status, as of shells

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
  // Our end alone: the worker's waits for us as any program's does.
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

void limit(int resource, rlim_t soft, rlim_t hard) {
  const rlimit value{soft, hard};
  setrlimit(static_cast<__rlimit_resource>(resource), &value);
}

// What the child does between fork and exec: system calls alone.
[[noreturn]] void become_worker(char* const* arguments, const service::WorkerLimits& limits,
                                const std::array<int, 4>& files, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kNotStarted);  // it had died before
  constexpr rlim_t kGrace = 5;
  const auto cpu = static_cast<rlim_t>(limits.cpu.count());
  limit(RLIMIT_DATA, limits.memory, limits.memory);
  limit(RLIMIT_CPU, cpu, cpu + kGrace);
  limit(RLIMIT_CORE, 0, 0);
  setpriority(PRIO_PROCESS, 0, kNiceness);
  // Above the numbers they go to, so that none is overwritten before it is moved.
  std::array<int, 4> moved{};
  for (std::size_t i = 0; i < files.size(); ++i) moved[i] = fcntl(files[i], F_DUPFD, 10);
  for (std::size_t i = 0; i < files.size(); ++i) dup2(moved[i], static_cast<int>(i));
  close_range(kLockNumber + 1, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execvp(arguments[0], arguments);
  _exit(kNotStarted);
}

// What there is; closes at the end, which would be ready for reading for ever.
std::string read_all(Descriptor& from) {
  std::string out;
  std::array<char, 16384> part{};
  while (from.is_open()) {
    const ssize_t got = ::read(from.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    if (got == 0) from.close();
    out.append(part.data(), static_cast<std::size_t>(got));
  }
  return out;
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this == &other) return *this;
  close();
  number_ = std::exchange(other.number_, -1);
  return *this;
}

Descriptor::~Descriptor() {
  close();
}

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Result<WorkerProcess> WorkerProcess::start(const std::vector<std::string>& arguments,
                                           const service::WorkerLimits& limits, int lock) {
  auto output = make_pipe();
  if (!output) return output.error();
  auto errors = make_pipe();
  if (!errors) return errors.error();
  const Descriptor input(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!input.is_open()) return failure("/dev/null");
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const std::array<int, 4> files = {input.get(), output->write.get(), errors->write.get(), lock};
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) become_worker(words.data(), limits, files, parent);
  if (child < 0) return failure("fork");
  setpgid(child, child);  // whoever comes first
  WorkerProcess out;
  out.id_ = child;
  out.end_ = Descriptor(pidfd_open(child, 0));
  out.output_ = std::move(output->read);
  out.errors_ = std::move(errors->read);
  if (!out.end_.is_open()) return failure("pidfd_open");
  return out;
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : id_(std::exchange(other.id_, 0)),
      end_(std::move(other.end_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      text_(std::move(other.text_)),
      line_(std::move(other.line_)),
      last_line_(std::move(other.last_line_)) {}

WorkerProcess::~WorkerProcess() {
  if (id_ == 0) return;
  kill();
  waitpid(id_, nullptr, 0);
}

void WorkerProcess::read(const std::function<void(const std::string&)>& line) {
  text_ += read_all(output_);
  if (text_.size() > kMostOutput) text_.clear();  // no result is as long
  for (const char c : read_all(errors_)) {
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
  read(line);
  int status = 0;
  rusage usage{};
  wait4(std::exchange(id_, 0), &status, 0, &usage);
  WorkerEnd end;
  if (WIFSIGNALED(status)) end.report.signal = WTERMSIG(status);
  end.report.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  end.report.output = std::move(text_);
  end.report.last_complaint = line_.empty() ? last_line_ : line_;
  constexpr double kMicro = 1e-6;
  end.cpu_seconds = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                    static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * kMicro;
  return end;
}

}  // namespace anim::server
