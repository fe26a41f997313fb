// SPDX-License-Identifier: LGPL-2.1-or-later
// animclipsink where much happens at once: many captures beside a live branch, many streams in one
// process.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>
#include <sched.h>

#include "gst/glue/handle.h"
#include "tests/support/live_clips.h"
#include "tests/support/live_feed.h"
#include "tests/support/process.h"
#include "tests/support/recording.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/webp_reader.h"

namespace {

using anim::glue::adopt;
using anim::glue::Owned;
using live::Clip;

constexpr GstClockTime kPatience = 300 * GST_SECOND;  // under sanitizers, on a busy machine
constexpr GstClockTime kStep = 5 * GST_MSECOND;       ///< how often units are pushed

std::string media(const std::string& name) {
  const char* folder = std::getenv("ANIM_MEDIA");
  return std::string(folder != nullptr ? folder : "tests/media") + "/" + name;
}

void nap() {
  std::this_thread::sleep_for(std::chrono::nanoseconds(kStep));
}

webp_reader::Animation read_clip(const Clip& clip) {
  std::ifstream file(clip.location, std::ios::binary);
  return webp_reader::read({std::istreambuf_iterator<char>(file), {}});
}

int shown_ms(const webp_reader::Animation& animation) {
  int sum = 0;
  for (const auto& frame : animation.frames) sum += frame.duration_ms;
  return sum;
}

/// When the buffers of one pad come and how late they are, in running time.
class Arrivals {
 public:
  Arrivals(const live::Player& player, const char* element) : player_(player) {
    const auto owner = player.element(element);
    pad_ = adopt(gst_element_get_static_pad(owner.get(), "sink"));
    probe_ = gst_pad_add_probe(pad_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_buffer, this, nullptr);
  }
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  ~Arrivals() { gst_pad_remove_probe(pad_.get(), probe_); }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Of the buffers that are stamped at `from` and later, of when they came.
  [[nodiscard]] GstClockTimeDiff latest(GstClockTime from) const {
    GstClockTimeDiff out = 0;
    for (const auto& [stamp, came] : all_) {
      if (stamp >= from) out = std::max(out, GST_CLOCK_DIFF(stamp, came));
    }
    return out;
  }
  [[nodiscard]] GstClockTimeDiff widest_gap(GstClockTime from) const {
    GstClockTimeDiff out = 0;
    for (std::size_t i = 1; i < all_.size(); ++i) {
      if (all_[i - 1].stamp < from) continue;
      out = std::max(out, GST_CLOCK_DIFF(all_[i - 1].came, all_[i].came));
    }
    return out;
  }

 private:
  struct Arrival {
    GstClockTime stamp;
    GstClockTime came;
  };

  static GstPadProbeReturn on_buffer(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<Arrivals*>(data);
    // Of two reordered frames the decoding times count: a sink waits for neither of them twice.
    const GstClockTime stamp = GST_BUFFER_DTS_OR_PTS(gst_pad_probe_info_get_buffer(info));
    self->all_.push_back({stamp, self->player_.now()});
    ++self->count_;
    return GST_PAD_PROBE_OK;
  }

  const live::Player& player_;
  Owned<GstPad> pad_;
  gulong probe_ = 0;
  std::vector<Arrival> all_;  ///< read when nothing comes any more
  std::atomic<std::uint64_t> count_ = 0;
};

/// On two cores, wherever this runs.
class TwoCores {
 public:
  TwoCores() {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t two;
    CPU_ZERO(&two);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&two) < 2; ++cpu) {
      if (CPU_ISSET(cpu, &before_)) CPU_SET(cpu, &two);
    }
    sched_setaffinity(0, sizeof two, &two);
  }
  TwoCores(const TwoCores&) = delete;
  TwoCores& operator=(const TwoCores&) = delete;
  ~TwoCores() { sched_setaffinity(0, sizeof before_, &before_); }

 private:
  cpu_set_t before_;
};

TEST_CASE("eight captures at once leave the live branch alone") {
  const TwoCores two_cores;
  const TemporaryFolder folder;
  const auto recording =
      live::record("filesrc location=" + media("mp4/bbb_480p_5s_h264_b.mp4") +
                   " ! qtdemux ! h264parse ! video/x-h264,stream-format=avc,alignment=au");
  const std::string width = process::kIsSanitized ? "80" : "240";
  live::Player player(
      "appsrc name=source is-live=true format=time ! tee name=t ! queue ! fakesink name=live "
      "t. ! queue ! animclipsink name=clips pre-roll=10000000000 max-captures=8 "
      "location=" +
      folder.text() +
      "/{index}.webp "
      R"(animation="{\"Format\":\"webp\",\"Width\":)" +
      width + R"(,\"Height\":-1}")");
  g_object_set(player.element("live").get(), "sync", TRUE, nullptr);
  const Arrivals seen(player, "live");
  const Arrivals taken(player, "clips");

  constexpr GstClockTime kPast = 11 * GST_SECOND;
  constexpr GstClockTime kTrigger = kPast + GST_SECOND;
  live::Feed feed(player.element("source").get(), recording);
  feed.begin(0);
  player.play(kPast);
  bool is_triggered = false;
  while (!is_triggered || player.count(Clip::State::Open) > 0) {
    feed.push_until(player.now());
    if (!is_triggered && player.now() >= kTrigger) {
      for (int i = 0; i < 8; ++i) REQUIRE(player.capture() != 0);
      is_triggered = true;
      CHECK(player.stat("captures-open") == 8);
    }
    player.read_messages();
    REQUIRE(player.now() < kTrigger + kPatience);
    nap();
  }
  const GstClockTime end = player.now();
  while (taken.count() < feed.pushed() || seen.count() < feed.pushed()) {
    REQUIRE(player.now() < end + 5 * GST_SECOND);
    nap();
  }
  player.set_state(GST_STATE_NULL);

  CHECK(player.errors().empty());
  CHECK(seen.count() == feed.pushed());
  CHECK(taken.count() == feed.pushed());
  // What the captures take is some seconds of both cores.
  MESSAGE("captures took " << (end - kTrigger) / GST_MSECOND << " ms; live sink: late by "
                           << seen.latest(kTrigger) / 1000000 << " ms, gap of "
                           << seen.widest_gap(kTrigger) / 1000000 << " ms");
  CHECK(seen.latest(kTrigger) < 500 * GST_MSECOND);
  CHECK(seen.widest_gap(kTrigger) < 500 * GST_MSECOND);
  CHECK(taken.latest(kTrigger) < 500 * GST_MSECOND);
  for (const auto& entry : player.clips()) {
    const Clip& clip = entry.second;
    CAPTURE(clip.error);
    REQUIRE(clip.state == Clip::State::Done);
    CHECK(clip.frames == 241);  // both ends of 10 s at 24 frames a second
    CHECK(read_clip(clip).is_valid);
  }
}

/// A stream with its sink, of many.
struct Stream {
  live::Player player;
  live::Feed feed;

  Stream(const live::Recording& recording, const std::string& sink)
      : player("appsrc name=source is-live=true format=time ! animclipsink name=clips " + sink),
        feed(player.element("source").get(), recording) {
    feed.begin(0);
  }
};

constexpr int kStreams = process::kIsSanitized ? 20 : 50;  // all must be fed in time

std::vector<std::unique_ptr<Stream>> many_streams(const live::Recording& recording,
                                                  const TemporaryFolder& folder) {
  std::vector<std::unique_ptr<Stream>> out;
  for (int i = 0; i < kStreams; ++i) {
    out.push_back(std::make_unique<Stream>(
        recording,
        "pre-roll=2000000000 post-roll=" + std::string(i % 2 == 0 ? "0" : "500000000") +
            " location=" + folder.text() + "/" + std::to_string(i) + "-{index}.webp " +
            R"(animation="{\"Format\":\"webp\",\"Interval\":0.2,\"Width\":80,\"Height\":60}")"));
  }
  return out;
}

TEST_CASE("many streams in one process, two captures of each") {
  const TemporaryFolder folder;
  const auto recording = live::record_ball(4, 160, 120);
  const std::size_t threads_before = process::threads();
  const std::size_t memory_before = process::resident_bytes();
  auto streams = many_streams(recording, folder);

  constexpr GstClockTime kPast = 4 * GST_SECOND;
  constexpr GstClockTime kTrigger = 6 * GST_SECOND;  // the time of a frame that has not come yet
  for (auto& stream : streams) stream->player.play(kPast);
  const auto open_captures = [&] {
    std::size_t sum = 0;
    for (const auto& stream : streams) sum += stream->player.count(Clip::State::Open);
    return sum;
  };
  std::size_t most_threads = 0;
  std::size_t most_memory = 0;
  bool is_triggered = false;
  while (!is_triggered || open_captures() > 0) {
    for (auto& stream : streams) {
      stream->feed.push_until(stream->player.now());
      stream->player.read_messages();
    }
    if (!is_triggered && streams.back()->player.now() >= kPast + GST_SECOND / 2) {
      is_triggered = true;
      for (auto& stream : streams) {
        REQUIRE(stream->player.capture(kTrigger) != 0);
        REQUIRE(stream->player.capture() != 0);
      }
    }
    most_threads = std::max(most_threads, process::threads());
    most_memory = std::max(most_memory, process::resident_bytes());
    REQUIRE(streams.back()->player.now() < kPast + kPatience);
    nap();
  }
  // A job is a thread, a source's, a queue's and a decoder's task, and workers for each core.
  const std::size_t cores = std::thread::hardware_concurrency();
  const std::size_t jobs = std::max<std::size_t>(8, 2 * cores);
  CHECK(most_threads <= threads_before + kStreams + jobs * (6 + 2 * cores) + 8);
  if (!process::kIsSanitized) {  // which keeps what is freed for a while
    // 2 s, a group of 1 s, and of each job some pictures and a decoder.
    const std::size_t kept = recording.bytes() / 4 * 3 * 12 / 10 + 256 * 1024;
    CHECK(most_memory <= memory_before + kStreams * kept + jobs * 16 * 1024 * 1024);
  }
  MESSAGE("threads: " << threads_before << " before, at most " << most_threads << "; resident: "
                      << memory_before / 1024 << " KiB before, at most " << most_memory / 1024);
  for (int i = 0; i < kStreams; ++i) {
    const bool has_post_roll = i % 2 != 0;
    const auto& player = streams[static_cast<std::size_t>(i)]->player;
    CHECK(player.errors().empty());
    for (const auto& entry : player.clips()) {
      const Clip& clip = entry.second;
      CAPTURE(clip.error);
      CAPTURE(clip.location);
      CAPTURE(clip.first);
      CAPTURE(clip.last);
      REQUIRE(clip.state == Clip::State::Done);
      CHECK(clip.frames == (has_post_roll ? 13 : 11));
      const auto animation = read_clip(clip);
      CHECK(animation.is_valid);
      CHECK(animation.width == 80);
      CHECK(shown_ms(animation) == (has_post_roll ? 2600 : 2200));
    }
    const Clip& exact = player.clips().begin()->second;
    CHECK(exact.first == kTrigger - 2 * GST_SECOND);
    // The last sample is at 2.4 s of 2.5.
    CHECK(exact.last == kTrigger + (has_post_roll ? 400 * GST_MSECOND : 0));
  }
}

}  // namespace
