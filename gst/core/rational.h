// SPDX-License-Identifier: LGPL-2.1-or-later
// Exact fractions for intervals, frame rates, aspect ratios and the decimals of JSON.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anim {

/// A fraction in lowest terms with a positive denominator.
class Rational {
 public:
  constexpr Rational() = default;
  constexpr Rational(std::int64_t whole) : num_(whole) {}
  /// num/den reduced. `den` must not be 0.
  Rational(std::int64_t num, std::int64_t den);

  /// A decimal as JSON writes it ("29.97", "1e-3"), exactly: 29.97 is 2997/100.
  /// Nothing when the text is no number or does not fit 64 bits.
  [[nodiscard]] static std::optional<Rational> parse(std::string_view text);

  [[nodiscard]] constexpr std::int64_t num() const { return num_; }
  [[nodiscard]] constexpr std::int64_t den() const { return den_; }
  [[nodiscard]] bool is_zero() const { return num_ == 0; }
  [[nodiscard]] bool is_whole() const { return den_ == 1; }
  [[nodiscard]] double to_double() const {
    return static_cast<double>(num_) / static_cast<double>(den_);
  }
  /// "3", "2997/100".
  [[nodiscard]] std::string to_string() const;

  /// 1/x. Not for 0.
  [[nodiscard]] Rational inverted() const { return {den_, num_}; }

  /// Products and sums that leave 64 bits give nothing.
  [[nodiscard]] std::optional<Rational> times(Rational other) const;
  [[nodiscard]] std::optional<Rational> plus(Rational other) const;
  [[nodiscard]] Rational negated() const;

  friend std::strong_ordering operator<=>(Rational a, Rational b);
  friend bool operator==(Rational a, Rational b) = default;

 private:
  std::int64_t num_ = 0;
  std::int64_t den_ = 1;
};

/// value * num / den with a 128-bit product, rounded down / to nearest (half up) / up.
/// den > 0, and the result must fit 64 bits (else it is clamped to the type's bounds).
[[nodiscard]] std::int64_t mul_div_floor(std::int64_t value, std::int64_t num, std::int64_t den);
[[nodiscard]] std::int64_t mul_div_round(std::int64_t value, std::int64_t num, std::int64_t den);
[[nodiscard]] std::int64_t mul_div_ceil(std::int64_t value, std::int64_t num, std::int64_t den);

}  // namespace anim
