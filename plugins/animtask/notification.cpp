// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/notification.h"

#include <array>
#include <ctime>
#include <functional>

#include "gst/core/store/multipart.h"
#include "gst/core/uri.h"
#include "plugins/animtask/net/retries.h"
#include "plugins/animtask/outputs/publish.h"

namespace anim {
namespace {

constexpr HttpTimes kPatient = {.connect = std::chrono::milliseconds(5000),
                                .silence = std::chrono::seconds(8),
                                .whole = std::chrono::milliseconds(8000)};
constexpr HttpTimes kHurried = {.connect = std::chrono::milliseconds(2000),
                                .silence = std::chrono::seconds(3),
                                .whole = std::chrono::milliseconds(3000)};

// Now, as HTTP has it (RFC 9110, 5.6.7), in whatever locale.
std::string http_date() {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  const std::string form =
      std::string(kDays.at(utc.tm_wday)) + ", %d " + kMonths.at(utc.tm_mon) + " %Y %H:%M:%S GMT";
  std::strftime(text.data(), text.size(), form.c_str(), &utc);
  return text.data();
}

HttpRequest mns_request(const MnsConfig& service, const std::string& topic,
                        const std::string& json) {
  const std::string resource = "/topics/" + topic + "/messages";
  HttpRequest request;
  request.method = "POST";
  request.url = service.endpoint.scheme + "://" + service.endpoint.host + resource;
  request.headers = {{"Content-Type", "text/xml;charset=utf-8"},
                     {"Date", http_date()},
                     {"x-mns-version", "2015-06-06"}};
  const std::string authorization =
      mns_authorization(request.method, resource, request.headers, service.credentials);
  request.headers.emplace_back("Authorization", authorization);
  if (!service.credentials.session_token.empty()) {
    request.headers.emplace_back("security-token", service.credentials.session_token);
  }
  request.body = mns_message_body(json);
  return request;
}

HttpRequest webhook_request(const std::string& url, const std::string& json) {
  HttpRequest request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = json;
  return request;
}

// What a server that did not take it says, without any part of its text.
std::string refusal(const HttpAnswer& answer) {
  if (answer.end != RequestEnd::Answered) return answer.trouble;
  return "the server answers " + std::to_string(answer.status);
}

Delivery deliver(Delivery delivery, const std::function<HttpRequest()>& make,
                 const Telling& telling, const Stores& stores) {
  const RetryPolicy policy{.attempts = telling.hurry ? 1U : 3U};
  StopSignal never;  // when the run was stopped, this is what it still has to say
  const auto timed = [&] {
    HttpRequest request = make();
    request.times = telling.hurry ? kHurried : kPatient;
    return request;
  };
  const Tries tries = send_patiently(timed, policy, telling.hurry ? never : stores.stop_signal());
  delivery.is_delivered = tries.answer.is_success();
  delivery.attempts = tries.attempts;
  if (!delivery.is_delivered) delivery.message = refusal(tries.answer);
  return delivery;
}

Delivery put_into_folder(const std::string& topic, const std::string& storage_root,
                         const Telling& telling) {
  const Status status = write_topic_message(topic, storage_root, telling.name, telling.json);
  return {.channel = "Folder",
          .target = topic,
          .is_delivered = status.ok(),
          .attempts = 1,
          .message = status ? std::string() : status.error().message};
}

}  // namespace

Delivery tell_topic(const std::string& topic, const std::string& storage_root,
                    const Telling& telling, const Stores& stores) {
  const auto service = stores.message_service();
  if (!service) {
    return {.channel = "MNS", .target = topic, .message = service.error().message};
  }
  if (!*service) return put_into_folder(topic, storage_root, telling);
  return deliver(
      {.channel = "MNS", .target = topic, .message = {}},
      [&] { return mns_request(**service, topic, telling.json); }, telling, stores);
}

Delivery tell_webhook(const std::string& url, const Telling& telling, const Stores& stores) {
  return deliver(
      {.channel = "Webhook", .target = bare_url(url), .message = {}},
      [&] { return webhook_request(url, telling.json); }, telling, stores);
}

}  // namespace anim
