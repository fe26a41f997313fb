// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether a call comes from who may make it, now, and for the first time.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

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

/// The mark of a call that may be made, or why it may not. The mark is made of what is signed
/// alone, so that nobody but the key's owner can make the same call with another mark.
using CallCheck = std::variant<std::string, ApiError>;

/// Thread-safe.
class Authenticator {
 public:
  explicit Authenticator(AccessKeys keys, std::size_t most_nonces = kMaxNonces)
      : keys_(std::move(keys)), nonces_(most_nonces) {}

  /// Checks the signature of a call. The mark of a good one is that of its key and its nonce, which
  /// counts from then on.
  [[nodiscard]] CallCheck check(const HttpHead& head, std::string_view body, Moment now);

 private:
  [[nodiscard]] std::optional<ApiError> take_nonce(const std::string& mark, Moment now, Moment end);

  const AccessKeys keys_;
  std::mutex mutex_;  // guards what follows
  Nonces nonces_;
};

}  // namespace anim::service
