// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/uri.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "gst/core/ascii.h"
#include "gst/core/text.h"

namespace anim {
namespace {

constexpr std::size_t kLongestName = 255;  // of one segment, as file systems have it
constexpr std::size_t kLongestKey = 1023;  // as the object store has it
constexpr std::size_t kLongestPath = 4000;
constexpr std::size_t kLongestScheme = 32;
constexpr std::string_view kStdin = "-";

Error refusal(std::string_view uri, std::string_view why) {
  return {ErrorCode::InvalidArgument, in_quotes(uri) + " " + std::string(why), {}};
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The scheme in small letters, without "://"; "" for a plain path (RFC 3986, section 3.1).
std::string scheme_of(std::string_view uri) {
  const std::size_t end = uri.find("://");
  if (end == std::string_view::npos || end == 0 || end > kLongestScheme || !is_letter(uri[0]))
    return {};
  const std::string_view scheme = uri.substr(0, end);
  const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
  return valid ? lower_case(scheme) : std::string();
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3986, section 2.1. Nothing when a '%' is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace

std::string_view fault_of_key(std::string_view key) {
  if (has_control(key)) return "has control characters in its key";
  if (key.size() > kLongestKey) return "has a key of more than 1023 bytes";
  while (true) {
    const std::size_t slash = key.find('/');
    const std::string_view segment = key.substr(0, slash);
    if (segment.empty()) return "has an empty part in its key; write each '/' once, none at an end";
    if (segment == "." || segment == "..") return R"(has "." or ".." as a part of its key)";
    if (segment.size() > kLongestName) return "has a part of more than 255 bytes in its key";
    if (slash == std::string_view::npos) return {};
    key.remove_prefix(slash + 1);
  }
}

namespace {

Result<Place> bucket_place(Place::Kind kind, std::string_view uri) {
  const std::string_view rest = uri.substr(uri.find("://") + 3);
  const std::size_t slash = rest.find('/');
  const std::string_view bucket = rest.substr(0, slash);
  const std::string whole = "write " + scheme_of(uri) + "://bucket/key";
  if (bucket.empty()) return refusal(uri, "names no bucket; " + whole);
  if (bucket[0] == '.' || bucket.size() > kLongestName) {
    return refusal(uri, "has a bucket that begins with '.' or is longer than 255 bytes");
  }
  const std::string_view key =
      slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  if (key.empty()) return refusal(uri, "names no object; " + whole);
  const std::string_view fault = fault_of_key(key);
  if (!fault.empty()) return refusal(uri, fault);
  return Place{kind, std::string(uri), std::string(bucket), std::string(key)};
}

Result<Place> file_place(std::string_view uri, std::string path) {
  if (path.size() > kLongestPath) return refusal(uri, "is longer than 4000 bytes");
  if (has_control(path)) return refusal(uri, "has control characters in it");
  return Place{Place::Kind::File, std::string(uri), {}, std::move(path)};
}

// RFC 8089: file:///path and file://localhost/path.
Result<Place> file_uri_place(std::string_view uri) {
  const std::string_view rest = uri.substr(uri.find("://") + 3);
  const std::size_t slash = rest.find('/');
  const std::string host = lower_case(rest.substr(0, slash));
  if (slash == std::string_view::npos || (!host.empty() && host != "localhost")) {
    return refusal(uri, "is not on this machine; write file:///path with three slashes");
  }
  auto path = percent_decoded(rest.substr(slash));
  if (!path) {
    return refusal(uri, "has a '%' that is not followed by two hexadecimal digits; write %25");
  }
  return file_place(uri, std::move(*path));
}

Result<Place> web_place(std::string_view uri) {
  std::string_view rest = uri.substr(uri.find("://") + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t slash = rest.find('/');
  if (rest.substr(0, slash).empty()) return refusal(uri, "names no host");
  if (uri.find(' ') != std::string_view::npos) return refusal(uri, "has a space in it; write %20");
  std::string_view path;
  if (slash != std::string_view::npos) path = rest.substr(slash + 1);
  return Place{
      Place::Kind::Http, std::string(uri), {}, percent_decoded(path).value_or(std::string(path))};
}

Result<Place> place_of(std::string_view uri) {
  if (uri.empty()) return refusal(uri, "is empty");
  if (has_control(uri)) return refusal(uri, "has control characters in it");
  if (uri == kStdin) return Place{Place::Kind::Stdin, std::string(uri), {}, {}};
  const std::string scheme = scheme_of(uri);
  if (scheme.empty()) return file_place(uri, std::string(uri));
  if (scheme == "oss") return bucket_place(Place::Kind::Bucket, uri);
  if (scheme == "s3") return bucket_place(Place::Kind::S3, uri);
  if (scheme == "file") return file_uri_place(uri);
  if (scheme == "http" || scheme == "https") return web_place(uri);
  return Error{ErrorCode::Unsupported,
               in_quotes(uri) + ": " + scheme +
                   ":// is not supported; use oss://bucket/key, s3://bucket/key, a path or file:// "
                   "(http:// and https:// for sources)",
               {}};
}

}  // namespace

std::string uri_scheme(std::string_view uri) {
  if (uri == kStdin) return "stdin";
  std::string scheme = scheme_of(uri);
  return scheme.empty() ? "path" : scheme;
}

Result<Place> source_place(std::string_view uri) {
  return place_of(uri);
}

Result<Place> output_place(std::string_view uri) {
  auto place = place_of(uri);
  if (!place) return place;
  if (place->kind == Place::Kind::Http) {
    return Error{ErrorCode::Unsupported,
                 in_quotes(uri) +
                     " is on the web, where nothing can be written; use "
                     "oss://bucket/key, s3://bucket/key, a path or file://",
                 {}};
  }
  if (place->kind == Place::Kind::Stdin) {
    return Error{ErrorCode::Unsupported,
                 in_quotes(uri) +
                     " is standard output, which an animated image cannot be written to; use "
                     "oss://bucket/key, a path (./- for a file of that name) or file://",
                 {}};
  }
  const std::string& key = place->key;
  const std::string name = key.substr(key.rfind('/') + 1);
  if (name.empty() || name == "." || name == "..") {
    return refusal(uri, "is a folder; write the file's name too");
  }
  if (name.size() > kLongestName) return refusal(uri, "has a name of more than 255 bytes");
  return place;
}

std::string local_path(const Place& place, std::string_view storage_root) {
  if (place.kind == Place::Kind::File) return place.key;
  return std::string(storage_root) + "/" + place.bucket + "/" + place.key;
}

std::string bare_url(std::string_view url) {
  const std::size_t begin = std::min(url.find("://"), url.size() - 3) + 3;
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t slash = url.find('/', begin);
  const std::size_t at = url.substr(0, slash).rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, begin)) + std::string(url.substr(at + 1));
}

std::string topic_folder(std::string_view topic, std::string_view storage_root) {
  return std::string(storage_root) + "/.topics/" + std::string(topic);
}

bool is_topic_name(std::string_view topic) {
  if (topic.empty() || topic.size() > kLongestName || topic[0] == '.') return false;
  return std::all_of(topic.begin(), topic.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

bool is_below(std::string_view root, std::string_view path) {
  while (!root.empty() && root.back() == '/') root.remove_suffix(1);
  if (path.size() <= root.size() + 1 || path.substr(0, root.size()) != root) return false;
  return path[root.size()] == '/';
}

}  // namespace anim
