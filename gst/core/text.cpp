// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace anim {
namespace {

constexpr std::size_t kLongestQuote = 80;
constexpr std::size_t kLongestName = 64;
constexpr int kMostDigits = 15;

// The length of the UTF-8 sequence at the beginning of `text`; 0 when there is none.
// Unicode 15, table 3-7.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0 || text.size() < length) return 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  }
  return length;
}

std::string escaped(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Optimal string alignment distance (Damerau-Levenshtein without overlapping swaps).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + cost});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    if (out.size() > kLongestQuote) return out + "…\"";
    const std::size_t length = utf8_length(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      out += escaped(byte);
      text.remove_prefix(1);
      continue;
    }
    out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out + "\"";
}

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

std::optional<std::string_view> closest(std::string_view given,
                                        std::span<const std::string_view> names) {
  if (given.empty() || given.size() > kLongestName) return std::nullopt;
  std::size_t nearest = 1 + given.size() / 4;
  std::optional<std::string_view> best;
  for (const std::string_view name : names) {
    const std::size_t far = distance(given, name);
    if (far >= name.size() || far > nearest || (best && far == nearest)) continue;
    nearest = far;
    best = name;
  }
  return best;
}

std::string hint(std::string_view given, std::span<const std::string_view> names) {
  const auto meant = closest(given, names);
  if (!meant) return {};
  return " (did you mean " + in_quotes(*meant) + "?)";
}

std::optional<std::string> exact_decimal(Rational value) {
  std::int64_t den = value.den();
  int decimals = 0;
  Rational scaled = value;
  for (; den != 1; ++decimals) {
    const auto next = scaled.times(Rational(10));
    if (!next || decimals == kMostDigits) return std::nullopt;
    scaled = *next;
    den = scaled.den();
  }
  const bool negative = scaled.num() < 0;
  std::string digits = std::to_string(negative ? -scaled.num() : scaled.num());
  if (digits.size() > kMostDigits) return std::nullopt;
  if (decimals > 0) {
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

std::string readable(Rational value) {
  const auto decimal = exact_decimal(value);
  return decimal ? *decimal : value.to_string();
}

}  // namespace anim
