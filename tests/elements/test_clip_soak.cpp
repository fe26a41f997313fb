// SPDX-License-Identifier: LGPL-2.1-or-later
// animclipsink for a long time, with everything going wrong that does on live streams. From the
// environment: ANIM_SOAK_SECONDS (20), ANIM_SOAK_STREAMS (20), ANIM_SOAK_SEED (another each time;
// printed).
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "tests/support/process.h"
#include "tests/support/recording.h"
#include "tests/support/soak_streams.h"
#include "tests/support/temporary_folder.h"

namespace {

using Seconds = std::chrono::duration<double>;
using Clock = std::chrono::steady_clock;

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::stoull(text) : otherwise;
}

/// What the process uses while no clip is being made, so that it does not depend on how busy the
/// machine is.
struct Use {
  std::size_t memory = process::resident_bytes();
  std::size_t threads = process::threads();
  std::size_t files = process::open_files();
};

std::ostream& operator<<(std::ostream& out, const Use& use) {
  return out << use.memory / 1024 / 1024 << " MiB, " << use.threads << " threads, " << use.files
             << " files";
}

void check_growth(const Use& half_way, const Use& at_end, double seconds) {
  std::cout << "half way: " << half_way << "\nat the end: " << at_end << '\n';
  if (seconds >= process::kWarmUp) {
    CHECK(at_end.memory < half_way.memory * 11 / 10 + 8 * 1024 * 1024);
  }
  // As many pipelines play or stand still as it happens.
  CHECK(at_end.threads < half_way.threads + 16);
  CHECK(at_end.files < half_way.files + 32);
}

std::atomic<int> criticals = 0;

/// tcpserversink, stopped while it sends, has one of GIO's own.
void count_criticals(const gchar* domain, GLogLevelFlags level, const gchar* text, gpointer data) {
  const bool is_gio = domain != nullptr && std::string_view(domain) == "GLib-GIO";
  if ((level & G_LOG_LEVEL_CRITICAL) != 0 && !is_gio) ++criticals;
  g_log_default_handler(domain, level, text, data);
}

std::vector<live::Recording> make_recordings() {
  std::vector<live::Recording> out;
  out.push_back(live::record_ball(4, 160, 120));
  out.push_back(live::record_ball(3, 320, 180));
  out.push_back(live::record_ball(2, 96, 96));
  out.push_back(
      live::record("videotestsrc pattern=ball num-buffers=50 ! "
                   "video/x-raw,format=I420,framerate=25/1,width=160,height=120 ! "
                   "vp8enc deadline=1 keyframe-max-dist=25 threads=1"));
  out.push_back(
      live::record("videotestsrc pattern=ball num-buffers=50 ! "
                   "video/x-raw,format=I420,framerate=25/1,width=112,height=64"));
  return out;
}

/// `count` streams: one of a server, the others of the test's own sender.
struct Streams {
  std::vector<live::Recording> recordings = make_recordings();
  std::vector<std::unique_ptr<soak::FaultyStream>> faulty;
  std::unique_ptr<soak::ServedStream> served;
  soak::Tally tally;

  Streams(std::uint64_t count, std::uint64_t seed, const TemporaryFolder& folder) {
    for (std::uint64_t i = 1; i < count; ++i) {
      faulty.push_back(
          std::make_unique<soak::FaultyStream>(recordings, own_folder(folder, i), seed + i, tally));
    }
    served = std::make_unique<soak::ServedStream>(recordings.front(), own_folder(folder, 0), seed,
                                                  tally);
  }

  static std::string own_folder(const TemporaryFolder& folder, std::uint64_t number) {
    const auto path = folder.path() / std::to_string(number);
    std::filesystem::create_directory(path);
    return path.string();
  }

  void step(bool faults) {
    for (auto& stream : faulty) stream->step(faults);
    served->step(faults);
  }

  template <class Action>
  void for_each_player(Action action) const {
    for (const auto& stream : faulty) action(stream->player());
    action(served->player());
  }

  [[nodiscard]] std::size_t open_captures() const {
    std::size_t sum = 0;
    for_each_player([&](const auto& player) { sum += player.count(live::Clip::State::Open); });
    return sum;
  }

  void end() {
    for (auto& stream : faulty) stream->end();
    served->end();
  }
};

void step_while(Streams& streams, bool faults, const std::function<bool()>& goes_on) {
  while (goes_on()) {
    streams.step(faults);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void play(Streams& streams, double seconds) {
  const auto end = Clock::now() + Seconds(seconds);
  step_while(streams, true, [&] { return Clock::now() < end; });
}

/// What is open is of streams that go on, and ends by itself; at the latest after 30 s where times
/// stand still. A busy machine takes longer for all together: each end gives the others their time.
Use use_at_rest(Streams& streams) {
  constexpr std::chrono::seconds kPatience(40);
  auto end = Clock::now() + kPatience;
  std::size_t open = streams.open_captures();
  step_while(streams, false, [&] {
    const std::size_t left = streams.open_captures();
    if (std::exchange(open, left) != left) end = Clock::now() + kPatience;
    return left > 0 && Clock::now() < end;
  });
  CHECK(streams.open_captures() == 0);
  return {};
}

TEST_CASE("streams with every fault, for a long time") {
  const auto seconds = static_cast<double>(setting("ANIM_SOAK_SECONDS", 20));
  const std::uint64_t count = setting("ANIM_SOAK_STREAMS", 20);
  const std::uint64_t seed = setting("ANIM_SOAK_SEED", std::random_device{}());
  std::cout << "ANIM_SOAK_SEED=" << seed << std::endl;
  const TemporaryFolder folder;
  g_log_set_default_handler(count_criticals, nullptr);
  Streams streams(count, seed, folder);
  play(streams, seconds / 2);
  const Use half_way = use_at_rest(streams);
  play(streams, seconds / 2);
  check_growth(half_way, use_at_rest(streams), seconds);
  streams.end();

  for (const auto& [what, times] : streams.tally) std::cout << times << ' ' << what << '\n';
  CHECK(streams.tally["clips"] > 0);
  CHECK(criticals == 0);
  streams.for_each_player([](const live::Player& player) {
    for (const auto& error : player.errors()) CHECK_MESSAGE(false, error);
  });
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (entry.is_regular_file()) CHECK_MESSAGE(false, "left over: " << entry.path().string());
  }
}

}  // namespace
