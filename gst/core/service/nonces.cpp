// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/nonces.h"

#include "gst/core/store/digest.h"

namespace anim::service {
namespace {

constexpr std::size_t kDigestBytes = 16;

}  // namespace

void Nonces::forget(Moment now) {
  while (!ends_.empty() && ends_.begin()->first < now) {
    nonces_.erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
  }
}

Nonces::Verdict Nonces::take(std::string_view nonce, Moment now, Moment end) {
  forget(now);
  const std::string digest = sha256(nonce).substr(0, kDigestBytes);
  if (nonces_.contains(digest)) return Verdict::Used;
  if (nonces_.size() >= most_) return Verdict::Full;
  ends_.emplace(end, nonces_.insert(digest).first);
  return Verdict::New;
}

}  // namespace anim::service
