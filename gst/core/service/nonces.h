// SPDX-License-Identifier: LGPL-2.1-or-later
// Remembers what was said once, as long as it could be said again, within a bound.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "gst/core/task_result.h"

namespace anim::service {

/// Nonces of requests that were answered. For one thread at a time.
class Nonces {
 public:
  enum class Verdict { New, Used, Full };

  /// At most `most` of them; each takes some 150 bytes.
  explicit Nonces(std::size_t most) : most_(most) {}

  /// Takes a nonce that counts until `end`. Used: it was taken before and still counts. Full: there
  /// are too many that count to remember another.
  [[nodiscard]] Verdict take(std::string_view nonce, Moment now, Moment end);

  [[nodiscard]] std::size_t size() const { return nonces_.size(); }

 private:
  using Set = std::set<std::string, std::less<>>;

  void forget(Moment now);

  std::size_t most_;
  Set nonces_;  ///< as the first half of their SHA-256
  std::multimap<Moment, Set::iterator> ends_;
};

}  // namespace anim::service
