// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/store/store_config.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "gst/core/text.h"

namespace anim {
namespace {

constexpr std::size_t kShortestBucket = 3;
constexpr std::size_t kLongestBucket = 63;
constexpr std::size_t kLongestHost = 255;

bool is_small_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_host_char(char c) {
  return is_small_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == ':' ||
         c == '[' || c == ']' || c == '_';
}

// "https://host:port", or the host alone for https. No path, no user.
Result<Endpoint> endpoint_of(std::string_view name, const std::string& text) {
  std::string_view rest = text;
  std::string scheme = "https";
  if (const std::size_t end = rest.find("://"); end != std::string_view::npos) {
    scheme = rest.substr(0, end);
    rest.remove_prefix(end + 3);
  }
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  const bool is_host = !rest.empty() && rest.size() <= kLongestHost &&
                       std::all_of(rest.begin(), rest.end(), is_host_char);
  if (is_host && (scheme == "http" || scheme == "https")) {
    return Endpoint{scheme, std::string(rest)};
  }
  return Error{ErrorCode::InvalidArgument,
               std::string(name) + ": " + in_quotes(text) +
                   " is no endpoint; write https://host or http://host:port, without a path",
               {}};
}

// "oss-cn-hangzhou.aliyuncs.com", "oss-cn-hangzhou-internal.aliyuncs.com".
std::string region_in(const std::string& host) {
  constexpr std::string_view kPrefix = "oss-";
  constexpr std::string_view kInternal = "-internal";
  if (!host.starts_with(kPrefix) || !host.ends_with(".aliyuncs.com")) return {};
  std::string region = host.substr(kPrefix.size(), host.find('.') - kPrefix.size());
  if (region.ends_with(kInternal)) region.resize(region.size() - kInternal.size());
  return region;
}

// What is needed and not there.
Status check_given(const std::string& why,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> needed) {
  std::string missing;
  for (const auto& [name, value] : needed) {
    if (value.empty()) missing += (missing.empty() ? "" : ", ") + std::string(name);
  }
  if (missing.empty()) return success();
  return Error{ErrorCode::InvalidArgument, why + ", but these are not set: " + missing, {}};
}

Credentials oss_credentials(const SettingLookup& settings) {
  return {settings("OSS_ACCESS_KEY_ID"), settings("OSS_ACCESS_KEY_SECRET"),
          settings("OSS_SESSION_TOKEN")};
}

std::string first_of(const SettingLookup& settings, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    std::string value = settings(name);
    if (!value.empty()) return value;
  }
  return {};
}

bool is_address(std::string_view host) {
  if (host.starts_with('[')) return true;
  const std::string_view name = host.substr(0, host.find(':'));
  return !name.empty() && name.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

bool Endpoint::is_bare() const {
  return is_address(host) || host.substr(0, host.find(':')) == "localhost";
}

Result<std::optional<StoreConfig>> oss_config(const SettingLookup& settings) {
  const std::string text = settings("OSS_ENDPOINT");
  if (text.empty()) return std::optional<StoreConfig>();
  auto endpoint = endpoint_of("OSS_ENDPOINT", text);
  if (!endpoint) return endpoint.error();
  StoreConfig store{StoreKind::Oss, *endpoint, settings("OSS_REGION"), oss_credentials(settings)};
  if (store.region.empty()) store.region = region_in(store.endpoint.host);
  if (Status given =
          check_given("OSS_ENDPOINT is set", {{"OSS_REGION", store.region},
                                              {"OSS_ACCESS_KEY_ID", store.credentials.id},
                                              {"OSS_ACCESS_KEY_SECRET", store.credentials.secret}});
      !given) {
    return given.error();
  }
  return std::optional(std::move(store));
}

Result<StoreConfig> s3_config(const SettingLookup& settings) {
  StoreConfig store{
      StoreKind::S3, {}, first_of(settings, {"AWS_REGION", "AWS_DEFAULT_REGION"}), {}};
  store.credentials = {settings("AWS_ACCESS_KEY_ID"), settings("AWS_SECRET_ACCESS_KEY"),
                       settings("AWS_SESSION_TOKEN")};
  if (Status given =
          check_given("s3:// needs a store", {{"AWS_REGION", store.region},
                                              {"AWS_ACCESS_KEY_ID", store.credentials.id},
                                              {"AWS_SECRET_ACCESS_KEY", store.credentials.secret}});
      !given) {
    return given.error();
  }
  const std::string text = first_of(settings, {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  auto endpoint = endpoint_of(
      "AWS_ENDPOINT_URL", text.empty() ? "https://s3." + store.region + ".amazonaws.com" : text);
  if (!endpoint) return endpoint.error();
  store.endpoint = *endpoint;
  return store;
}

Result<std::optional<MnsConfig>> mns_config(const SettingLookup& settings) {
  const std::string text = settings("MNS_ENDPOINT");
  if (text.empty()) return std::optional<MnsConfig>();
  auto endpoint = endpoint_of("MNS_ENDPOINT", text);
  if (!endpoint) return endpoint.error();
  MnsConfig service{*endpoint, oss_credentials(settings)};
  if (Status given = check_given("MNS_ENDPOINT is set",
                                 {{"OSS_ACCESS_KEY_ID", service.credentials.id},
                                  {"OSS_ACCESS_KEY_SECRET", service.credentials.secret}});
      !given) {
    return given.error();
  }
  return std::optional(std::move(service));
}

bool is_bucket_name(StoreKind kind, std::string_view bucket) {
  if (bucket.size() < kShortestBucket || bucket.size() > kLongestBucket) return false;
  return is_small_or_digit(bucket.front()) && is_small_or_digit(bucket.back()) &&
         std::all_of(bucket.begin(), bucket.end(), [kind](char c) {
           return is_small_or_digit(c) || c == '-' || (c == '.' && kind == StoreKind::S3);
         });
}

RequestToSign request_for(const StoreConfig& store, std::string method, const std::string& bucket,
                          const std::string& key) {
  RequestToSign request{.method = std::move(method),
                        .host = store.endpoint.host,
                        .bucket = bucket,
                        .key = key,
                        .query = {},
                        .headers = {},
                        .also_sign = {}};
  // A name with dots fits no certificate of the store.
  request.bucket_in_path = store.endpoint.is_bare() || bucket.find('.') != std::string::npos;
  if (!request.bucket_in_path) request.host.insert(0, bucket + ".");
  return request;
}

std::string url_of(const StoreConfig& store, const RequestToSign& request) {
  const std::string bucket = request.bucket_in_path ? "/" + path_encoded(request.bucket) : "";
  return store.endpoint.scheme + "://" + request.host + bucket + "/" + path_encoded(request.key);
}

}  // namespace anim
