// SPDX-License-Identifier: LGPL-2.1-or-later
// Checksums, keyed hashes and their spellings, as the protocols of object stores need them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace anim {

/// Raw bytes: 16 (MD5), 20 (SHA-1) or 32 (SHA-256) of them.
using Digest = std::string;

[[nodiscard]] Digest md5(std::string_view data);
[[nodiscard]] Digest sha256(std::string_view data);

/// RFC 2104.
[[nodiscard]] Digest hmac_sha1(std::string_view key, std::string_view data);
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view data);

/// Lower-case hexadecimal digits.
[[nodiscard]] std::string hex(std::string_view bytes);

/// RFC 4648, section 4, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

/// The MD5 of data that comes in parts.
class Md5 {
 public:
  Md5();
  ~Md5();
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;

  void add(std::string_view part);

  /// The digest of all parts, once.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace anim
