// SPDX-License-Identifier: LGPL-2.1-or-later
// A model of streams and their decoders, to hold what passes a gate against decoding in full:
// pictures depend on each other at random within what their roles allow.
#pragma once

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/unit_gate.h"

namespace anim::gate_model {

using std::chrono::milliseconds;

inline constexpr UnitOrder kReordered{.reorder_limit = 32};

/// A coded picture and the pictures that it is really predicted from.
struct Picture {
  GateUnit unit;
  std::vector<std::size_t> predicted_from;
};

using Stream = std::vector<Picture>;  // in decoding order

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int up_to(int last) { return std::uniform_int_distribution<int>(0, last)(engine_); }
  bool chance(int percent) { return up_to(99) < percent; }

 private:
  std::mt19937 engine_;
};

/// Groups of pictures: an entry, leading pictures (perhaps of the group before), and runs of an
/// anchor with pictures in between that are shown first, some of them references.
class StreamMaker {
 public:
  explicit StreamMaker(unsigned seed) : random_(seed) {}

  Stream make(int groups) {
    for (int i = 0; i < groups; ++i) add_group();
    return stream_;
  }

 private:
  Nanoseconds next_time() {
    time_ += random_.chance(10) ? milliseconds(40 + random_.up_to(3000)) : milliseconds(40);
    return time_;
  }

  std::size_t add(Nanoseconds time, bool is_reference, const std::vector<std::size_t>& allowed,
                  Entry entry = Entry::None) {
    Picture picture;
    picture.unit = {.entry = entry,
                    .is_reference = is_reference,
                    .time = time,
                    .duration = milliseconds(40),
                    .bytes = 100};
    for (const std::size_t other : allowed) {
      if (entry == Entry::None && random_.chance(60)) picture.predicted_from.push_back(other);
    }
    stream_.push_back(picture);
    return stream_.size() - 1;
  }

  void add_between(const std::vector<Nanoseconds>& times, std::vector<std::size_t> allowed) {
    for (const Nanoseconds time : times) {
      const bool is_reference = random_.chance(30);
      const std::size_t index = add(time, is_reference, allowed);
      if (is_reference) allowed.push_back(index);
    }
  }

  std::vector<Nanoseconds> times(int count) {
    std::vector<Nanoseconds> out;
    for (int i = 0; i < count; ++i) out.push_back(next_time());
    std::shuffle(out.begin(), out.end(), std::mt19937(static_cast<unsigned>(random_.up_to(9999))));
    return out;
  }

  void add_group() {
    const bool is_open = random_.chance(50);
    const auto leading = times(is_open ? random_.up_to(3) : 0);
    const Entry open = random_.chance(20) ? Entry::Join : Entry::Open;
    const std::size_t entry = add(next_time(), true, {}, is_open ? open : Entry::Closed);
    std::vector<std::size_t> with_before = anchors_;
    with_before.push_back(entry);
    add_between(leading, with_before);
    anchors_ = {entry};
    for (int runs = random_.up_to(8); runs > 0; --runs) {
      const auto between = times(random_.up_to(4));
      const std::size_t anchor = add(next_time(), true, anchors_);
      anchors_.push_back(anchor);
      add_between(between, anchors_);
    }
  }

  Random random_;
  Stream stream_;
  std::vector<std::size_t> anchors_;  ///< of the group so far, without pictures in between
  Nanoseconds time_{-40'000'000};
};

/// What passes, by index.
inline std::vector<bool> gated(const Stream& stream, const FrameDemand& demand,
                               UnitOrder order = kReordered, anim::GateLimits limits = {}) {
  UnitGate gate{demand, order, limits};
  std::vector<bool> passes;
  const auto take = [&] {
    while (const auto decision = gate.next()) passes.push_back(!decision->drop);
  };
  for (const Picture& picture : stream) {
    gate.add(picture.unit);
    take();
  }
  gate.end();
  take();
  REQUIRE(passes.size() == stream.size());
  return passes;
}

/// Which pictures come before the first entry, in decoding order or in order of time.
inline std::vector<bool> broken(const Stream& stream) {
  const auto is_entry = [](const Picture& picture) { return picture.unit.entry != Entry::None; };
  const auto entry = std::find_if(stream.begin(), stream.end(), is_entry);
  std::vector<bool> out(stream.size(), true);
  for (auto it = entry; it != stream.end(); ++it) {
    out[static_cast<std::size_t>(it - stream.begin())] = *it->unit.time < *entry->unit.time;
  }
  return out;
}

/// The pictures that come out right, in order of time. What a broken picture looks like depends on
/// every unit before it, and whether a decoder gives it out is `shows_broken`.
inline std::vector<std::size_t> decoded(const Stream& stream, const std::vector<bool>& passes,
                                        const std::vector<bool>& shows_broken) {
  const std::vector<bool> is_broken = broken(stream);
  std::vector<bool> is_right(stream.size());
  std::vector<std::size_t> out;
  bool all_passed = true;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    all_passed = all_passed && passes[i];
    is_right[i] = is_broken[i] ? all_passed : passes[i];
    for (const std::size_t other : stream[i].predicted_from) {
      is_right[i] = is_right[i] && is_right[other];
    }
    if (is_right[i] && (!is_broken[i] || shows_broken[i])) out.push_back(i);
  }
  std::sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
    return *stream[a].unit.time < *stream[b].unit.time;
  });
  return out;
}

/// The picture of each sample.
inline std::vector<std::size_t> sampled(const Stream& stream,
                                        const std::vector<std::size_t>& frames,
                                        const SamplingPlan& plan, Zero zero) {
  std::vector<std::size_t> out;
  Sampler sampler(plan, zero);
  std::optional<std::size_t> held;
  for (const std::size_t frame : frames) {
    const auto step = sampler.frame(*stream[frame].unit.time);
    if (held) out.insert(out.end(), step.run.count, *held);
    if (step.holds) held = frame;
    if (step.done) return out;
  }
  if (held) out.insert(out.end(), sampler.end(stream[*held].unit.duration, {}).count, *held);
  return out;
}

inline SamplingPlan random_plan(Random& random) {
  constexpr int kIntervals[] = {0, 40, 100, 300, 1000, 2000, 3300, 10'000};
  SamplingPlan plan;
  plan.period = Rational(std::int64_t{kIntervals[random.up_to(7)]} * 1'000'000);
  if (random.chance(30)) plan.start = milliseconds(random.up_to(20'000));
  if (random.chance(20)) plan.max_samples = static_cast<std::uint64_t>(1 + random.up_to(9));
  if (random.chance(20)) plan.stop = plan.start + milliseconds(1 + random.up_to(20'000));
  return plan;
}

/// Cases of what a decoder gives out: nothing that is broken, all, and anything.
inline std::vector<std::vector<bool>> decoders(std::size_t units, Random& random) {
  std::vector<std::vector<bool>> out;
  for (const int percent : {0, 100, 30}) {
    auto& shows = out.emplace_back();
    for (std::size_t i = 0; i < units; ++i) shows.push_back(random.chance(percent));
  }
  return out;
}

/// Holds the samples of what passes against those of decoding all.
inline void require_same_samples(const Stream& stream, const std::vector<bool>& passes,
                                 const std::vector<SamplingPlan>& plans, Zero zero,
                                 Random& random) {
  const std::vector<bool> all(stream.size(), true);
  for (const auto& shows_broken : decoders(stream.size(), random)) {
    const auto full = decoded(stream, all, shows_broken);
    const auto sparse = decoded(stream, passes, shows_broken);
    for (const SamplingPlan& plan : plans) {
      REQUIRE(sampled(stream, full, plan, zero) == sampled(stream, sparse, plan, zero));
    }
  }
}

inline SamplingPlan every_second() {
  SamplingPlan plan;
  plan.period = Rational(1'000'000'000);
  return plan;
}

}  // namespace anim::gate_model
