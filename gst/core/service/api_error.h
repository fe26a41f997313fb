// SPDX-License-Identifier: LGPL-2.1-or-later
// Why a call of the service is refused: the table of codes with their HTTP status.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gst/core/error.h"

namespace anim::service {

/// The codes that a call, not a task, can fail with.
enum class ApiCode {
  InvalidArgument,
  ResourceNotFound,
  ResourceAlreadyExists,
  LimitExceeded,
  IncompleteSignature,
  UnknownAccessKey,
  WrongSignature,
  BadTime,
  ExpiredTime,
  NonceUsed,
  UnknownAction,
  UnknownVersion,
  UnknownMethod,
  RequestTooLarge,
  NoBucket,
  NoKey,
  NotInside,
  Throttled,
  Unsupported,
  Internal,
};

/// A row of the table.
struct ApiCodeRow {
  ApiCode code;
  std::string_view name;   ///< as in the answer's Code
  int status;              ///< of HTTP
  std::string_view cause;  ///< one sentence for the docs
};

[[nodiscard]] std::span<const ApiCodeRow> api_codes();

struct ApiError {
  ApiCode code = ApiCode::Internal;
  std::string message;  ///< what was given, what is allowed; never a secret
};

/// A row of the table, for its name and status.
[[nodiscard]] const ApiCodeRow& row_of(ApiCode code);

/// The error of a call that an error of the core counts as.
[[nodiscard]] ApiError api_error(const Error& error);

/// The answer's body: {"RequestId":…,"HostId":…,"Code":…,"Message":…,"Recommend":""}.
[[nodiscard]] std::string error_json(const ApiError& error, std::string_view request_id,
                                     std::string_view host);

}  // namespace anim::service
