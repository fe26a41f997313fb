// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/oss_authenticator.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "gst/core/ascii.h"
#include "gst/core/service/moment_text.h"
#include "gst/core/store/digest.h"
#include "gst/core/store/signature.h"
#include "gst/core/text.h"

namespace anim::service {
namespace {

constexpr std::string_view kAlgorithm = "OSS4-HMAC-SHA256 ";
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
constexpr std::size_t kMostAdditional = 64;  // each is looked for among all headers

/// An Authorization header of this kind.
struct OssAuthorization {
  OssCredential credential;
  std::vector<std::string> additional_headers;
};

// "OSS4-HMAC-SHA256 Credential=…[,AdditionalHeaders=…],Signature=…"
std::optional<OssAuthorization> parse(std::string_view text) {
  if (!text.starts_with(kAlgorithm)) return {};
  text.remove_prefix(kAlgorithm.size());
  OssAuthorization out;
  std::optional<OssCredential> credential;
  for (std::string field : split(text, ',')) {
    std::erase(field, ' ');
    const std::size_t equals = field.find('=');
    if (equals == std::string::npos) return {};
    const std::string name = field.substr(0, equals);
    const std::string value = field.substr(equals + 1);
    if (name == "AdditionalHeaders") out.additional_headers = split(value, ';');
    if (name == "Credential") credential = oss_credential(value);
  }
  if (!credential) return {};
  out.credential = std::move(*credential);
  return out;
}

// The Authorization header that this request should have.
std::string right_authorization(const HttpHead& head, const OssAuthorization& authorization,
                                const ObjectName& object, const std::string& secret,
                                const Fields& query) {
  RequestToSign request;
  request.method = head.method;
  request.bucket = object.bucket;
  request.key = object.key;
  request.query = query;
  request.also_sign = authorization.additional_headers;
  for (const auto& field : head.headers) {
    // Those of the signature come back with it.
    if (field.first == "x-oss-date" || field.first == "x-oss-content-sha256") continue;
    request.headers.push_back(field);
  }
  const SigningScope scope{.kind = StoreKind::Oss,
                           .region = authorization.credential.region,
                           .time = std::string(*head.header("x-oss-date"))};
  return signed_headers(request, scope, {authorization.credential.key_id, secret, {}})
      .back()
      .second;
}

bool has_doubles(const HttpHead& head) {
  return std::any_of(head.headers.begin(), head.headers.end(), [&](const auto& field) {
    const bool counts = field.first.starts_with("x-oss-") || field.first == "content-md5" ||
                        field.first == "content-type" || field.first == "authorization";
    return counts && head.count(field.first) != 1;
  });
}

// The text of an Authorization header without what clients write differently.
std::string bare(std::string_view text) {
  std::string out(text);
  std::erase(out, ' ');
  return out;
}

ApiError incomplete(const char* why) {
  return {ApiCode::IncompleteSignature, why};
}

// Of the signature as it should be: what was sent may be written in several ways.
std::string mark_of(const std::string& key_id, std::string_view right) {
  const std::string_view signature = right.substr(right.rfind('=') + 1);
  return hex(sha256("oss:" + key_id + ":" + std::string(signature)));
}

std::optional<ApiError> check_body(const HttpHead& head, std::string_view body) {
  if (body.empty()) return {};
  const auto sum = head.header("content-md5");
  if (!sum) return incomplete("a body must be signed by Content-MD5");
  if (*sum == base64(md5(body))) return {};
  return ApiError{ApiCode::WrongSum, "Content-MD5 is not that of the body"};
}

}  // namespace

std::optional<Moment> parse_oss_date(std::string_view text) {
  if (text.size() != std::string_view("20240820T070307Z").size()) return {};
  std::string form(text);
  for (const std::size_t place : {13U, 11U}) form.insert(place, ":");
  for (const std::size_t place : {6U, 4U}) form.insert(place, "-");
  return parse_moment(form);
}

std::optional<OssCredential> oss_credential(std::string_view text) {
  auto parts = split(text, '/');
  if (parts.size() != 5 || parts[0].empty()) return {};
  return OssCredential{std::move(parts[0]), std::move(parts[2])};
}

std::optional<std::string> bucket_in(std::string_view path) {
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  auto bucket = percent_decoded(path, false);
  if (!bucket || bucket->empty() || path.find('/') != std::string_view::npos) return {};
  return bucket;
}

std::optional<ObjectName> object_in(std::string_view path) {
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  const auto bucket = percent_decoded(path.substr(0, slash), false);
  const auto key = percent_decoded(path.substr(slash + 1), false);
  if (!bucket || !key || bucket->empty() || key->empty()) return {};
  if (!is_utf8(*bucket) || !is_utf8(*key)) return {};
  return ObjectName{*bucket, *key};
}

CallCheck check_oss_signature(const HttpHead& head, std::string_view body, const ObjectName& object,
                              const AccessKeys& keys, Moment now) {
  const auto text = head.header("authorization");
  const auto authorization = text ? parse(*text) : std::nullopt;
  if (!authorization) {
    return incomplete("there is no Authorization header of the form OSS4-HMAC-SHA256 …");
  }
  if (authorization->additional_headers.size() > kMostAdditional) {
    return incomplete("AdditionalHeaders names more than 64 headers");
  }
  if (has_doubles(head)) {
    return incomplete(
        "Authorization, Content-MD5, Content-Type or an x-oss-… header is there twice");
  }
  const std::string* secret = keys.secret_of(authorization->credential.key_id);
  if (secret == nullptr) {
    return ApiError{ApiCode::UnknownAccessKey, "the AccessKeyId is not known here"};
  }
  const auto date = parse_oss_date(head.header("x-oss-date").value_or(""));
  if (!date) return ApiError{ApiCode::BadTime, "x-oss-date is not like 20240820T070307Z"};
  if (auto error = check_time(*date, now)) return std::move(*error);
  const auto query = form_fields(head.query());
  const std::string right =
      query ? right_authorization(head, *authorization, object, *secret, *query) : "";
  const bool is_right = query && head.header("x-oss-content-sha256") == kUnsigned &&
                        is_equal(bare(right), bare(*text));
  if (!is_right) {
    return ApiError{ApiCode::WrongSignature,
                    "the signature is not that of this request with the key's secret"};
  }
  if (auto error = check_body(head, body)) return std::move(*error);
  return mark_of(authorization->credential.key_id, right);
}

}  // namespace anim::service
