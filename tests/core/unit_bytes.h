// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds the units that the tests of bitstreams read.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "gst/core/image.h"

namespace anim::test {

/// The bytes that pairs of hexadecimal digits name; spaces between them are skipped.
inline Bytes hex(std::string_view digits) {
  Bytes out;
  std::string pair;
  for (const char digit : digits) {
    if (digit == ' ') continue;
    pair.push_back(digit);
    if (pair.size() < 2) continue;
    out.push_back(static_cast<std::uint8_t>(std::stoul(pair, nullptr, 16)));
    pair.clear();
  }
  return out;
}

inline Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

/// A NAL unit of a byte stream: a start code, and `payload` with emulation prevention bytes.
inline Bytes nal(const Bytes& payload) {
  Bytes out = {0, 0, 0, 1};
  int zeros = 0;
  for (const std::uint8_t byte : payload) {
    if (zeros >= 2 && byte <= 3) {
      out.push_back(3);
      zeros = 0;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out.push_back(byte);
  }
  return out;
}

/// An SEI message with one byte each of type and size.
inline Bytes sei_message(std::uint8_t type, const Bytes& payload) {
  return joined({{type, static_cast<std::uint8_t>(payload.size())}, payload});
}

}  // namespace anim::test
