// SPDX-License-Identifier: LGPL-2.1-or-later
// The calls of the service, answered from the store.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "gst/core/service/authenticator.h"
#include "gst/core/service/parameters.h"
#include "gst/tools/server/bucket_calls.h"
#include "gst/tools/server/http_message.h"
#include "gst/tools/server/metrics.h"
#include "gst/tools/server/planner.h"
#include "gst/tools/server/task_intake.h"
#include "gst/tools/server/task_runner.h"
#include "gst/tools/server/task_store.h"

namespace anim::server {

/// What clients may ask for.
struct ServiceSettings {
  IntakeSettings intake;
  std::int64_t projects = 1000;               ///< at most
  std::optional<std::string> bucket_project;  ///< of tasks that are asked for at a bucket
};

/// Two connections to one store, so that reading does not wait for the disk.
struct ServiceStores {
  TaskStore& writer;
  TaskStore& reader;
};

/// Thread-safe.
class Service {
 public:
  /// The stores, the runner, the metrics and the planner outlive this.
  Service(const ServiceSettings& settings, const service::AccessKeys& keys,
          const ServiceStores& stores, TaskRunner& runner, Metrics& metrics, Planner& planner)
      : most_projects_(settings.projects),
        authenticator_(keys),
        store_(stores.writer),
        reader_(stores.reader),
        runner_(runner),
        metrics_(metrics),
        planner_(planner),
        intake_(settings.intake, stores.writer, runner),
        bucket_calls_(keys, settings.bucket_project, intake_) {}
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] ServerResponse handle(const ServerRequest& request);

 private:
  /// One call that may be made.
  struct Call {
    const ServerRequest& request;
    service::Parameters parameters;
    std::string request_id;
    std::string mark;  ///< of the request, that makes at most one task
  };
  /// The body of an answer, or why there is none.
  using Outcome = std::variant<std::string, service::ApiError>;
  /// An answer that takes its time.
  using Later = std::function<Outcome(const Turn&)>;
  using Reply = std::variant<std::string, service::ApiError, Later>;

  struct ActionRow {
    std::string_view name;
    Reply (Service::*answer)(Call&);
  };

  [[nodiscard]] static const ActionRow* action_of(const service::HttpHead& head);
  [[nodiscard]] ServerResponse health();
  [[nodiscard]] ServerResponse metrics();
  [[nodiscard]] ServerResponse call(const ServerRequest& request, const std::string& request_id);
  [[nodiscard]] Reply reply(const ServerRequest& request, const std::string& request_id);

  [[nodiscard]] Reply create_task(Call& call);
  [[nodiscard]] Reply plan_task(Call& call);
  [[nodiscard]] Reply get_task(Call& call);
  [[nodiscard]] Reply list_tasks(Call& call);
  [[nodiscard]] Reply create_project(Call& call);
  [[nodiscard]] Reply get_project(Call& call);
  [[nodiscard]] Reply list_projects(Call& call);

  const std::int64_t most_projects_;
  service::Authenticator authenticator_;
  TaskStore& store_;  ///< to write
  TaskStore& reader_;
  TaskRunner& runner_;
  Metrics& metrics_;
  Planner& planner_;
  TaskIntake intake_;
  BucketCalls bucket_calls_;
};

}  // namespace anim::server
