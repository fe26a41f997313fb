// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/bucket_calls.h"

#include <algorithm>

#include "gst/core/service/oss_process.h"
#include "gst/tools/server/bucket_error.h"
#include "gst/tools/server/clock.h"

namespace anim::server {
namespace {

using service::ApiCode;
using service::ApiError;
using service::TaskEntry;

}  // namespace

bool is_bucket_call(const service::HttpHead& head) {
  const auto fields = service::form_fields(head.query());
  return head.path() != "/" && fields &&
         std::any_of(fields->begin(), fields->end(),
                     [](const auto& field) { return field.first == "x-oss-async-process"; });
}

ServerResponse BucketCalls::handle(const ServerRequest& request, const std::string& request_id) {
  const Reply answer = reply(request, request_id);
  if (const auto* error = std::get_if<ApiError>(&answer)) {
    return bucket_error(*error, request_id, request.head);
  }
  return {.body = created_json(std::get<TaskEntry>(answer), request_id),
          .headers = {{"x-oss-request-id", request_id}}};
}

BucketCalls::Reply BucketCalls::reply(const ServerRequest& request, const std::string& request_id) {
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
  return intake_.take(std::move(*definition), {std::get<std::string>(check), request_id});
}

}  // namespace anim::server
