// SPDX-License-Identifier: LGPL-2.1-or-later
// Who may call the service: the file of keys.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "gst/core/error.h"

namespace anim::service {

inline constexpr std::size_t kMaxKeysBytes = 1 << 20;

/// Keys by their ids. Secrets are never shown.
class AccessKeys {
 public:
  /// Reads one "AccessKeyId AccessKeySecret" a line; empty lines and those that begin with '#' do
  /// not count. InvalidArgument with the line's number, and when there is no key.
  [[nodiscard]] static Result<AccessKeys> parse(std::string_view text);

  /// The secret of a key; null when there is none of that id.
  [[nodiscard]] const std::string* secret_of(std::string_view id) const;

  [[nodiscard]] std::size_t size() const { return secrets_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> secrets_;
};

}  // namespace anim::service
