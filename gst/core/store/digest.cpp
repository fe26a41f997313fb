// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/store/digest.h"

#include <array>
#include <cstdint>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace anim {
namespace {

using Bytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

Digest digest_of(const Bytes& bytes, unsigned length) {
  return {reinterpret_cast<const char*>(bytes.data()), length};
}

Digest hash(std::string_view data, const EVP_MD* algorithm) {
  Bytes out{};
  unsigned length = 0;
  EVP_Digest(data.data(), data.size(), out.data(), &length, algorithm, nullptr);
  return digest_of(out, length);
}

Digest keyed_hash(std::string_view key, std::string_view data, const EVP_MD* algorithm) {
  Bytes out{};
  unsigned length = 0;
  HMAC(algorithm, key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(), out.data(), &length);
  return digest_of(out, length);
}

}  // namespace

Digest md5(std::string_view data) {
  return hash(data, EVP_md5());
}

Digest sha256(std::string_view data) {
  return hash(data, EVP_sha256());
}

Digest hmac_sha1(std::string_view key, std::string_view data) {
  return keyed_hash(key, data, EVP_sha1());
}

Digest hmac_sha256(std::string_view key, std::string_view data) {
  return keyed_hash(key, data, EVP_sha256());
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = i; j < i + 3; ++j) {
      group = group << 8U | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > bytes.size() ? '=' : kDigits[group >> (18 - 6 * j) & 63U];
    }
  }
  return out;
}

struct Md5::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Md5::Md5() : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context, EVP_md5(), nullptr);
}

Md5::~Md5() {
  EVP_MD_CTX_free(state_->context);
}

void Md5::add(std::string_view part) {
  EVP_DigestUpdate(state_->context, part.data(), part.size());
}

Digest Md5::finish() {
  Bytes out{};
  unsigned length = 0;
  EVP_DigestFinal_ex(state_->context, out.data(), &length);
  return digest_of(out, length);
}

}  // namespace anim
