// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/bucket_calls.h"

#include <algorithm>

#include "gst/core/service/oss_process.h"
#include "gst/core/store/multipart.h"
#include "gst/tools/server/clock.h"

namespace anim::server {
namespace {

using service::ApiCode;
using service::ApiError;
using service::TaskEntry;

// As the object store has it.
std::string error_xml(const ApiError& error, const std::string& request_id, std::string_view host) {
  const auto element = [](const char* name, std::string_view text) {
    return std::string("<") + name + ">" + xml_escaped(text) + "</" + name + ">";
  };
  return R"(<?xml version="1.0" encoding="UTF-8"?><Error>)" +
         element("Code", row_of(error.code).name) + element("Message", error.message) +
         element("RequestId", request_id) + element("HostId", host) + "</Error>";
}

}  // namespace

bool is_bucket_call(const service::HttpHead& head) {
  const auto fields = service::form_fields(head.query());
  return head.path() != "/" && fields &&
         std::any_of(fields->begin(), fields->end(),
                     [](const auto& field) { return field.first == "x-oss-async-process"; });
}

ServerResponse BucketCalls::handle(const ServerRequest& request, const std::string& request_id) {
  const Reply answer = reply(request);
  ServerResponse response{.body = {}, .headers = {{"x-oss-request-id", request_id}}};
  if (const auto* task = std::get_if<TaskEntry>(&answer)) {
    response.body = created_json(*task, request_id);
    return response;
  }
  const auto& error = std::get<ApiError>(answer);
  response.status = row_of(error.code).status;
  response.type = "application/xml";
  response.body = error_xml(error, request_id, request.head.header("host").value_or(""));
  return response;
}

BucketCalls::Reply BucketCalls::reply(const ServerRequest& request) {
  const service::HttpHead& head = request.head;
  if (request.refusal) return *request.refusal;
  if (head.method != "POST") return ApiError{ApiCode::UnknownMethod, "a call is a POST"};
  const auto object = service::object_in(head.path());
  if (!object) return ApiError{ApiCode::InvalidArgument, "the path is no /bucket/key"};
  auto check = check_oss_signature(head, request.body, *object, keys_, now());
  if (auto* error = std::get_if<ApiError>(&check)) return std::move(*error);
  if (!project_) {
    return ApiError{ApiCode::ResourceNotFound, "No project is bound to the buckets (--project)."};
  }
  const auto process = service::process_in(head, request.body);
  if (!process) return service::api_error(process.error());
  auto definition = service::process_definition(*process, *object, *project_);
  if (!definition) return service::api_error(definition.error());
  return intake_.take(std::move(*definition), std::get<std::string>(check));
}

}  // namespace anim::server
