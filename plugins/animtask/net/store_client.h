// SPDX-License-Identifier: LGPL-2.1-or-later
// Signed requests to one object store, and what its answers mean in words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gst/core/error.h"
#include "gst/core/store/retry.h"
#include "gst/core/store/store_config.h"
#include "gst/core/uri.h"
#include "plugins/animtask/net/http.h"
#include "plugins/animtask/net/retries.h"
#include "plugins/animtask/net/stop_signal.h"

namespace anim {

/// A request for an object, before it is signed.
struct ObjectRequest {
  std::string method = "GET";
  Fields query = {};
  Fields headers = {};
  std::string body = {};  ///< unless `file` is given
  std::string file = {};  ///< its part `range` is the body
  FileRange range = {};
};

/// What a store tells of an object.
struct ObjectFacts {
  std::uint64_t size = 0;
  std::optional<std::int64_t> modified;  ///< seconds since 1970
};

/// One store. `stop` must outlive it. Messages name the place, never a URL.
class StoreClient {
 public:
  StoreClient(StoreConfig store, StopSignal& stop, RetryPolicy policy = {})
      : store_(std::move(store)), stop_(&stop), policy_(policy) {}

  /// Sends it, again and again as the policy has it. `judge` as in send_patiently().
  [[nodiscard]] HttpAnswer send(const Place& place, const ObjectRequest& request,
                                const std::function<void(HttpAnswer&)>& judge = {}) const;

  /// Asks for an object's size and time. NotFound, or ReadFailed with the reason.
  [[nodiscard]] Result<ObjectFacts> look_at(const Place& place) const;

  /// A URL that reads the object for so long (at most 7 days) and holds the right to do so.
  [[nodiscard]] std::string presigned_url(const Place& place, std::uint32_t seconds) const;

  /// The same store, asked for the sake of cleaning up: once more at most, and not for long.
  [[nodiscard]] StoreClient hurried(StopSignal& stop) const;

 private:
  StoreConfig store_;
  StopSignal* stop_;
  RetryPolicy policy_;
  HttpTimes times_;
};

/// Why the store did not take an object. WriteFailed.
[[nodiscard]] Error write_refusal(const Place& place, const HttpAnswer& answer);

}  // namespace anim
