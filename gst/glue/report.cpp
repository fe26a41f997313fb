// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/report.h"

namespace anim::glue {
namespace {

struct GstErrorId {
  GQuark domain;
  gint code;
};

GstErrorId id_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidArgument:
      return {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS};
    case ErrorCode::OutOfRange:
      return {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS};
    case ErrorCode::Unsupported:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT};
    case ErrorCode::LimitExceeded:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED};
    case ErrorCode::NotFound:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND};
    case ErrorCode::ReadFailed:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ};
    case ErrorCode::WriteFailed:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE};
    case ErrorCode::NoSpaceLeft:
      return {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT};
    case ErrorCode::EncodeFailed:
      return {GST_STREAM_ERROR, GST_STREAM_ERROR_ENCODE};
    case ErrorCode::Internal:
      return {GST_CORE_ERROR, GST_CORE_ERROR_FAILED};
  }
  return {GST_CORE_ERROR, GST_CORE_ERROR_FAILED};
}

void post(GstElement* element, GstMessageType type, const Error& error) {
  const GstErrorId id = id_of(error.code);
  gchar* detail = error.detail.empty() ? nullptr : g_strdup(error.detail.c_str());
  gst_element_message_full(element, type, id.domain, id.code, g_strdup(error.message.c_str()),
                           detail, __FILE__, GST_FUNCTION, __LINE__);
}

}  // namespace

void post_error(GstElement* element, const Error& error) {
  post(element, GST_MESSAGE_ERROR, error);
}

void post_warning(GstElement* element, const Error& warning) {
  post(element, GST_MESSAGE_WARNING, warning);
}

GstFlowReturn fail(GstElement* element, const Error& error) {
  post_error(element, error);
  return GST_FLOW_ERROR;
}

}  // namespace anim::glue
