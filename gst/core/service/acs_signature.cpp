// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/acs_signature.h"

#include <algorithm>
#include <utility>

#include "gst/core/ascii.h"
#include "gst/core/store/digest.h"

namespace anim::service {
namespace {

constexpr std::string_view kAlgorithm = "ACS3-HMAC-SHA256";
constexpr std::size_t kSignatureDigits = 64;

// Takes "<name>=<value>" from the front of a list with commas.
std::optional<std::string> take(std::string_view& list, std::string_view name) {
  while (list.starts_with(' ')) list.remove_prefix(1);
  if (!list.starts_with(name)) return {};
  list.remove_prefix(name.size());
  std::string value(list.substr(0, list.find(',')));
  list.remove_prefix(std::min(list.size(), value.size() + 1));
  return value;
}

std::string canonical_query(Fields fields) {
  std::sort(fields.begin(), fields.end());
  std::string out;
  for (const auto& [name, value] : fields) {
    out += (out.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  }
  return out;
}

}  // namespace

std::optional<AcsAuthorization> parse_acs_authorization(std::string_view text) {
  if (!text.starts_with(kAlgorithm)) return {};
  text.remove_prefix(kAlgorithm.size());
  if (!text.starts_with(' ')) return {};
  const auto key_id = take(text, "Credential=");
  const auto names = take(text, "SignedHeaders=");
  const auto signature = take(text, "Signature=");
  if (!key_id || !names || !signature || !text.empty()) return {};
  AcsAuthorization out{*key_id, split(*names, ';'), *signature};
  const auto unordered = std::adjacent_find(out.signed_headers.begin(), out.signed_headers.end(),
                                            [](const auto& a, const auto& b) { return a >= b; });
  const bool is_whole = !out.key_id.empty() && out.signature.size() == kSignatureDigits &&
                        unordered == out.signed_headers.end();
  return is_whole ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::string> acs_canonical_request(const HttpHead& head,
                                                 const std::vector<std::string>& signed_headers,
                                                 std::string_view body_sha256) {
  auto fields = form_fields(head.query());
  if (!fields) return {};
  std::string out = head.method + "\n" + std::string(head.path()) + "\n" +
                    canonical_query(std::move(*fields)) + "\n";
  std::string names;
  for (const std::string& name : signed_headers) {
    const auto value = head.header(name);
    if (!value) return {};
    out += name + ":" + std::string(trimmed(*value)) + "\n";
    names += (names.empty() ? "" : ";") + name;
  }
  return out + "\n" + names + "\n" + std::string(body_sha256);
}

std::string acs_signature(std::string_view canonical_request, std::string_view secret) {
  const std::string to_sign = std::string(kAlgorithm) + "\n" + hex(sha256(canonical_request));
  return hex(hmac_sha256(secret, to_sign));
}

}  // namespace anim::service
