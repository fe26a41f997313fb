// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/batch_state.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gst/core/service/worker_result.h"
#include "gst/core/task_file.h"
#include "plugins/animtask/outputs/publish.h"

namespace anim::tools {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;

Error failure(const std::string& what) {
  return {ErrorCode::WriteFailed, what + ": " + std::strerror(errno), {}};
}

Result<std::optional<std::string>> text_in(const std::string& path) {
  auto text = read_small_file(path, kMostBytes);
  if (text) return std::optional(std::move(*text));
  if (text.error().code == ErrorCode::NotFound) return std::optional<std::string>();
  return Error{ErrorCode::ReadFailed, path + ": " + text.error().message, {}};
}

Result<std::optional<std::string>> result_in(const std::string& path) {
  auto text = text_in(path);
  if (!text || !*text || service::parse_result(**text)) return text;
  return Error{ErrorCode::ReadFailed, path + " is not the result of a task", {}};
}

Result<server::Descriptor> open_lock(const std::string& path) {
  constexpr mode_t kMode = 0666;
  server::Descriptor out(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode));
  if (!out.is_open()) return failure("cannot open " + path);
  return out;
}

// Whoever ends a task removes its lock: one without a name is of a task that has ended.
bool is_removed(const server::Descriptor& lock) {
  struct stat status {};
  return fstat(lock.get(), &status) != 0 ? errno == ESTALE : status.st_nlink == 0;
}

// Nothing when somebody has it and `how` does not wait. On NFS the folder may be remembered without
// the result that came while this waited: the lock that is made anew there ends that.
Result<std::optional<server::Descriptor>> lock_of(const std::string& path, int how) {
  while (true) {
    auto out = open_lock(path);
    if (!out) return out.error();
    if (flock(out->get(), how) == 0) {
      if (!is_removed(*out)) return std::optional(std::move(*out));
    } else if (errno == EWOULDBLOCK) {
      return std::optional<server::Descriptor>();
    } else if (errno != EINTR) {
      return failure("cannot lock " + path);
    }
  }
}

}  // namespace

Status BatchState::open() const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (!error) return success();
  return Error{ErrorCode::WriteFailed, "cannot make " + folder_ + ": " + error.message(), {}};
}

std::string BatchState::file(const std::string& id, const char* kind) const {
  return folder_ + "/" + id + kind;
}

Status BatchState::note_tasks(const std::string& text) const {
  return write_journal(tasks_file(), text);
}

Result<std::optional<std::string>> BatchState::result(const std::string& id) const {
  return result_in(file(id, ".json"));
}

bool BatchState::has_result(const std::string& id) const {
  return access(file(id, ".json").c_str(), F_OK) == 0;
}

std::set<std::string> BatchState::ended() const {
  std::set<std::string> out;
  std::error_code error;
  std::filesystem::directory_iterator place(folder_, error);
  while (!error && place != std::filesystem::directory_iterator()) {
    if (place->path().extension() == ".json") out.insert(place->path().stem());
    place.increment(error);
  }
  return out;
}

Result<std::optional<std::string>> BatchState::untold_result(const std::string& id) const {
  return result_in(file(id, ".end"));
}

Result<std::optional<std::string>> BatchState::journaled_result(const std::string& id) const {
  return result_in(journal(id));
}

Status BatchState::note_end(const std::string& id, const std::string& json) const {
  return write_journal(file(id, ".end"), json);
}

// A link is made only where nothing is, on shared disks, too: the first result stays.
Result<std::string> BatchState::note_result(const std::string& id, std::string json) const {
  const std::string made = file(id, ".made");
  if (Status status = write_journal(made, json); !status) return status.error();
  const bool is_made = link(made.c_str(), file(id, ".json").c_str()) == 0;
  const bool is_there = !is_made && errno == EEXIST;
  const Error error = failure("cannot make " + file(id, ".json"));
  unlink(made.c_str());
  if (!is_made && !is_there) return error;
  tidy(id);
  if (is_made) return json;
  auto first = result(id);
  if (!first) return first.error();
  return *first ? std::move(**first) : std::move(json);
}

void BatchState::tidy(const std::string& id) const {
  for (const char* kind : {".made", ".end", ".journal", ".begun"}) {
    unlink(file(id, kind).c_str());
    unlink((file(id, kind) + ".part").c_str());
  }
  unlink(file(id, ".lock").c_str());
}

Result<Moment> BatchState::begun(const std::string& id, Moment now) const {
  const std::string path = file(id, ".begun");
  Moment::rep value = 0;
  const auto text = text_in(path);
  if (!text) return text.error();
  const std::string digits = text->value_or("");
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec == std::errc()) {
    return Moment(value);
  }
  if (Status status = write_journal(path, std::to_string(now.count())); !status) {
    return status.error();
  }
  return now;
}

std::string BatchState::journal(const std::string& id) const {
  return file(id, ".journal");
}

bool BatchState::is_locked(const std::string& id) const {
  const server::Descriptor file(::open(this->file(id, ".lock").c_str(), O_RDWR | O_CLOEXEC));
  return file.is_open() && flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

Result<server::Descriptor> BatchState::lock(const std::string& id) const {
  auto out = lock_of(file(id, ".lock"), LOCK_EX);
  if (!out) return out.error();
  return std::move(**out);  // it has waited
}

Result<std::optional<server::Descriptor>> BatchState::try_lock(const std::string& id) const {
  return lock_of(file(id, ".lock"), LOCK_EX | LOCK_NB);
}

// Workers of a caller that was killed end with it, but not at once.
Result<server::Descriptor> BatchState::lock_all() const {
  constexpr int kAttempts = 50;
  constexpr std::chrono::milliseconds kPause(100);
  for (int i = 0; i < kAttempts; ++i) {
    auto out = lock_of(folder_ + "/lock", LOCK_EX | LOCK_NB);
    if (!out) return out.error();
    if (*out) return std::move(**out);
    std::this_thread::sleep_for(kPause);
  }
  return Error{ErrorCode::WriteFailed, "another call works with " + folder_, {}};
}

}  // namespace anim::tools
