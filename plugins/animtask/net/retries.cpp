// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/net/retries.h"

#include <random>

namespace anim {

Tries send_patiently(const std::function<HttpRequest()>& make, const RetryPolicy& policy,
                     StopSignal& stop, const std::function<void(HttpAnswer&)>& judge) {
  std::minstd_rand random{std::random_device{}()};
  std::uniform_real_distribution<double> share(0, 1);
  Tries tries;
  while (true) {
    ++tries.attempts;
    tries.answer = send(make(), stop);
    if (judge && tries.answer.is_success()) judge(tries.answer);
    const auto delay =
        policy.delay_after(tries.attempts, tries.answer.end, tries.answer.status, share(random));
    if (!delay || !stop.wait_for(*delay)) return tries;
  }
}

}  // namespace anim
