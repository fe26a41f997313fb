// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <thread>

#include "gst/core/text.h"

namespace anim::server {
namespace {

using Value = const std::string&;

Error refusal(const std::string& option, const std::string& why) {
  return {ErrorCode::InvalidArgument, option + ": " + why + "; see --help", {}};
}

template <class Number>
Status read_number(Value text, std::int64_t least, std::int64_t most, Number& out) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < least || number > most) {
    return Error{ErrorCode::InvalidArgument,
                 in_quotes(text) + " is no whole number from " + std::to_string(least) + " to " +
                     std::to_string(most),
                 {}};
  }
  out = Number(number);
  return success();
}

Status read_mebibytes(Value text, std::uint64_t& out) {
  constexpr std::int64_t kMost = std::int64_t{1} << 24;
  Status status = read_number(text, 64, kMost, out);
  out *= std::uint64_t{1} << 20;
  return status;
}

Status read_schemes(Value text, TaskLimits& limits) {
  auto schemes = schemes_of(text);
  if (!schemes) return schemes.error();
  limits.schemes = std::move(*schemes);
  return success();
}

Status read_address(Value text, ListenAddress& out) {
  auto address = parse_listen_address(text);
  if (!address) return address.error();
  out = std::move(*address);
  return success();
}

Status read_project(const std::string& text, std::vector<std::string>& projects) {
  if (!service::is_project_name(text)) {
    return Error{ErrorCode::InvalidArgument, in_quotes(text) + " " + service::kProjectNameRule, {}};
  }
  projects.push_back(text);
  return success();
}

/// An option with a value.
struct Row {
  const char* name;
  const char* value;
  const char* meaning;
  Status (*read)(Value text, Options& options);
};

constexpr std::int64_t kWeek = 7 * 24 * 60 * 60;

constexpr auto kRows = std::to_array<Row>({
    {"--listen", "ADDRESS:PORT", "where to listen (127.0.0.1:8080); port 0: any that is free",
     [](Value text, Options& o) { return read_address(text, o.listen); }},
    {"--storage-root", "FOLDER", "the folder that holds the buckets; needed",
     [](Value text, Options& o) {
       o.storage_root = text;
       return success();
     }},
    {"--state", "FOLDER", "the service's own folder (.animate-server in the storage root)",
     [](Value text, Options& o) {
       o.state = text;
       return success();
     }},
    {"--keys", "FILE", "one \"AccessKeyId AccessKeySecret\" a line; needed",
     [](Value text, Options& o) {
       o.keys_file = text;
       return success();
     }},
    {"--project", "NAME",
     "a project to make unless it is there; may be given several times; the "
     "first one has the tasks that are asked for at a bucket",
     [](Value text, Options& o) { return read_project(text, o.projects); }},
    {"--workers", "COUNT", "tasks at once (one for each processor)",
     [](Value text, Options& o) { return read_number(text, 1, 1024, o.runner.workers); }},
    {"--queue", "COUNT", "tasks that wait at most (10000)",
     [](Value text, Options& o) {
       return read_number(text, 1, 10'000'000, o.service.intake.queue);
     }},
    {"--task-memory", "MIB", "memory of a worker at most (4096)",
     [](Value text, Options& o) { return read_mebibytes(text, o.runner.limits.memory); }},
    {"--task-cpu", "SECONDS", "CPU time of a worker at most (7200)",
     [](Value text, Options& o) { return read_number(text, 1, kWeek, o.runner.limits.cpu); }},
    {"--task-time", "SECONDS", "time of a worker at most (7200)",
     [](Value text, Options& o) { return read_number(text, 1, kWeek, o.runner.limits.wall); }},
    {"--allowed-schemes", "LIST", "what URIs of tasks may be of (oss)",
     [](Value text, Options& o) { return read_schemes(text, o.service.intake.limits); }},
    {"--upload-size", "MIB", "of an object that is put, at most (4096)",
     [](Value text, Options& o) { return read_mebibytes(text, o.objects.upload); }},
    {"--stop-time", "SECONDS", "for running tasks to end when the service is stopped (10)",
     [](Value text, Options& o) { return read_number(text, 0, kWeek, o.runner.stop_time); }},
    {"--idle-time", "SECONDS", "after which a connection without a byte is closed (15)",
     [](Value text, Options& o) { return read_number(text, 1, 3600, o.http.idle); }},
    {"--worker", "PROGRAM", "the worker (gst-animate-1.0 beside this program, or in PATH)",
     [](Value text, Options& o) {
       o.worker = text;
       return success();
     }},
});

Status check_whole(const Options& options) {
  if (options.storage_root.empty()) return refusal("--storage-root", "is needed");
  if (options.keys_file.empty()) return refusal("--keys", "is needed");
  return success();
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  options.service.intake.limits.schemes = {"oss"};
  options.runner.workers = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& given = arguments[i];
    if (given == "--help" || given == "--version") {
      options.wish = given == "--help" ? Options::Wish::Help : Options::Wish::Version;
      return options;
    }
    const std::size_t equals = std::min(given.find('='), given.size());
    const std::string name = given.substr(0, equals);
    const auto* row =
        std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.name == name; });
    if (row == kRows.end()) return refusal(in_quotes(given), "is no option");
    const bool has_value = equals < given.size();
    if (!has_value && ++i == arguments.size()) return refusal(name, "needs a value");
    const Status status = row->read(has_value ? given.substr(equals + 1) : arguments[i], options);
    if (!status) return refusal(name, status.error().message);
  }
  if (Status status = check_whole(options); !status) return status.error();
  if (!options.projects.empty()) options.service.bucket_project = options.projects.front();
  return options;
}

std::string help() {
  std::string out =
      "Usage: gst-animate-server --storage-root FOLDER --keys FILE [OPTION…]\n"
      "Makes animations of videos in buckets for clients of the service's API.\n\n";
  constexpr std::size_t kColumn = 32;
  for (const Row& row : kRows) {
    std::string line = std::string("  ") + row.name + " " + row.value;
    line.resize(std::max(line.size() + 1, kColumn), ' ');
    out += line + row.meaning + "\n";
  }
  return out;
}

}  // namespace anim::server
