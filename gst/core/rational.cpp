// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/rational.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>
#include <utility>

namespace anim {
namespace {

__extension__ using Wide = __int128;

constexpr Wide kMax = std::numeric_limits<std::int64_t>::max();
constexpr Wide kMin = -kMax;  // symmetric, so that negation never overflows

Wide gcd(Wide a, Wide b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a < 0 ? -a : a;
}

std::optional<Rational> reduced(Wide num, Wide den) {
  const Wide divisor = gcd(num, den);
  if (divisor > 1) {
    num /= divisor;
    den /= divisor;
  }
  if (num > kMax || num < kMin || den > kMax) return std::nullopt;
  return Rational(static_cast<std::int64_t>(num), static_cast<std::int64_t>(den));
}

std::int64_t clamped(Wide value) {
  return static_cast<std::int64_t>(std::clamp(value, kMin, kMax));
}

Wide floor_div(Wide num, Wide den) {
  const Wide quotient = num / den;
  return quotient - (num % den < 0 ? 1 : 0);
}

// The decimal exponent after 'e', or nothing when it is no number or beyond any 64-bit value.
std::optional<int> parse_exponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 3) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

struct Mantissa {
  Wide digits = 0;
  int decimals = 0;
};

std::optional<Mantissa> parse_mantissa(std::string_view text) {
  Mantissa out;
  bool any = false;
  bool after_point = false;
  for (const char c : text) {
    if (c == '.') {
      if (after_point) return std::nullopt;
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9' || out.digits > kMax) return std::nullopt;
    any = true;
    out.digits = out.digits * 10 + (c - '0');
    if (after_point) ++out.decimals;
  }
  if (!any) return std::nullopt;
  return out;
}

}  // namespace

Rational::Rational(std::int64_t num, std::int64_t den) {
  assert(den != 0);
  const std::int64_t divisor = std::gcd(num, den);
  const std::int64_t sign = den < 0 ? -1 : 1;
  num_ = sign * (num / divisor);
  den_ = sign * (den / divisor);
}

std::optional<Rational> Rational::parse(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t e = text.find_first_of("eE");
  const auto mantissa = parse_mantissa(text.substr(0, e));
  if (!mantissa) return std::nullopt;
  int exponent = -mantissa->decimals;
  if (e != std::string_view::npos) {
    const auto given = parse_exponent(text.substr(e + 1));
    if (!given) return std::nullopt;
    exponent += *given;
  }
  if (mantissa->digits == 0) return Rational(0);
  Wide num = negative ? -mantissa->digits : mantissa->digits;
  Wide den = 1;
  for (; exponent < 0; ++exponent) {
    if (num % 10 == 0) {
      num /= 10;
    } else {
      den *= 10;
    }
    if (den > kMax) return std::nullopt;
  }
  for (; exponent > 0; --exponent) {
    num *= 10;
    if (num > kMax || num < kMin) return std::nullopt;
  }
  return reduced(num, den);
}

std::string Rational::to_string() const {
  std::string text = std::to_string(num_);
  if (den_ != 1) text += "/" + std::to_string(den_);
  return text;
}

std::optional<Rational> Rational::times(Rational other) const {
  return reduced(Wide{num_} * other.num_, Wide{den_} * other.den_);
}

std::optional<Rational> Rational::plus(Rational other) const {
  const Wide divisor = std::gcd(den_, other.den_);
  const Wide scale = other.den_ / divisor;
  return reduced(Wide{num_} * scale + Wide{other.num_} * (den_ / divisor), Wide{den_} * scale);
}

Rational Rational::negated() const {
  Rational out;
  out.num_ = -num_;
  out.den_ = den_;
  return out;
}

std::strong_ordering operator<=>(Rational a, Rational b) {
  return Wide{a.num_} * b.den_ <=> Wide{b.num_} * a.den_;
}

std::int64_t mul_div_floor(std::int64_t value, std::int64_t num, std::int64_t den) {
  return clamped(floor_div(Wide{value} * num, den));
}

std::int64_t mul_div_round(std::int64_t value, std::int64_t num, std::int64_t den) {
  return clamped(floor_div(Wide{value} * num * 2 + den, Wide{den} * 2));
}

std::int64_t mul_div_ceil(std::int64_t value, std::int64_t num, std::int64_t den) {
  return clamped(-floor_div(-(Wide{value} * num), den));
}

}  // namespace anim
