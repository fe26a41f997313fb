// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/authenticator.h"

#include <algorithm>
#include <array>

#include "gst/core/service/acs_signature.h"
#include "gst/core/service/moment_text.h"
#include "gst/core/store/digest.h"
#include "gst/core/text.h"

namespace anim::service {
namespace {

constexpr std::size_t kLongestNonce = 256;
constexpr std::size_t kDateLength = std::string_view("2024-08-20T07:03:07Z").size();

// The client signs its own headers, the host, and the body's type: nothing of these may be changed
// or added on the way.
bool must_be_signed(std::string_view name) {
  return name.starts_with("x-acs-") || name == "host" || name == "content-type";
}

std::optional<ApiError> check_signed(const HttpHead& head, const AcsAuthorization& authorization) {
  for (const auto& [name, value] : head.headers) {
    if (!must_be_signed(name)) continue;
    const auto& signed_headers = authorization.signed_headers;
    const bool is_signed =
        std::find(signed_headers.begin(), signed_headers.end(), name) != signed_headers.end();
    if (!is_signed)
      return ApiError{ApiCode::IncompleteSignature,
                      "the header " + in_quotes(name) + " is not signed"};
    if (head.count(name) != 1) {
      return ApiError{ApiCode::IncompleteSignature,
                      "the header " + in_quotes(name) + " is there twice"};
    }
  }
  constexpr std::array<std::string_view, 6> kNeeded = {
      "host",       "x-acs-action",          "x-acs-content-sha256",
      "x-acs-date", "x-acs-signature-nonce", "x-acs-version"};
  for (const std::string_view name : kNeeded) {
    if (head.header(name)) continue;
    return ApiError{ApiCode::IncompleteSignature,
                    "the header " + std::string(name) + " is missing"};
  }
  return {};
}

bool has_signature(const HttpHead& head, std::string_view body,
                   const AcsAuthorization& authorization, const std::string& secret) {
  const std::string body_sha256 = hex(sha256(body));
  const auto canonical = acs_canonical_request(head, authorization.signed_headers, body_sha256);
  return canonical && is_equal(*head.header("x-acs-content-sha256"), body_sha256) &&
         is_equal(acs_signature(*canonical, secret), authorization.signature);
}

std::string mark_of(const std::string& key_id, std::string_view nonce) {
  return hex(sha256(std::to_string(key_id.size()) + ":" + key_id + std::string(nonce)));
}

}  // namespace

std::optional<ApiError> check_time(Moment date, Moment now) {
  if (date >= now - kMaxSkew && date <= now + kMaxSkew) return {};
  return ApiError{ApiCode::ExpiredTime, "the request is of " + iso_time(date) +
                                            ", but the time here is " + iso_time(now) +
                                            "; at most 15 minutes may lie between them"};
}

bool is_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

CallCheck Authenticator::check(const HttpHead& head, std::string_view body, Moment now) {
  const auto text = head.header("authorization");
  const auto authorization = text ? parse_acs_authorization(*text) : std::nullopt;
  if (!authorization) {
    return ApiError{ApiCode::IncompleteSignature,
                    "there is no Authorization header of the form ACS3-HMAC-SHA256 "
                    "Credential=…,SignedHeaders=…,Signature=…"};
  }
  if (auto error = check_signed(head, *authorization)) return std::move(*error);
  const std::string* secret = keys_.secret_of(authorization->key_id);
  if (secret == nullptr) {
    return ApiError{ApiCode::UnknownAccessKey, "the AccessKeyId is not known here"};
  }
  const std::string_view date_text = *head.header("x-acs-date");
  const auto date = parse_moment(date_text);
  if (!date || date_text.size() != kDateLength) {
    return ApiError{ApiCode::BadTime, "x-acs-date is not of the form 2024-08-20T07:03:07Z"};
  }
  if (auto error = check_time(*date, now)) return std::move(*error);
  if (!has_signature(head, body, *authorization, *secret)) {
    return ApiError{ApiCode::WrongSignature,
                    "the signature is not that of this request with the key's secret"};
  }
  const std::string_view nonce = *head.header("x-acs-signature-nonce");
  if (nonce.empty() || nonce.size() > kLongestNonce) {
    return ApiError{ApiCode::IncompleteSignature, "x-acs-signature-nonce is empty or too long"};
  }
  std::string mark = mark_of(authorization->key_id, nonce);
  if (auto error = take_nonce(mark, now, *date + kMaxSkew)) return std::move(*error);
  return mark;
}

std::optional<ApiError> Authenticator::take_nonce(const std::string& mark, Moment now, Moment end) {
  const std::lock_guard lock(mutex_);
  switch (nonces_.take(mark, now, end)) {
    case Nonces::Verdict::New:
      return {};
    case Nonces::Verdict::Used:
      return ApiError{ApiCode::NonceUsed, "x-acs-signature-nonce was used already"};
    case Nonces::Verdict::Full:
      return ApiError{ApiCode::Throttled, "there were too many requests in the last minutes"};
  }
  return ApiError{};
}

}  // namespace anim::service
