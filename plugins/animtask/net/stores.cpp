// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/net/stores.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "gst/core/text.h"

namespace anim {
namespace {

constexpr auto kNames = std::to_array<const char*>(
    {"OSS_ENDPOINT", "OSS_REGION", "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET",
     "OSS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_REGION",
     "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
     "MNS_ENDPOINT"});

}  // namespace

bool is_setting_name(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

SettingValues setting_values(const SettingValues& given) {
  SettingValues out = given;
  for (const char* name : kNames) {
    const char* value = std::getenv(name);
    if (value != nullptr) out.emplace(name, value);
  }
  return out;
}

SettingLookup Stores::settings() const {
  return [this](std::string_view name) {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
  };
}

Result<std::optional<StoreClient>> Stores::of(const Place& place) const {
  std::optional<StoreConfig> config;
  if (place.kind == Place::Kind::Bucket) {
    auto oss = oss_config(settings());
    if (!oss) return oss.error();
    config = *oss;
  } else if (place.kind == Place::Kind::S3) {
    auto s3 = s3_config(settings());
    if (!s3) {
      return Error{s3.error().code, in_quotes(place.uri) + ": " + s3.error().message, {}};
    }
    config = *s3;
  }
  if (!config) return std::optional<StoreClient>();
  if (is_bucket_name(config->kind, place.bucket)) {
    return std::optional(StoreClient(*config, *stop_));
  }
  return Error{ErrorCode::InvalidArgument,
               in_quotes(place.uri) +
                   " has a bucket that no store allows; a bucket's name has 3 to "
                   "63 small letters, digits and '-'",
               {}};
}

Result<std::optional<MnsConfig>> Stores::message_service() const {
  return mns_config(settings());
}

}  // namespace anim
