// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether a call comes from who may make it, now, and for the first time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gst/core/service/access_keys.h"
#include "gst/core/service/api_error.h"
#include "gst/core/service/http_head.h"
#include "gst/core/service/nonces.h"
#include "gst/core/task_result.h"

namespace anim::service {

/// How far a request's date may be from the service's clock.
inline constexpr Moment kMaxSkew = std::chrono::minutes(15);

/// Nonces that are remembered at most: 2 · kMaxSkew of 250 requests a second.
inline constexpr std::size_t kMaxNonces = 450'000;

/// Why a request of `date` is refused at `now`; nothing when they are near enough.
[[nodiscard]] std::optional<ApiError> check_time(Moment date, Moment now);

/// Whether two texts are equal, in a time that does not tell where they differ.
[[nodiscard]] bool is_equal(std::string_view a, std::string_view b);

/// For one thread at a time.
class Authenticator {
 public:
  explicit Authenticator(AccessKeys keys, std::size_t most_nonces = kMaxNonces)
      : keys_(std::move(keys)), nonces_(most_nonces) {}

  /// Checks the signature of a call; nothing when it is good. A nonce counts from then on.
  [[nodiscard]] std::optional<ApiError> check(const HttpHead& head, std::string_view body,
                                              Moment now);

 private:
  AccessKeys keys_;
  Nonces nonces_;
};

/// What tells a request from every other one: its key's id and its nonce, hashed. Only for requests
/// that check() has found good.
[[nodiscard]] std::string request_mark(const HttpHead& head);

}  // namespace anim::service
