// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/store/signature.h"

#include <algorithm>
#include <map>

#include "gst/core/ascii.h"
#include "gst/core/store/digest.h"

namespace anim {
namespace {

/// The words in which the dialects differ.
struct Words {
  std::string_view algorithm;
  std::string_view key_prefix;  ///< before the secret
  std::string_view service;
  std::string_view terminator;
  std::string_view header_prefix;  ///< of the headers that are signed always
  std::string_view query_prefix;
};

constexpr Words kOss = {"OSS4-HMAC-SHA256",  "aliyun_v4", "oss",
                        "aliyun_v4_request", "x-oss-",    "x-oss-"};
constexpr Words kS3 = {"AWS4-HMAC-SHA256", "AWS4", "s3", "aws4_request", "x-amz-", "X-Amz-"};

constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";

const Words& words_of(StoreKind kind) {
  return kind == StoreKind::Oss ? kOss : kS3;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ";") + name;
  return out;
}

/// One request in one scope, on its way to a signature.
class Signer {
 public:
  Signer(const RequestToSign& request, const SigningScope& scope, const Credentials& credentials)
      : request_(request),
        scope_(scope),
        credentials_(credentials),
        words_(words_of(scope.kind)),
        is_oss_(scope.kind == StoreKind::Oss) {}

  [[nodiscard]] Fields headers() const {
    Fields out = request_.headers;
    const std::string prefix(words_.header_prefix);
    out.emplace_back(prefix + "content-sha256", payload());
    out.emplace_back(prefix + "date", scope_.time);
    if (!credentials_.session_token.empty()) {
      out.emplace_back(prefix + "security-token", credentials_.session_token);
    }
    const Headers to_sign = headers_to_sign(out);
    const std::string signature = signature_of(to_sign, request_.query, payload());
    const char* separator = is_oss_ ? "," : ", ";
    std::string value = std::string(words_.algorithm) + " Credential=" + credential();
    const std::string names = listed_names(to_sign);
    if (!is_oss_) value += separator + ("SignedHeaders=" + names);
    if (is_oss_ && !names.empty()) value += separator + ("AdditionalHeaders=" + names);
    out.emplace_back("Authorization", value + separator + "Signature=" + signature);
    return out;
  }

  [[nodiscard]] Fields query(std::uint32_t seconds) const {
    const Headers to_sign = headers_to_sign(request_.headers);
    const std::string names = listed_names(to_sign);
    Fields out = request_.query;
    const auto add = [&](std::string_view name, std::string value) {
      out.emplace_back(std::string(words_.query_prefix) + std::string(name), std::move(value));
    };
    add(is_oss_ ? "signature-version" : "Algorithm", std::string(words_.algorithm));
    add(is_oss_ ? "credential" : "Credential", credential());
    add(is_oss_ ? "date" : "Date", scope_.time);
    add(is_oss_ ? "expires" : "Expires", std::to_string(seconds));
    if (!credentials_.session_token.empty()) {
      add(is_oss_ ? "security-token" : "Security-Token", credentials_.session_token);
    }
    if (!is_oss_) add("SignedHeaders", names);
    if (is_oss_ && !names.empty()) add("additional-headers", names);
    const std::string signature = signature_of(to_sign, out, std::string(kUnsigned));
    add(is_oss_ ? "signature" : "Signature", signature);
    return out;
  }

 private:
  using Headers = std::map<std::string, std::string>;

  [[nodiscard]] std::string payload() const {
    return is_oss_ ? std::string(kUnsigned) : request_.payload_sha256;
  }

  [[nodiscard]] std::string scope_text() const {
    return scope_.time.substr(0, scope_.time.find('T')) + "/" + scope_.region + "/" +
           std::string(words_.service) + "/" + std::string(words_.terminator);
  }

  [[nodiscard]] std::string credential() const { return credentials_.id + "/" + scope_text(); }

  [[nodiscard]] bool must_be_signed(const std::string& name) const {
    return name == "content-type" || name == "content-md5" ||
           name.starts_with(words_.header_prefix);
  }

  // Without those that the header dialect signs anyway, which OSS does not list.
  [[nodiscard]] bool is_asked_for(const std::string& name) const {
    return std::any_of(request_.also_sign.begin(), request_.also_sign.end(),
                       [&](const std::string& asked) { return lower_case(asked) == name; });
  }

  // S3 signs what is sent; OSS what it must and what is asked for.
  [[nodiscard]] Headers headers_to_sign(const Fields& sent) const {
    Headers out;
    for (const auto& [given, value] : sent) {
      const std::string name = lower_case(given);
      if (!is_oss_ || must_be_signed(name) || is_asked_for(name)) out[name] = trimmed(value);
    }
    if (!is_oss_) out["host"] = request_.host;
    return out;
  }

  [[nodiscard]] std::string listed_names(const Headers& to_sign) const {
    std::vector<std::string> names;
    for (const auto& [name, value] : to_sign) {
      if (!is_oss_ || !must_be_signed(name)) names.push_back(name);
    }
    return joined(names);
  }

  [[nodiscard]] std::string path() const {
    const bool with_bucket = !request_.bucket.empty() && (is_oss_ || request_.bucket_in_path);
    return (with_bucket ? "/" + path_encoded(request_.bucket) : "") + "/" +
           path_encoded(request_.key);
  }

  // S3 writes "name=" for an empty value, OSS the name alone.
  [[nodiscard]] std::string canonical_query(const Fields& query) const {
    std::vector<std::pair<std::string, std::string>> encoded;
    for (const auto& [name, value] : query) {
      encoded.emplace_back(percent_encoded(name), percent_encoded(value));
    }
    std::sort(encoded.begin(), encoded.end());
    std::string out;
    for (const auto& [name, value] : encoded) {
      if (!out.empty()) out += '&';
      out += name;
      if (!is_oss_ || !value.empty()) out += "=" + value;
    }
    return out;
  }

  [[nodiscard]] std::string signature_of(const Headers& to_sign, const Fields& query,
                                         const std::string& payload) const {
    std::string text = request_.method + "\n" + path() + "\n" + canonical_query(query) + "\n";
    for (const auto& [name, value] : to_sign) text.append(name).append(":").append(value) += '\n';
    text += "\n" + listed_names(to_sign) + "\n" + payload;
    const std::string to_hash = std::string(words_.algorithm) + "\n" + scope_.time + "\n" +
                                scope_text() + "\n" + hex(sha256(text));
    std::string key = std::string(words_.key_prefix) + credentials_.secret;
    const std::string day = scope_.time.substr(0, scope_.time.find('T'));
    for (const std::string_view step : {std::string_view(day), std::string_view(scope_.region),
                                        words_.service, words_.terminator}) {
      key = hmac_sha256(key, step);
    }
    return hex(hmac_sha256(key, to_hash));
  }

  const RequestToSign& request_;
  const SigningScope& scope_;
  const Credentials& credentials_;
  const Words& words_;
  bool is_oss_;
};

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::string path_encoded(std::string_view key) {
  std::string out;
  for (std::size_t begin = 0;;) {
    const std::size_t slash = key.find('/', begin);
    out += percent_encoded(key.substr(begin, slash - begin));
    if (slash == std::string_view::npos) return out;
    out += '/';
    begin = slash + 1;
  }
}

std::string query_text(const Fields& query) {
  std::string out;
  for (const auto& [name, value] : query) {
    out += (out.empty() ? '?' : '&') + percent_encoded(name);
    if (!value.empty()) out += "=" + percent_encoded(value);
  }
  return out;
}

Fields signed_headers(const RequestToSign& request, const SigningScope& scope,
                      const Credentials& credentials) {
  return Signer(request, scope, credentials).headers();
}

Fields presigned_query(const RequestToSign& request, const SigningScope& scope,
                       const Credentials& credentials, std::uint32_t seconds) {
  return Signer(request, scope, credentials).query(seconds);
}

std::string mns_authorization(std::string_view method, std::string_view resource,
                              const Fields& headers, const Credentials& credentials) {
  std::map<std::string, std::string> by_name;
  for (const auto& [name, value] : headers) by_name[lower_case(name)] = trimmed(value);
  std::string text(method);
  for (const char* name : {"content-md5", "content-type", "date"}) text += "\n" + by_name[name];
  text += '\n';
  for (const auto& [name, value] : by_name) {
    if (name.starts_with("x-mns-")) text.append(name).append(":").append(value) += '\n';
  }
  text += resource;
  return "MNS " + credentials.id + ":" + base64(hmac_sha1(credentials.secret, text));
}

}  // namespace anim
