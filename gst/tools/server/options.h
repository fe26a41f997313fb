// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of gst-animate-server.
#pragma once

#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/tools/server/http_server.h"
#include "gst/tools/server/object_calls.h"
#include "gst/tools/server/runner.h"
#include "gst/tools/server/service.h"
#include "gst/tools/server/slurm_runner.h"

namespace anim::server {

enum class RunnerKind { Local, Slurm };

struct Options {
  enum class Wish { Serve, Help, Version };
  Wish wish = Wish::Serve;
  ListenAddress listen{"127.0.0.1", 8080};
  HttpLimits http;
  std::string storage_root;
  std::string state;  ///< "" = a hidden folder in the storage root
  std::string keys_file;
  std::string worker;                 ///< "" = gst-animate-1.0 beside this program, or in PATH
  std::vector<std::string> projects;  ///< made when they are not there
  ServiceSettings service;
  RunnerKind kind = RunnerKind::Local;
  RunnerSettings runner;      ///< Local; its limits also of jobs
  SlurmRunnerSettings slurm;  ///< Slurm
  ObjectSettings objects;
};

/// Reads the arguments behind the program's name. A refusal names the option, what was given and
/// what is allowed.
[[nodiscard]] Result<Options> parse_options(const std::vector<std::string>& arguments);

/// What --help says.
[[nodiscard]] std::string help();

}  // namespace anim::server
