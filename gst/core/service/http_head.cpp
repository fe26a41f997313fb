// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/http_head.h"

#include <algorithm>
#include <utility>

#include "gst/core/ascii.h"

namespace anim::service {
namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return {};
}

/// RFC 9110, 5.6.2, in small letters.
bool is_token(std::string_view name) {
  constexpr std::string_view kOf = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";
  return !name.empty() && name.find_first_not_of(kOf) == std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> HttpHead::header(std::string_view name) const {
  const auto is_it = [&](const auto& field) { return field.first == name; };
  const auto found = std::find_if(headers.begin(), headers.end(), is_it);
  if (found == headers.end() || count(name) != 1) return {};
  return found->second;
}

unsigned HttpHead::count(std::string_view name) const {
  return static_cast<unsigned>(std::count_if(
      headers.begin(), headers.end(), [&](const auto& field) { return field.first == name; }));
}

std::string_view HttpHead::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view HttpHead::query() const {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

std::optional<std::string> ambiguity_of(const HttpHead& head) {
  const auto& headers = head.headers;
  if (!std::all_of(headers.begin(), headers.end(),
                   [](const auto& field) { return is_token(field.first); })) {
    return "the name of a header has a character that is not allowed there";
  }
  if (head.count("content-length") + head.count("transfer-encoding") > 1) {
    return "a body has one length: one Content-Length, or one Transfer-Encoding";
  }
  const auto coding = head.header("transfer-encoding");
  if (!coding || lower_case(*coding) == "chunked") return {};
  return "the only Transfer-Encoding is chunked";
}

std::optional<std::string> percent_decoded(std::string_view text, bool is_form) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += is_form && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (text.size() - i < 3) return {};
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return {};
    out += static_cast<char>(*high << 4U | *low);
    i += 2;
  }
  return out;
}

std::optional<Fields> form_fields(std::string_view text) {
  Fields out;
  while (!text.empty()) {
    const std::string_view field = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), field.size() + 1));
    if (field.empty()) continue;
    const std::size_t equals = std::min(field.find('='), field.size());
    auto name = percent_decoded(field.substr(0, equals), true);
    auto value = percent_decoded(field.substr(std::min(equals + 1, field.size())), true);
    if (!name || !value) return {};
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

}  // namespace anim::service
