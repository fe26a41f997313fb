// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/verdict.h"

#include <utility>

namespace anim {

bool Verdict::fail(Failure failure) {
  const std::lock_guard lock(mutex_);
  if (failure_ || is_closed_) return false;
  failure_ = std::move(failure);
  return true;
}

bool Verdict::fail_late(Failure failure) {
  const std::lock_guard lock(mutex_);
  if (failure_ || is_decided_) return false;
  failure_ = std::move(failure);
  return true;
}

std::optional<Failure> Verdict::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

bool Verdict::is_open() const {
  const std::lock_guard lock(mutex_);
  return !failure_ && !is_closed_;
}

void Verdict::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

std::optional<Failure> Verdict::decide() {
  const std::lock_guard lock(mutex_);
  is_decided_ = true;
  return failure_;
}

void Verdict::settle(const Failure& failure) {
  const std::lock_guard lock(mutex_);
  failure_ = failure;
  is_decided_ = true;
}

void Verdict::note_damage(std::string uri) {
  const std::lock_guard lock(mutex_);
  circumstances_.damaged = std::move(uri);
}

void Verdict::note_early_end() {
  const std::lock_guard lock(mutex_);
  circumstances_.is_ended_early = true;
}

Circumstances Verdict::circumstances() const {
  const std::lock_guard lock(mutex_);
  return circumstances_;
}

}  // namespace anim
