// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/dash_manifest.h"

#include <algorithm>

#include "gst/core/ascii.h"
#include "gst/core/text.h"

namespace anim {
namespace {

constexpr std::size_t kMostStreams = 250;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The next piece of `text` up to one of `ends`; takes it off together with the end.
std::string_view take_until(std::string_view& text, std::string_view ends) {
  const std::size_t end = text.find_first_of(ends);
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return piece;
}

// In small letters, without ':'; "" when there is none (RFC 3986, section 3.1).
std::string scheme_at_start(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return {};
  const std::string scheme = lower_case(text.substr(0, colon));
  const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  return valid ? scheme : std::string();
}

// Whether an attribute of another namespace is called href, whatever its prefix.
bool has_link(std::string_view text) {
  constexpr std::string_view kName = ":href";
  for (std::size_t at = text.find(kName); at != text.npos; at = text.find(kName, at + 1)) {
    const std::size_t next = text.find_first_not_of(kTextSpaces, at + kName.size());
    if (next != text.npos && text[next] == '=') return true;
  }
  return false;
}

// Anything but comments and CDATA that begins with "<!".
bool has_declaration(std::string_view text) {
  for (std::size_t at = text.find("<!"); at != text.npos; at = text.find("<!", at + 1)) {
    const std::string_view rest = text.substr(at);
    if (!rest.starts_with("<!--") && !rest.starts_with("<![CDATA[")) return true;
  }
  return false;
}

// Start tags of AdaptationSet, whatever their prefix; with one, end tags too.
std::size_t count_streams(std::string_view text) {
  constexpr std::string_view kName = "AdaptationSet";
  std::size_t count = 0;
  for (std::size_t at = text.find(kName); at != text.npos; at = text.find(kName, at + 1)) {
    if (at > 0 && (text[at - 1] == '<' || text[at - 1] == ':')) ++count;
  }
  return count;
}

bool is_plain_utf8(std::string_view text) {
  if (!is_utf8(text) || text.find('\0') != text.npos) return false;
  const std::string_view head = text.substr(0, text.find("?>"));
  const std::size_t at = head.find("encoding");
  if (at == head.npos || head.find("<?xml") == head.npos) return true;
  std::string_view value = head.substr(at);
  take_until(value, "\"'");
  std::string name(take_until(value, "\"'"));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name == "utf-8" || name == "us-ascii";
}

}  // namespace

std::vector<std::string> dash_references(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view piece = trimmed(take_until(text, "\"'<>"), kTextSpaces);
    const std::string scheme = scheme_at_start(piece);
    if (scheme.empty() || scheme == "urn" || scheme == "http" || scheme == "https") continue;
    // An element's own name ("xsi:type", "cenc:pssh") is no URI.
    const std::string_view rest = piece.substr(scheme.size() + 1);
    if (rest.starts_with('/')) out.emplace_back(piece);
  }
  return out;
}

Status check_dash(std::string_view text) {
  const auto refused = [](const char* why) {
    return Error{ErrorCode::Unsupported, std::string("it ") + why, {}};
  };
  if (!is_plain_utf8(text)) return refused("is a DASH manifest in another encoding than UTF-8");
  if (has_declaration(text) || text.find("&#") != text.npos) {
    return refused("is a DASH manifest with a document type or numeric characters");
  }
  if (has_link(text)) return refused("is a DASH manifest with parts elsewhere (xlink:href)");
  if (text.find("\"dynamic\"") != text.npos || text.find("'dynamic'") != text.npos) {
    return refused("is a live DASH presentation, which has no end");
  }
  if (count_streams(text) <= kMostStreams) return success();
  return Error{
      ErrorCode::LimitExceeded, "it is a DASH manifest with more than 250 AdaptationSets", {}};
}

}  // namespace anim
