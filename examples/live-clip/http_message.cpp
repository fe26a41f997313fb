// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/http_message.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace live_clip {
namespace {

constexpr std::size_t kMost = 16 * 1024;

using Fields = std::map<std::string, std::string, std::less<>>;

const char* reason_of(int status) {
  constexpr std::array<std::pair<int, const char*>, 7> kReasons = {{
      {200, "OK"},
      {202, "Accepted"},
      {400, "Bad Request"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {413, "Content Too Large"},
  }};
  for (const auto& [number, reason] : kReasons) {
    if (number == status) return reason;
  }
  return "Service Unavailable";
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// Takes one line, without its end, from the front of `text`.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find("\r\n"), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 2, text.size()));
  return line;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Header fields by their names in lower case.
Fields read_fields(std::string_view text) {
  Fields out;
  while (!text.empty()) {
    const auto line = take_line(text);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    out[lower(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
  }
  return out;
}

bool is_this_machine(std::string_view host) {
  const auto port = host.rfind(':');
  const auto name = lower(host.substr(0, port));
  return name == "127.0.0.1" || name == "localhost";
}

std::optional<HttpRequest> read_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last <= first) return std::nullopt;
  if (line.substr(last + 1).substr(0, 7) != "HTTP/1.") return std::nullopt;
  const auto target = line.substr(first + 1, last - first - 1);
  const auto question = std::min(target.find('?'), target.size());
  HttpRequest out;
  out.method = line.substr(0, first);
  out.path = target.substr(0, question);
  if (question < target.size()) out.query = target.substr(question + 1);
  return out;
}

/// The length of the body; nothing when it is no number.
std::optional<std::size_t> body_length(const Fields& fields) {
  const auto field = fields.find("content-length");
  if (field == fields.end()) return 0;
  std::size_t out = 0;
  const char* end = field->second.data() + field->second.size();
  const auto [stop, error] = std::from_chars(field->second.data(), end, out);
  if (error != std::errc() || stop != end) return std::nullopt;
  return out;
}

std::optional<HttpAnswer> refusal_of(const Fields& fields, std::optional<std::size_t> length) {
  const auto host = fields.find("host");
  if (host == fields.end() || !is_this_machine(host->second) || fields.count("origin") != 0) {
    return refuse(403, "only programs of this machine are answered, no web pages");
  }
  if (fields.count("transfer-encoding") != 0 || !length) {
    return refuse(400, "the body needs a Content-Length");
  }
  if (*length > kMost) return refuse(413, "more than 16 KiB");
  return std::nullopt;
}

}  // namespace

HttpParse parse_request(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() <= kMost) return {};
    return {{}, refuse(413, "more than 16 KiB")};
  }
  auto head = bytes.substr(0, end);
  auto request = read_request_line(take_line(head));
  if (!request) return {{}, refuse(400, "this is no request of HTTP/1.1")};
  const auto fields = read_fields(head);
  const auto length = body_length(fields);
  if (auto refusal = refusal_of(fields, length)) return {{}, std::move(refusal)};
  const auto body = bytes.substr(end + 4);
  if (body.size() < *length) return {};
  request->body = body.substr(0, *length);
  return {std::move(request), {}};
}

std::string to_bytes(const HttpAnswer& answer) {
  return "HTTP/1.1 " + std::to_string(answer.status) + " " + reason_of(answer.status) +
         "\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(answer.body.size()) + "\r\nConnection: close\r\n\r\n" + answer.body;
}

HttpAnswer refuse(int status, const std::string& message) {
  const auto replace = nlohmann::json::error_handler_t::replace;
  return {status, nlohmann::json{{"error", message}}.dump(-1, ' ', false, replace) + "\n"};
}

}  // namespace live_clip
