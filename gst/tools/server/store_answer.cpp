// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/store_answer.h"

#include "gst/tools/server/log.h"

namespace anim::server {

using service::ApiCode;
using service::ApiError;

ApiError store_trouble(const Error& error) {
  if (error.code != ErrorCode::LimitExceeded) {
    log(LogLevel::Error, "store-failed", {{"message", error.message}});
  }
  return service::api_error(error);
}

ApiError no_project() {
  return {ApiCode::ResourceNotFound, "The specified resource project is not found."};
}

std::optional<ApiError> check_project(TaskStore& store, const std::string& name) {
  const auto project = store.project(name);
  if (!project) return store_trouble(project.error());
  if (*project) return {};
  return no_project();
}

}  // namespace anim::server
