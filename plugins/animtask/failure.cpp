// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/failure.h"

#include <utility>

#include "gst/glue/handle.h"

namespace anim {
namespace {

ErrorCode resource_code(gint code) {
  switch (code) {
    case GST_RESOURCE_ERROR_NOT_FOUND:
      return ErrorCode::NotFound;
    case GST_RESOURCE_ERROR_NO_SPACE_LEFT:
      return ErrorCode::NoSpaceLeft;
    case GST_RESOURCE_ERROR_OPEN_WRITE:
    case GST_RESOURCE_ERROR_OPEN_READ_WRITE:
    case GST_RESOURCE_ERROR_WRITE:
      return ErrorCode::WriteFailed;
    case GST_RESOURCE_ERROR_FAILED:
      return ErrorCode::LimitExceeded;
    default:
      return ErrorCode::ReadFailed;
  }
}

ErrorCode code_of(const GError& error) {
  if (error.domain == GST_RESOURCE_ERROR) return resource_code(error.code);
  if (error.domain == GST_LIBRARY_ERROR && error.code == GST_LIBRARY_ERROR_SETTINGS) {
    return ErrorCode::InvalidArgument;
  }
  if (error.domain == GST_STREAM_ERROR) {
    if (error.code == GST_STREAM_ERROR_ENCODE) return ErrorCode::EncodeFailed;
    if (error.code == GST_STREAM_ERROR_FORMAT) return ErrorCode::Unsupported;
    return ErrorCode::ReadFailed;
  }
  return ErrorCode::Internal;
}

}  // namespace

Failure failure_of(Error error) {
  const TaskCode code = task_code(error.code);
  return {code, std::move(error)};
}

Error error_of(GstMessage* message) {
  GError* raw = nullptr;
  gchar* raw_detail = nullptr;
  gst_message_parse_error(message, &raw, &raw_detail);
  const auto error = glue::adopt(raw);
  const auto detail = glue::adopt(raw_detail);
  return Error{code_of(*error), error->message, detail ? detail.get() : ""};
}

std::optional<long> http_status(GstMessage* message) {
  const GstStructure* details = nullptr;
  gst_message_parse_error_details(message, &details);
  guint status = 0;
  if (details == nullptr || gst_structure_get_uint(details, "http-status-code", &status) == FALSE) {
    return {};
  }
  return status;
}

bool is_stream_error(GstMessage* message) {
  GError* raw = nullptr;
  gst_message_parse_error(message, &raw, nullptr);
  const auto error = glue::adopt(raw);
  return error->domain == GST_STREAM_ERROR;
}

}  // namespace anim
