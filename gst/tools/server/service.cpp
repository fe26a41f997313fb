// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/service.h"

#include <algorithm>
#include <array>
#include <optional>

#include "gst/core/service/convert_request.h"
#include "gst/core/service/task_query.h"
#include "gst/core/service/worker_plan.h"
#include "gst/tools/server/call_log.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/log.h"
#include "gst/tools/server/store_answer.h"

namespace anim::server {
namespace {

using service::ApiCode;
using service::ApiError;
using service::Parameters;
using service::Project;
using service::TaskEntry;

constexpr std::string_view kVersion = "2020-09-30";
constexpr std::array<std::string_view, 1> kTaskTypes = {"MediaConvert"};

ApiError plan_trouble(const Error& error) {
  if (error.code == ErrorCode::Internal) {
    log(LogLevel::Error, "plan-failed", {{"message", error.message}});
  }
  return service::api_error(error);
}

}  // namespace

ServerResponse Service::handle(const ServerRequest& request) {
  const std::string_view path = request.head.path();
  const bool reads = request.head.method == "GET" || request.head.method == "HEAD";
  if (reads && path == "/health") return health();
  if (reads && path == "/metrics") return metrics();
  const std::string request_id = new_request_id();
  const bool is_at_bucket = is_bucket_call(request.head);
  ServerResponse response =
      is_at_bucket ? bucket_calls_.handle(request, request_id) : call(request, request_id);
  // What strangers send stands in no log.
  const ActionRow* row = action_of(request.head);
  const std::string_view action =
      is_at_bucket ? "x-oss-async-process" : (row != nullptr ? row->name : "unknown");
  return noted(std::move(response), std::string(action), request_id, metrics_);
}

ServerResponse Service::health() {
  const auto queued = reader_.queued();
  if (!queued) {
    (void)store_trouble(queued.error());
    return {.status = 503, .body = R"({"status":"store-failed"})"};
  }
  return {.body = R"({"status":"ok"})"};
}

ServerResponse Service::metrics() {
  const auto queued = reader_.queued();
  if (!queued) (void)store_trouble(queued.error());
  return {.type = "text/plain; version=0.0.4",
          .body = metrics_.text({.queued = queued ? *queued : 0, .running = runner_.running()})};
}

ServerResponse Service::call(const ServerRequest& request, const std::string& request_id) {
  Reply answer = reply(request, request_id);
  const std::string host(request.head.header("host").value_or(""));
  const auto respond = [request_id, host](const auto& outcome) {
    ServerResponse response{.headers = {{"x-acs-request-id", request_id}}};
    if (const auto* error = std::get_if<ApiError>(&outcome)) {
      response.status = name_of(error->code).status;
      response.body = error_json(*error, request_id, host);
    } else {
      response.body = std::get<std::string>(outcome);
    }
    return response;
  };
  auto* later = std::get_if<Later>(&answer);
  if (later == nullptr) return respond(answer);
  return {.later =
              [respond, make = std::move(*later)](const Turn& turn) {
                return respond(turn.has_room ? make(turn) : Outcome(no_room()));
              },
          .wait = Wait::Long};
}

// The row of an action; null for what is none.
const Service::ActionRow* Service::action_of(const service::HttpHead& head) {
  static constexpr std::array<ActionRow, 7> kActions = {{
      {"CreateMediaConvertTask", &Service::create_task},
      {"PlanMediaConvertTask", &Service::plan_task},
      {"GetTask", &Service::get_task},
      {"ListTasks", &Service::list_tasks},
      {"CreateProject", &Service::create_project},
      {"GetProject", &Service::get_project},
      {"ListProjects", &Service::list_projects},
  }};
  const std::string_view name = head.header("x-acs-action").value_or("");
  const auto* row = std::find_if(kActions.begin(), kActions.end(),
                                 [&](const ActionRow& each) { return each.name == name; });
  return row == kActions.end() ? nullptr : row;
}

Service::Reply Service::reply(const ServerRequest& request, const std::string& request_id) {
  const service::HttpHead& head = request.head;
  if (request.refusal) return *request.refusal;
  if (head.path() != "/") return ApiError{ApiCode::UnknownAction, "calls go to the path /"};
  if (head.method != "POST" && head.method != "GET") {
    return ApiError{ApiCode::UnknownMethod, "a call is a POST or a GET"};
  }
  auto check = authenticator_.check(head, request.body, now());
  if (auto* error = std::get_if<ApiError>(&check)) return std::move(*error);
  if (head.header("x-acs-version") != kVersion) {
    return ApiError{ApiCode::UnknownVersion, "x-acs-version must be 2020-09-30"};
  }
  const ActionRow* action = action_of(head);
  if (action == nullptr) {
    return ApiError{ApiCode::UnknownAction, "this service has no action of that name"};
  }
  Call call{request, Parameters(head, request.body), request_id,
            std::get<std::string>(std::move(check))};
  if (call.parameters.error()) return *call.parameters.error();
  return (this->*action->answer)(call);
}

// ---- tasks --------------------------------------------------------------------------------------

Service::Reply Service::create_task(Call& call) {
  std::string definition = definition_in(call.parameters);
  if (call.parameters.error()) return *call.parameters.error();
  auto taken = intake_.take(std::move(definition), {call.mark, call.request_id});
  if (auto* error = std::get_if<ApiError>(&taken)) return std::move(*error);
  return created_json(std::get<TaskEntry>(taken), call.request_id);
}

Service::Reply Service::plan_task(Call& call) {
  std::string definition = definition_in(call.parameters);
  if (call.parameters.error()) return *call.parameters.error();
  auto request = intake_.read(std::move(definition));
  if (!request) return service::api_error(request.error());
  if (auto error = check_project(reader_, request->task.project_name)) return std::move(*error);
  return Later([this, text = std::move(request->definition),
                id = call.request_id](const Turn& turn) -> Outcome {
    auto plan = planner_.plan(text, turn.is_left);
    if (!plan) return plan_trouble(plan.error());
    return service::plan_answer(*plan, id);
  });
}

Service::Reply Service::get_task(Call& call) {
  constexpr std::array<std::string_view, 4> kNames = {"ProjectName", "TaskType", "TaskId",
                                                      "RequestDefinition"};
  Parameters& parameters = call.parameters;
  parameters.only(kNames);
  const std::string project = parameters.required("ProjectName");
  (void)parameters.required("TaskType");
  (void)parameters.choice("TaskType", kTaskTypes);
  const std::string id = parameters.required("TaskId");
  const bool with_definition = parameters.flag("RequestDefinition");
  if (parameters.error()) return *parameters.error();
  if (auto error = check_project(reader_, project)) return std::move(*error);
  auto task = reader_.task(project, id);
  if (!task) return store_trouble(task.error());
  if (!*task) {
    return ApiError{ApiCode::ResourceNotFound, "The specified resource task is not found."};
  }
  (*task)->progress = runner_.progress((*task)->number);
  return task_json(**task, with_definition, call.request_id);
}

Service::Reply Service::list_tasks(Call& call) {
  const service::TaskQuery query = task_query(call.parameters);
  if (call.parameters.error()) return *call.parameters.error();
  if (auto error = check_project(reader_, query.project)) return std::move(*error);
  auto page = reader_.tasks(query);
  if (!page) return store_trouble(page.error());
  for (TaskEntry& task : page->tasks) task.progress = runner_.progress(task.number);
  return tasks_json(*page, query.project, query.max_results, query.with_definition,
                    call.request_id);
}

// ---- projects -----------------------------------------------------------------------------------

Service::Reply Service::create_project(Call& call) {
  constexpr std::array<std::string_view, 2> kNames = {"ProjectName", "Description"};
  Parameters& parameters = call.parameters;
  parameters.only(kNames);
  const Project project{.name = parameters.required("ProjectName"),
                        .description = parameters.text("Description").value_or(""),
                        .created = now()};
  if (!service::is_project_name(project.name)) {
    parameters.refuse("ProjectName", service::kProjectNameRule);
  }
  if (parameters.error()) return *parameters.error();
  const auto added = store_.add_project(project, most_projects_);
  if (!added) return store_trouble(added.error());
  if (*added) return project_json(project, call.request_id);
  return ApiError{ApiCode::ResourceAlreadyExists, "The specified resource project exists already."};
}

Service::Reply Service::get_project(Call& call) {
  constexpr std::array<std::string_view, 1> kNames = {"ProjectName"};
  call.parameters.only(kNames);
  const std::string name = call.parameters.required("ProjectName");
  if (call.parameters.error()) return *call.parameters.error();
  const auto project = reader_.project(name);
  if (!project) return store_trouble(project.error());
  if (!*project) return no_project();
  return project_json(**project, call.request_id);
}

Service::Reply Service::list_projects(Call& call) {
  constexpr std::array<std::string_view, 2> kNames = {"NextToken", "MaxResults"};
  call.parameters.only(kNames);
  const std::int64_t most =
      call.parameters.number("MaxResults", 1, service::kMaxPage).value_or(service::kMaxPage);
  const std::string after = call.parameters.text("NextToken").value_or("");
  if (call.parameters.error()) return *call.parameters.error();
  auto projects = reader_.projects(after, most + 1);
  if (!projects) return store_trouble(projects.error());
  std::string next;
  if (projects->size() > static_cast<std::size_t>(most)) {
    projects->pop_back();
    next = projects->back().name;
  }
  return projects_json(*projects, next, most, call.request_id);
}

}  // namespace anim::server
