// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/api_error.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace anim::service {
namespace {

constexpr auto kCodes = std::to_array<ApiCodeRow>({
    {ApiCode::InvalidArgument,
     {"InvalidArgument", 400},
     "A parameter is missing, unknown, given twice, or has a value that is not allowed."},
    {ApiCode::ResourceNotFound,
     {"ResourceNotFound", 404},
     "There is no such project, or no such task in it."},
    {ApiCode::ResourceAlreadyExists,
     {"ResourceAlreadyExists", 409},
     "There is a project of that name already."},
    {ApiCode::LimitExceeded,
     {"LimitExceededError", 400},
     "The task or the number of projects is over a limit of this service."},
    {ApiCode::IncompleteSignature,
     {"IncompleteSignature", 400},
     "The Authorization header is missing or malformed, or does not sign what it must.",
     {"AccessDenied", 403}},
    {ApiCode::UnknownAccessKey,
     {"InvalidAccessKeyId.NotFound", 404},
     "The AccessKeyId is not in the file of keys.",
     {"InvalidAccessKeyId", 403}},
    {ApiCode::WrongSignature,
     {"SignatureDoesNotMatch", 400},
     "The signature is not that of this request with this key.",
     {"SignatureDoesNotMatch", 403}},
    {ApiCode::BadTime,
     {"InvalidTimeStamp.Format", 400},
     "The request's date (x-acs-date, x-oss-date) is not of its form.",
     {"AccessDenied", 403}},
    {ApiCode::ExpiredTime,
     {"InvalidTimeStamp.Expired", 400},
     "The request's date is more than 15 minutes away from this service's clock.",
     {"RequestTimeTooSkewed", 403}},
    {ApiCode::ExpiredUrl, {"AccessDenied", 403}, "The time of the signed URL is over."},
    {ApiCode::NonceUsed,
     {"SignatureNonceUsed", 400},
     "A request with this x-acs-signature-nonce was answered already."},
    {ApiCode::UnknownAction, {"InvalidAction.NotFound", 404}, "This service has no such action."},
    {ApiCode::UnknownVersion, {"InvalidVersion", 400}, "x-acs-version is not 2020-09-30."},
    {ApiCode::UnknownMethod,
     {"UnsupportedHTTPMethod", 405},
     "The HTTP method is not one that this path takes.",
     {"MethodNotAllowed", 405}},
    {ApiCode::RequestTooLarge,
     {"RequestTooLarge", 413},
     "The request's body is too long.",
     {"EntityTooLarge", 400}},
    {ApiCode::NoBucket, {"NoSuchBucket", 404}, "There is no such bucket."},
    {ApiCode::NoKey, {"NoSuchKey", 404}, "There is no such object in the bucket."},
    {ApiCode::NotInside, {"InvalidRange", 416}, "The range begins behind the object's end."},
    {ApiCode::WrongSum, {"InvalidDigest", 400}, "Content-MD5 is not that of the body."},
    {ApiCode::Throttled,
     {"Throttling", 429},
     "The queue of tasks is full, or there were too many requests; try again later."},
    {ApiCode::Unsupported,
     {"Unsupported", 400},
     "The request is valid, but asks for something that this version does not do.",
     {"OperationNotSupported", 400}},
    {ApiCode::Internal, {"InternalError", 500}, "A fault of this service; its log says more."},
});

const ApiCodeRow& row_of(ApiCode code) {
  const auto* row = std::find_if(kCodes.begin(), kCodes.end(),
                                 [&](const ApiCodeRow& row) { return row.code == code; });
  return row != kCodes.end() ? *row : kCodes.back();
}

}  // namespace

std::span<const ApiCodeRow> api_codes() {
  return kCodes;
}

CodeName name_of(ApiCode code) {
  return row_of(code).api;
}

CodeName name_at_bucket(ApiCode code) {
  const ApiCodeRow& row = row_of(code);
  return row.at_bucket.name.empty() ? row.api : row.at_bucket;
}

ApiError api_error(const Error& error) {
  switch (error.code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::OutOfRange:
      return {ApiCode::InvalidArgument, error.message};
    case ErrorCode::Unsupported:
      return {ApiCode::Unsupported, error.message};
    case ErrorCode::LimitExceeded:
      return {ApiCode::LimitExceeded, error.message};
    case ErrorCode::NotFound:
      return {ApiCode::ResourceNotFound, error.message};
    default:
      // What went wrong inside is for the log alone.
      return {ApiCode::Internal, "the service failed; its log says why"};
  }
}

std::string error_json(const ApiError& error, std::string_view request_id, std::string_view host) {
  nlohmann::ordered_json out;
  out["RequestId"] = request_id;
  out["HostId"] = host;
  out["Code"] = name_of(error.code).name;
  out["Message"] = error.message;
  out["Recommend"] = "";
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace anim::service
