// SPDX-License-Identifier: LGPL-2.1-or-later
// Pieces of the sentences that refuse something: what was given, what was meant, what is allowed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gst/core/rational.h"

namespace anim {

/// `text` in double quotes, on one line and at most some 80 bytes: control characters and bytes
/// that are no UTF-8 are escaped, the rest of a longer text becomes "…".
[[nodiscard]] std::string in_quotes(std::string_view text);

/// "a, b, c".
[[nodiscard]] std::string listed(std::span<const std::string_view> names);

/// The name that was probably meant: the nearest by edit distance (insert, delete, replace, swap
/// two neighbours), case aside. Nothing when none is near.
[[nodiscard]] std::optional<std::string_view> closest(std::string_view given,
                                                      std::span<const std::string_view> names);

/// ` (did you mean "fit"?)`, or nothing.
[[nodiscard]] std::string hint(std::string_view given, std::span<const std::string_view> names);

/// The exact decimal ("29.97") of at most 15 digits. Nothing when there is none (1/3).
[[nodiscard]] std::optional<std::string> exact_decimal(Rational value);

/// The exact decimal where there is one, else the fraction ("1/3").
[[nodiscard]] std::string readable(Rational value);

/// Whether `text` is UTF-8 (no overlong forms, surrogates or values above U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace anim
