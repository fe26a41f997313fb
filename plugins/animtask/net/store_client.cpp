// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/net/store_client.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <curl/curl.h>

#include "gst/core/ascii.h"
#include "gst/core/store/digest.h"
#include "gst/core/text.h"

namespace anim {
namespace {

constexpr std::size_t kLongestCode = 64;

// Somebody waits for the source to open; with all retries this is less than a minute.
constexpr HttpTimes kToLook = {.connect = std::chrono::milliseconds(5000),
                               .silence = std::chrono::seconds(10),
                               .whole = std::chrono::milliseconds(10'000)};

// Now, as signatures have it.
std::string signing_time() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return text.data();
}

// The store's name for what is wrong: one word, as anything longer may hold more than it should.
std::string code_of(const HttpAnswer& answer) {
  const auto code = xml_text(answer.body, "Code");
  if (!code || code->size() > kLongestCode) return {};
  const bool is_word = std::all_of(code->begin(), code->end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
  });
  return is_word ? *code : std::string();
}

std::string advice(long status, const std::string& code) {
  if (code == "NoSuchBucket") return "; there is no such bucket";
  if (code == "SignatureDoesNotMatch") return "; check the secret key and the region";
  if (code == "InvalidAccessKeyId") return "; check the access key";
  if (code == "RequestTimeTooSkewed") return "; check this machine's clock";
  if (code == "AccessDenied") return "; check what the access key may do";
  if (status == 401 || status == 403) {
    return "; check the access key, what it may do, the region and the clock";
  }
  if (status >= 300 && status <= 399) return ", a redirect; check the endpoint and the region";
  return {};
}

std::string words_of(const HttpAnswer& answer) {
  if (answer.end != RequestEnd::Answered) {
    return "the store cannot be reached or broke off: " + answer.trouble;
  }
  const std::string code = code_of(answer);
  return "the store answers " + std::to_string(answer.status) + (code.empty() ? "" : " " + code) +
         advice(answer.status, code);
}

Error read_refusal(const Place& place, const HttpAnswer& answer) {
  if (answer.status == 404) {
    return {ErrorCode::NotFound, in_quotes(place.uri) + " does not exist in its store", {}};
  }
  return {
      ErrorCode::ReadFailed, "cannot read " + in_quotes(place.uri) + ": " + words_of(answer), {}};
}

}  // namespace

HttpAnswer StoreClient::send(const Place& place, const ObjectRequest& request,
                             const std::function<void(HttpAnswer&)>& judge) const {
  const auto make = [&] {
    RequestToSign to_sign = request_for(store_, request.method, place.bucket, place.key);
    to_sign.query = request.query;
    to_sign.headers = request.headers;
    if (request.file.empty()) to_sign.payload_sha256 = hex(sha256(request.body));
    const SigningScope scope{store_.kind, store_.region, signing_time()};
    return HttpRequest{.method = request.method,
                       .url = url_of(store_, to_sign) + query_text(request.query),
                       .headers = signed_headers(to_sign, scope, store_.credentials),
                       .body = request.body,
                       .file = request.file,
                       .range = request.range,
                       .times = times_};
  };
  return send_patiently(make, policy_, *stop_, judge).answer;
}

Result<ObjectFacts> StoreClient::look_at(const Place& place) const {
  StoreClient looking = *this;
  if (looking.times_.whole == std::chrono::milliseconds(0)) looking.times_ = kToLook;
  const HttpAnswer answer = looking.send(place, {.method = "HEAD"});
  if (!answer.is_success()) return read_refusal(place, answer);
  ObjectFacts facts;
  facts.size = whole_number<decltype(facts.size)>(answer.header("content-length")).value_or(0);
  const std::time_t modified = curl_getdate(answer.header("last-modified").c_str(), nullptr);
  if (modified >= 0) facts.modified = modified;
  return facts;
}

std::string StoreClient::presigned_url(const Place& place, std::uint32_t seconds) const {
  const RequestToSign request = request_for(store_, "GET", place.bucket, place.key);
  const SigningScope scope{store_.kind, store_.region, signing_time()};
  return url_of(store_, request) +
         query_text(presigned_query(request, scope, store_.credentials, seconds));
}

StoreClient StoreClient::hurried(StopSignal& stop) const {
  StoreClient out(store_, stop, {.attempts = 2});
  out.times_ = {.connect = std::chrono::milliseconds(3000),
                .silence = std::chrono::seconds(3),
                .whole = std::chrono::milliseconds(5000)};
  return out;
}

Error write_refusal(const Place& place, const HttpAnswer& answer) {
  return {
      ErrorCode::WriteFailed, "cannot write " + in_quotes(place.uri) + ": " + words_of(answer), {}};
}

}  // namespace anim
