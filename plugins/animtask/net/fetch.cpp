// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/net/fetch.h"

#include <utility>

#include "gst/core/store/retry.h"
#include "gst/core/text.h"
#include "gst/core/uri.h"
#include "plugins/animtask/net/http.h"
#include "plugins/animtask/net/retries.h"

namespace anim {
namespace {

constexpr int kMostRedirects = 20;
constexpr RetryPolicy kPolicy = {.attempts = 4};
constexpr std::chrono::seconds kLongest{60};  // of one request

Error failure(const std::string& url, const std::string& why) {
  return {ErrorCode::ReadFailed, "cannot read " + in_quotes(bare_url(url)) + ": " + why, {}};
}

/// The end of a way of redirects.
struct Arrival {
  HttpAnswer answer;
  std::string url;
};

Result<Arrival> go(const std::string& url, HttpRequest request, const MayRead& may_read,
                   StopSignal& stop) {
  request.url = url;
  // Some servers give nothing to those without a name.
  request.headers.emplace_back("User-Agent", "gst-plugins-anim");
  request.times.whole = kLongest;
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    if (Status status = may_read(request.url); !status) return status.error();
    Tries tries = send_patiently([&] { return request; }, kPolicy, stop);
    if (tries.answer.redirect.empty()) return Arrival{std::move(tries.answer), request.url};
    request.url = std::move(tries.answer.redirect);
  }
  return failure(request.url, "there are more than 20 redirects on the way there");
}

}  // namespace

Result<Fetched> fetch(const std::string& url, std::size_t most, const MayRead& may_read,
                      StopSignal& stop) {
  HttpRequest request;
  request.most = most + 1;  // one too many shows
  auto arrival = go(url, std::move(request), may_read, stop);
  if (!arrival) return arrival.error();
  HttpAnswer& answer = arrival->answer;
  if (answer.end != RequestEnd::Answered) return failure(arrival->url, answer.trouble);
  if (!answer.is_success()) {
    return failure(arrival->url, "the server answers " + std::to_string(answer.status));
  }
  if (answer.body.size() > most) {
    Error error = failure(arrival->url, "it is longer than " + std::to_string(most) + " bytes");
    error.code = ErrorCode::LimitExceeded;
    return error;
  }
  return Fetched{std::move(answer.body), std::move(arrival->url)};
}

Result<std::string> follow(const std::string& url, const MayRead& may_read, StopSignal& stop) {
  HttpRequest request;
  request.headers.emplace_back("Range", "bytes=0-0");
  request.most = 1;
  auto arrival = go(url, std::move(request), may_read, stop);
  if (!arrival) return arrival.error();
  return std::move(arrival->url);
}

}  // namespace anim
