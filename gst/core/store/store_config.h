// SPDX-License-Identifier: LGPL-2.1-or-later
// Which object stores and which message service are configured, and where a bucket of theirs is.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gst/core/error.h"
#include "gst/core/store/signature.h"

namespace anim {

/// The value of a setting ("OSS_ENDPOINT"), "" when it is not set.
using SettingLookup = std::function<std::string(std::string_view name)>;

/// A server.
struct Endpoint {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< with the port where one is given

  /// Whether it is an address or "localhost": no names can stand before it.
  [[nodiscard]] bool is_bare() const;
};

/// An object store and the right to use it.
struct StoreConfig {
  StoreKind kind = StoreKind::Oss;
  Endpoint endpoint;
  std::string region;
  Credentials credentials;
};

/// A message service.
struct MnsConfig {
  Endpoint endpoint;
  Credentials credentials;
};

/// The store of oss:// places; nothing when OSS_ENDPOINT is not set (buckets are folders then).
/// Fails with InvalidArgument when the endpoint is none or something is missing beside it.
[[nodiscard]] Result<std::optional<StoreConfig>> oss_config(const SettingLookup& settings);

/// The store of s3:// places. Fails with InvalidArgument naming what is missing.
[[nodiscard]] Result<StoreConfig> s3_config(const SettingLookup& settings);

/// Where a topic's messages go; nothing when MNS_ENDPOINT is not set (topics are folders then).
[[nodiscard]] Result<std::optional<MnsConfig>> mns_config(const SettingLookup& settings);

/// Whether `bucket` is a name that the stores allow: 3 to 63 small letters, digits and '-' (S3 also
/// '.'), a letter or a digit at both ends. Everything else could change the host of a URL.
[[nodiscard]] bool is_bucket_name(StoreKind kind, std::string_view bucket);

/// A request for `key` ("" = the bucket itself) in `bucket`, with its host and style filled in.
[[nodiscard]] RequestToSign request_for(const StoreConfig& store, std::string method,
                                        const std::string& bucket, const std::string& key);

/// The URL of a request without its query.
[[nodiscard]] std::string url_of(const StoreConfig& store, const RequestToSign& request);

}  // namespace anim
