// SPDX-License-Identifier: LGPL-2.1-or-later
// GET, HEAD and PUT of objects, and lists of them, as the object store has them, for buckets that
// are folders of the storage root.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "gst/core/service/access_keys.h"
#include "gst/core/service/api_error.h"
#include "gst/core/service/oss_authenticator.h"
#include "gst/tools/server/http_message.h"

namespace anim::server {

struct ObjectSettings {
  std::string storage_root = {};
  std::uint64_t upload = std::uint64_t{4} << 30;  ///< bytes of an object that is put, at most
  unsigned uploads = 16;                          ///< at once
  /// Whether a bucket is in an object store of its own; none is when there is nothing here.
  std::function<bool(const std::string& bucket)> is_elsewhere = {};
};

/// What such a call is named: "GetObject", "HeadObject", "PutObject", "ListObjects", "ListBuckets";
/// "" for all else.
[[nodiscard]] std::string_view object_action(const service::HttpHead& head);

/// Thread-safe.
class ObjectCalls {
 public:
  ObjectCalls(ObjectSettings settings, service::AccessKeys keys)
      : settings_(std::move(settings)), keys_(std::move(keys)) {}

  /// The answer to a call that is no PUT.
  [[nodiscard]] ServerResponse handle(const service::HttpHead& head,
                                      const std::string& request_id) const;
  /// Where the body of a PUT goes. This outlives the sink.
  [[nodiscard]] BodyPlan put(const service::HttpHead& head, const std::string& request_id);

 private:
  [[nodiscard]] std::optional<service::ApiError> check(const service::HttpHead& head,
                                                       const service::ObjectName& name) const;
  [[nodiscard]] std::optional<service::ApiError> check_put(const service::HttpHead& head,
                                                           const service::ObjectName& name) const;

  const ObjectSettings settings_;
  const service::AccessKeys keys_;
  std::atomic<unsigned> uploads_{0};  ///< that are coming in
};

}  // namespace anim::server
