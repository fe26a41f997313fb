// SPDX-License-Identifier: LGPL-2.1-or-later
// How a run ends: well, or for one reason, which is the first.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "plugins/animtask/failure.h"
#include "plugins/animtask/outputs/output_words.h"

namespace anim {

/// Thread-safe.
class Verdict {
 public:
  /// True: the failure counts. It does not after another one, and after close().
  [[nodiscard]] bool fail(Failure failure);

  /// The same for one that counts until decide(), also while outputs are put in their places.
  [[nodiscard]] bool fail_late(Failure failure);

  [[nodiscard]] std::optional<Failure> failure() const;

  /// Whether fail() would count.
  [[nodiscard]] bool is_open() const;

  /// Messages of elements do not matter any more.
  void close();

  /// The outputs are in their places or not. The failure until then.
  [[nodiscard]] std::optional<Failure> decide();

  /// The run has failed for this reason.
  void settle(const Failure& failure);

  /// What may come of the pictures beside a failure.
  void note_damage(std::string uri);
  void note_early_end();
  [[nodiscard]] Circumstances circumstances() const;

 private:
  mutable std::mutex mutex_;  // guards all
  std::optional<Failure> failure_;
  Circumstances circumstances_;
  bool is_closed_ = false;
  bool is_decided_ = false;
};

}  // namespace anim
