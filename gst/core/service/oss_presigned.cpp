// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/oss_presigned.h"

#include <algorithm>
#include <string>

#include "gst/core/ascii.h"
#include "gst/core/service/authenticator.h"

namespace anim::service {
namespace {

constexpr std::uint32_t kLongest = 604'800;  // seconds

/// The fields of the signature.
struct Signed {
  OssCredential credential;
  std::string date;
  std::uint32_t seconds = 0;
  Fields others;  ///< of the query
  Fields query;   ///< all of it
};

std::string value_of(const Fields& fields, std::string_view name) {
  const auto field =
      std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; });
  return field == fields.end() ? "" : field->second;
}

bool is_of_signature(const std::string& name) {
  constexpr std::string_view kNames[] = {"x-oss-signature-version", "x-oss-credential",
                                         "x-oss-date", "x-oss-expires", "x-oss-signature"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool has_doubles(const Fields& query) {
  return std::any_of(query.begin(), query.end(), [&](const auto& field) {
    return std::count_if(query.begin(), query.end(),
                         [&](const auto& other) { return other.first == field.first; }) != 1;
  });
}

std::optional<Signed> parse(std::string_view text) {
  constexpr std::size_t kMostFields = 64;
  auto query = form_fields(text);
  if (!query || query->size() > kMostFields || has_doubles(*query)) return {};
  Signed out;
  auto credential = oss_credential(value_of(*query, "x-oss-credential"));
  if (!credential) return {};
  out.credential = std::move(*credential);
  out.date = value_of(*query, "x-oss-date");
  const auto seconds = whole_number<decltype(out.seconds)>(value_of(*query, "x-oss-expires"));
  if (!seconds || *seconds > kLongest) return {};
  out.seconds = *seconds;
  for (const auto& field : *query) {
    if (!is_of_signature(field.first)) out.others.push_back(field);
  }
  out.query = std::move(*query);
  return out;
}

// Such URLs are made ahead, so that only a date in the future counts as a clock that is wrong.
std::optional<ApiError> check_date(Moment date, std::uint32_t seconds, Moment now) {
  if (date > now) return check_time(date, now);
  if (now <= date + std::chrono::seconds(seconds)) return {};
  return ApiError{ApiCode::ExpiredUrl, "the signed URL is no longer good"};
}

}  // namespace

bool is_presigned(const HttpHead& head) {
  return head.query().find("x-oss-signature=") != std::string_view::npos;
}

std::optional<ApiError> check_presigned(const HttpHead& head, const ObjectName& object,
                                        const AccessKeys& keys, Moment now) {
  const auto given = parse(head.query());
  if (!given) {
    return ApiError{ApiCode::IncompleteSignature,
                    "the query has no signature of the form x-oss-signature-version=…"};
  }
  const std::string* secret = keys.secret_of(given->credential.key_id);
  if (secret == nullptr) {
    return ApiError{ApiCode::UnknownAccessKey, "the AccessKeyId is not known here"};
  }
  const auto date = parse_oss_date(given->date);
  if (!date) return ApiError{ApiCode::BadTime, "x-oss-date is not like 20240820T070307Z"};
  if (auto error = check_date(*date, given->seconds, now)) return error;
  RequestToSign request;
  request.method = head.method;
  request.bucket = object.bucket;
  request.key = object.key;
  request.query = given->others;
  Fields right = presigned_query(request, {StoreKind::Oss, given->credential.region, given->date},
                                 {given->credential.key_id, *secret, {}}, given->seconds);
  Fields sent = given->query;
  std::sort(right.begin(), right.end());
  std::sort(sent.begin(), sent.end());
  if (is_equal(query_text(right), query_text(sent))) return {};
  return ApiError{ApiCode::WrongSignature,
                  "the signature is not that of this URL with the key's secret"};
}

}  // namespace anim::service
