// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/waiting_units.h"

#include <utility>

#include "plugins/animsampling/held_frame.h"

namespace anim {
namespace {

constexpr std::size_t kMostWaiting = 20'000;

}  // namespace

using glue::Owned;

bool WaitingUnits::is_too_long() const {
  return waiting_.size() > kMostWaiting;
}

void WaitingUnits::add(WaitingUnit unit) {
  waiting_.emplace_back(std::move(unit));
}

WaitingUnit WaitingUnits::take() {
  auto unit = std::get<WaitingUnit>(std::move(waiting_.front()));
  waiting_.pop_front();
  return unit;
}

bool WaitingUnits::forward(Owned<GstEvent> event) {
  if (waiting_.empty()) return gst_pad_push_event(src_, event.release()) != FALSE;
  waiting_.emplace_back(std::move(event));
  return true;
}

void WaitingUnits::send_events() {
  while (!waiting_.empty() && std::holds_alternative<Owned<GstEvent>>(waiting_.front())) {
    auto event = std::get<Owned<GstEvent>>(std::move(waiting_.front()));
    waiting_.pop_front();
    gst_pad_push_event(src_, event.release());
  }
}

void WaitingUnits::store_sticky_events() {
  for (const Waiting& waiting : waiting_) {
    const auto* event = std::get_if<Owned<GstEvent>>(&waiting);
    if (event != nullptr) store_if_sticky(src_, event->get());
  }
}

void WaitingUnits::forget_units() {
  std::erase_if(waiting_, [](const Waiting& waiting) {
    return std::holds_alternative<WaitingUnit>(waiting);
  });
  send_events();
}

void WaitingUnits::forget_headers() {
  for (Waiting& waiting : waiting_) {
    if (auto* unit = std::get_if<WaitingUnit>(&waiting)) unit->headers.clear();
  }
}

std::deque<Bytes> WaitingUnits::clear() {
  std::deque<Bytes> headers;
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    if (auto* unit = std::get_if<WaitingUnit>(&waiting))
      headers.push_back(std::move(unit->headers));
  }
  return headers;
}

}  // namespace anim
