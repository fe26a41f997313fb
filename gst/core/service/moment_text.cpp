// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/moment_text.h"

#include <algorithm>

namespace anim::service {
namespace {

using namespace std::chrono;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether `text` is as `form`, where 0 is any digit.
bool has_form(std::string_view text, std::string_view form) {
  return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                    [](char c, char f) { return f == '0' ? is_digit(c) : c == f; });
}

int number_at(std::string_view text, std::size_t begin, std::size_t length) {
  int out = 0;
  for (const char c : text.substr(begin, length)) out = out * 10 + (c - '0');
  return out;
}

// Takes ".123456" from the front, as milliseconds. Nothing for a dot without digits.
std::optional<Moment> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return Moment(0);
  text.remove_prefix(1);
  const auto length =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  if (length == 0) return {};
  std::int64_t out = 0;
  for (std::size_t i = 0; i < 3; ++i) out = out * 10 + (i < length ? text[i] - '0' : 0);
  text.remove_prefix(length);
  return Moment(out);
}

// "Z" or "+08:00": how far the clock is ahead of UTC.
std::optional<minutes> offset_of(std::string_view text) {
  if (text == "Z") return minutes(0);
  if (!has_form(text, "+00:00") && !has_form(text, "-00:00")) return {};
  const minutes out = hours(number_at(text, 1, 2)) + minutes(number_at(text, 4, 2));
  return text[0] == '-' ? -out : out;
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (!has_form(text.substr(0, kForm.size()), kForm)) return {};
  const year_month_day date(year(number_at(text, 0, 4)),
                            month(static_cast<unsigned>(number_at(text, 5, 2))),
                            day(static_cast<unsigned>(number_at(text, 8, 2))));
  const hours hour(number_at(text, 11, 2));
  const minutes minute(number_at(text, 14, 2));
  const seconds second(number_at(text, 17, 2));
  if (!date.ok() || hour >= days(1) || minute >= hours(1) || second > minutes(1)) return {};
  text.remove_prefix(kForm.size());
  const auto fraction = take_fraction(text);
  const auto offset = offset_of(text);
  if (!fraction || !offset) return {};
  return sys_days(date).time_since_epoch() + hour + minute + second + *fraction - *offset;
}

}  // namespace anim::service
