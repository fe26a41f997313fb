// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/access_keys.h"

#include <algorithm>
#include <vector>

namespace anim::service {
namespace {

constexpr std::string_view kSpace = " \t\r";

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
    if (line.empty()) return out;
    const std::string_view word = line.substr(0, line.find_first_of(kSpace));
    out.emplace_back(word);
    line.remove_prefix(word.size());
  }
}

Error refusal(std::size_t line, const char* why) {
  return {ErrorCode::InvalidArgument, "line " + std::to_string(line) + " " + why, {}};
}

}  // namespace

Result<AccessKeys> AccessKeys::parse(std::string_view text) {
  AccessKeys keys;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto words = words_of(line);
    if (words.empty() || words[0].starts_with('#')) continue;
    // The words are not repeated: one may be a secret.
    if (words.size() != 2) return refusal(number, "is not an AccessKeyId and an AccessKeySecret");
    if (words[0].find_first_of(",;=/") != std::string::npos) {
      return refusal(number, "has an AccessKeyId with one of , ; = /");
    }
    if (!keys.secrets_.emplace(words[0], words[1]).second) {
      return refusal(number, "has an AccessKeyId that was given before");
    }
  }
  if (keys.secrets_.empty()) return Error{ErrorCode::InvalidArgument, "it holds no key", {}};
  return keys;
}

const std::string* AccessKeys::secret_of(std::string_view id) const {
  const auto found = secrets_.find(id);
  return found == secrets_.end() ? nullptr : &found->second;
}

}  // namespace anim::service
