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
  ExpiredUrl,
  NonceUsed,
  UnknownAction,
  UnknownVersion,
  UnknownMethod,
  RequestTooLarge,
  NoBucket,
  NoKey,
  NotInside,
  WrongSum,
  Throttled,
  Unsupported,
  Internal,
};

/// What an answer says of a code.
struct CodeName {
  std::string_view name;  ///< as in the answer's Code
  int status = 0;         ///< of HTTP
};

/// A row of the table.
struct ApiCodeRow {
  ApiCode code;
  CodeName api;
  std::string_view cause;   ///< one sentence for the docs
  CodeName at_bucket = {};  ///< what the store says instead; no name: the same
};

[[nodiscard]] std::span<const ApiCodeRow> api_codes();

struct ApiError {
  ApiCode code = ApiCode::Internal;
  std::string message;  ///< what was given, what is allowed; never a secret
};

/// What an answer of the API says.
[[nodiscard]] CodeName name_of(ApiCode code);

/// What an answer at a bucket says, in the store's words, by which its clients go.
[[nodiscard]] CodeName name_at_bucket(ApiCode code);

/// The error of a call that an error of the core counts as.
[[nodiscard]] ApiError api_error(const Error& error);

/// The answer's body: {"RequestId":…,"HostId":…,"Code":…,"Message":…,"Recommend":""}.
[[nodiscard]] std::string error_json(const ApiError& error, std::string_view request_id,
                                     std::string_view host);

}  // namespace anim::service
