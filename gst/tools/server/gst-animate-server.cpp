// SPDX-License-Identifier: LGPL-2.1-or-later
// gst-animate-server: the service over HTTP, on one machine.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gst/core/task_file.h"
#include "gst/tools/absolute_path.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/gateway.h"
#include "gst/tools/server/log.h"
#include "gst/tools/server/object_files.h"
#include "gst/tools/server/options.h"
#include "gst/tools/server/outbox.h"
#include "gst/tools/server/state_folder.h"
#include "plugins/animtask/notification.h"

namespace {

using namespace anim;
using namespace anim::server;

// Hidden, so that no task reaches it: buckets never are.
constexpr const char* kJobsFolder = ".animate-jobs";

enum Exit { kDone = 0, kFailed = 1, kUsage = 2 };

std::atomic<TaskRunner*> running = nullptr;  // for the signal handler alone

int complain(const std::string& message, Exit status) {
  std::cerr << "gst-animate-server: " << message << '\n';
  return status;
}

Error failure(const std::string& message) {
  return {ErrorCode::NotFound, message, {}};
}

// One service for a state. Workers hold the lock, too: it is free when none of a service
// that was killed is left.
Result<Descriptor> take_lock(const std::string& folder) {
  constexpr int kAttempts = 50;
  constexpr std::chrono::milliseconds kPause(100);
  Descriptor lock(open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.is_open()) return failure("cannot open " + folder + "/lock");
  for (int i = 0; i < kAttempts; ++i) {
    if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    std::this_thread::sleep_for(kPause);
  }
  return failure("another service uses " + folder);
}

// Empty: those of a service that was killed are of no use. Under the lock alone.
Status make_plans_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (!error) std::filesystem::create_directory(folder, error);
  if (!error) return success();
  return failure("cannot make the folder " + folder + ": " + error.message());
}

Result<service::AccessKeys> read_keys(const std::string& file) {
  const auto text = read_small_file(file, service::kMaxKeysBytes);
  if (!text) return text.error();
  auto keys = service::AccessKeys::parse(*text);
  if (!keys) return failure("the file of keys " + file + ": " + keys.error().message);
  return keys;
}

// The worker beside this program; else by its name, to be found in PATH.
std::string default_worker() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto worker = program.parent_path() / "gst-animate-1.0";
  if (!error && access(worker.c_str(), X_OK) == 0) return worker.string();
  return "gst-animate-1.0";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

std::vector<std::string> worker_command(const Options& options) {
  return {options.worker.empty() ? default_worker() : options.worker,
          "--json",
          "--storage-root",
          options.storage_root,
          "--allowed-schemes",
          joined(options.service.intake.limits.schemes)};
}

Sending send(const OutgoingMessage& message, const std::string& storage_root, const Stores& stores,
             const StopSignal& stop) {
  const Telling telling{.name = message.name, .json = message.json};
  const Delivery delivery = message.channel == OutgoingMessage::Channel::Topic
                                ? tell_topic(message.target, storage_root, telling, stores)
                                : tell_webhook(message.target, telling, stores);
  if (!delivery.is_delivered && stop.is_stopped()) return Sending::Interrupted;
  log(delivery.is_delivered ? LogLevel::Info : LogLevel::Warning, "message",
      {{"message", message.name},
       {"channel", delivery.channel},
       {"target", delivery.target},
       {"trouble", delivery.message}});
  return delivery.is_delivered ? Sending::Delivered : Sending::Failed;
}

void on_signal(int /*number*/) {
  const int error = errno;
  if (TaskRunner* runner = running) runner->stop();
  errno = error;
}

void handle_signals(TaskRunner& runner) {
  running = &runner;
  struct sigaction action {};
  action.sa_handler = &on_signal;
  for (const int number : {SIGTERM, SIGINT}) sigaction(number, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

// As many connections as the limits allow need as many descriptors.
void raise_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

Status make_projects(TaskStore& store, const Options& options) {
  for (const std::string& name : options.projects) {
    const auto added = store.add_project({name, {}, now()}, options.service.projects);
    if (!added) return added.error();
  }
  return success();
}

// The objects of a bucket that is in a store are not here.
ObjectSettings object_settings(const Options& options, const Stores& stores) {
  ObjectSettings out = options.objects;
  out.storage_root = options.storage_root;
  out.is_elsewhere = [&stores](const std::string& bucket) {
    Place place;
    place.kind = Place::Kind::Bucket;
    place.bucket = bucket;
    place.key = "a";
    const auto store = stores.of(place);
    return !store || store->has_value();
  };
  return out;
}

Result<std::unique_ptr<TaskRunner>> local_runner(const Options& options, const StateFolder& folders,
                                                 const Descriptor& lock, TaskStore& store,
                                                 Metrics& metrics,
                                                 const std::function<void()>& ended) {
  RunnerSettings settings = options.runner;
  settings.command = worker_command(options);
  settings.folder = folders.work;
  settings.storage_root = options.storage_root;
  settings.lock = lock.get();
  return std::unique_ptr<TaskRunner>(
      std::make_unique<Runner>(std::move(settings), store, metrics, ended));
}

// As other machines find it: a path is one everywhere, a name is looked for in PATH there.
Result<std::string> shared_worker(const Options& options) {
  std::string program = worker_command(options).front();
  if (program.find('/') == std::string::npos) return program;
  return tools::absolute_path(program);
}

// The storage root is what all machines have.
Result<std::unique_ptr<TaskRunner>> slurm_runner(const Options& options, const StateFolder& folders,
                                                 TaskStore& store, Metrics& metrics,
                                                 const std::function<void()>& ended) {
  constexpr std::uint64_t kMebibyte = 1024 * 1024;
  auto key = job_key(folders.state);
  if (!key) return key.error();
  auto root = tools::absolute_path(options.storage_root);
  if (!root) return root.error();
  auto worker = shared_worker(options);
  if (!worker) return worker.error();
  SlurmRunnerSettings settings = options.slurm;
  settings.worker = {std::move(*worker), "--allowed-schemes",
                     joined(options.service.intake.limits.schemes)};
  settings.folder = *root + "/" + kJobsFolder + "/" + *key;
  settings.key = std::move(*key);
  settings.storage_root = std::move(*root);
  settings.limits.seconds = static_cast<std::uint64_t>(options.runner.limits.wall.count());
  settings.limits.mebibytes = options.runner.limits.memory / kMebibyte;
  return std::unique_ptr<TaskRunner>(
      std::make_unique<SlurmRunner>(std::move(settings), store, metrics, ended));
}

/// What runs is found where it runs alone: jobs would go on beside this machine's workers.
Status check_runner(const Options& options, const StateFolder& folders, TaskStore& store) {
  std::error_code error;
  const std::string key = folders.state + "/job-key";
  const bool has_jobs = std::filesystem::exists(key, error);
  if (has_jobs == (options.kind == RunnerKind::Slurm)) return success();
  const auto running = store.running();
  if (!running) return running.error();
  if (!running->empty()) {
    return Error{ErrorCode::Unsupported,
                 std::string("tasks run ") + (has_jobs ? "as jobs" : "on this machine") +
                     "; a service with --runner " + (has_jobs ? "slurm" : "local") +
                     " has to bring them to their ends first",
                 {}};
  }
  std::filesystem::remove(key, error);
  return success();
}

/// Everything between the lock and the end.
Status serve(const Options& options, const StateFolder& folders, const service::AccessKeys& keys,
             const Descriptor& lock) {
  if (Status status = make_plans_folder(folders.plans); !status) return status;
  if (Status status = prepare_buckets(options.storage_root); !status) return status;
  auto store = TaskStore::open(folders.state);
  if (!store) return store.error();
  auto reader = TaskStore::open(folders.state);
  if (!reader) return reader.error();
  auto messages = MessageStore::open(folders.state);
  if (!messages) return messages.error();
  if (Status status = make_projects(*store, options); !status) return status;

  Metrics metrics;
  StopSignal stop;
  const Stores stores(setting_values({}), stop);
  if (const auto service = stores.message_service(); !service) return service.error();
  Outbox outbox(*messages, metrics, [&](const OutgoingMessage& message) {
    return send(message, options.storage_root, stores, stop);
  });
  if (Status status = check_program(worker_command(options).front()); !status) return status;
  const auto ended = [&] { outbox.wake(); };
  if (Status status = check_runner(options, folders, *store); !status) return status;
  const auto made = options.kind == RunnerKind::Slurm
                        ? slurm_runner(options, folders, *store, metrics, ended)
                        : local_runner(options, folders, lock, *store, metrics, ended);
  if (!made) return made.error();
  TaskRunner& runner = **made;
  if (Status status = runner.recover(); !status) return status;
  Planner planner(
      {.command = worker_command(options), .folder = folders.plans, .lock = lock.get()});
  Service service(options.service, keys, {*store, *reader}, runner, metrics, planner);
  Gateway gateway(object_settings(options, stores), keys, service, metrics);

  handle_signals(runner);
  auto server = HttpServer::start(
      options.listen, options.http,
      [&](const ServerRequest& request) { return gateway.handle(request); },
      [&](const service::HttpHead& head) { return gateway.plan_body(head); });
  if (!server) {
    running = nullptr;
    return server.error();
  }
  outbox.start();
  log(LogLevel::Info, "listening", {{"address", options.listen.host}, {"port", (*server)->port()}});
  runner.run();
  log(LogLevel::Info, "stopping");
  planner.stop();
  server->reset();
  stop.stop();
  outbox.stop();
  running = nullptr;
  return success();
}

int start(const std::vector<std::string>& arguments) {
  const auto options = parse_options(arguments);
  if (!options) return complain(options.error().message, kUsage);
  if (options->wish == Options::Wish::Help) {
    std::cout << help();
    return kDone;
  }
  if (options->wish == Options::Wish::Version) {
    std::cout << "gst-animate-server " ANIM_VERSION "\n";
    return kDone;
  }
  raise_descriptors();
  const auto keys = read_keys(options->keys_file);
  if (!keys) return complain(keys.error().message, kUsage);
  const auto folders = make_state_folder(options->storage_root, options->state);
  if (!folders) return complain(folders.error().message, kFailed);
  const auto lock = take_lock(folders->state);
  if (!lock) return complain(lock.error().message, kFailed);
  const Status status = serve(*options, *folders, *keys, *lock);
  return status ? kDone : complain(status.error().message, kFailed);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return start({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    return complain(error.what(), kFailed);
  }
}
