// SPDX-License-Identifier: LGPL-2.1-or-later
// Captures clips of a live pipeline at random, and reads each one back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/live_clips.h"
#include "tests/support/webp_reader.h"

namespace soak {

using live::Clip;

/// What may be triggered, and how often it was.
using Tally = std::map<std::string, int>;

/// Numbers from one seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// From `low` to `high`, both included.
  [[nodiscard]] GstClockTimeDiff between(GstClockTimeDiff low, GstClockTimeDiff high) {
    return std::uniform_int_distribution<GstClockTimeDiff>(low, high)(engine_);
  }
  [[nodiscard]] bool coin() { return between(0, 1) == 1; }

 private:
  std::mt19937_64 engine_;
};

/// Captures clips of a player at random, in every way that there is, and reads each one back.
class Visitor {
 public:
  static constexpr GstClockTime kPreRoll = 2 * GST_SECOND;
  static constexpr GstClockTime kPostRoll = GST_SECOND / 2;
  static constexpr guint64 kMostFrames = (kPreRoll + kPostRoll) / (GST_SECOND / 5) + 1;
  static constexpr std::size_t kMostOpen = 4;

  /// The sink for a launch line; its clips go to `folder`.
  static std::string sink(const std::string& folder, bool sync, bool finish) {
    return "animclipsink name=clips pre-roll=" + std::to_string(kPreRoll) +
           " post-roll=" + std::to_string(kPostRoll) + " sync=" + (sync ? "true" : "false") +
           " on-stop=" + (finish ? "finish" : "cancel") + " location=" + folder +
           "/{t_hour}{t_min}{t_sec}-{index}.webp " +
           R"(animation="{\"Format\":\"webp\",\"Interval\":0.2,\"Width\":80,\"Height\":60}")";
  }

  Visitor(live::Player& player, Dice& dice, Tally& tally)
      : player_(player), dice_(dice), tally_(tally) {}

  void capture() {
    if (player_.count(Clip::State::Open) >= kMostOpen) return;
    switch (dice_.between(0, 3)) {
      case 0:
        ++tally_["captures of now"];
        player_.capture();
        break;
      case 1:
        ++tally_["captures of a time"];
        player_.capture(somewhen());
        break;
      case 2:
        ++tally_["captures by an upstream event"];
        gst_element_send_event(player_.clips_element(), event(GST_EVENT_CUSTOM_UPSTREAM));
        break;
      default:
        ++tally_["captures by an event in the stream"];
        gst_element_send_event(player_.element("source").get(), event(GST_EVENT_CUSTOM_DOWNSTREAM));
    }
  }

  /// What is done since the last call is checked, and its file removed.
  void check() {
    for (const auto& entry : player_.clips()) {
      const Clip& clip = entry.second;
      if (clip.state == Clip::State::Open || checked_[entry.first]) continue;
      checked_[entry.first] = true;
      if (clip.state == Clip::State::Failed) {
        ++tally_["failed: " + clip.error];
        CHECK_MESSAGE(may_fail(clip.error), clip.error);
      } else {
        ++tally_["clips"];
        check_file(clip);
      }
    }
  }

 private:
  [[nodiscard]] GstClockTime somewhen() {
    const auto now = static_cast<GstClockTimeDiff>(player_.now());
    return static_cast<GstClockTime>(
        std::max<GstClockTimeDiff>(0, now + dice_.between(-4000, 1000) * GST_MSECOND));
  }

  static GstEvent* event(GstEventType type) {
    return gst_event_new_custom(type, gst_structure_new_empty("animclip-capture"));
  }

  /// Of what had been lost, nothing may be left to decode in the clip's time.
  static bool may_fail(const std::string& error) {
    return error.starts_with("nothing of the clip's time can be shown") ||
           error == "the clip was cancelled";
  }

  static void check_file(const Clip& clip) {
    CAPTURE(clip.location);
    std::ifstream file(clip.location, std::ios::binary);
    const std::vector<std::uint8_t> data{std::istreambuf_iterator<char>(file), {}};
    CHECK(data.size() == clip.bytes);
    const auto animation = webp_reader::read(data);
    CHECK(animation.is_valid);
    CHECK(animation.width == 80);
    CHECK(clip.frames >= 1);
    CHECK(clip.frames <= kMostFrames);
    CHECK(animation.frames.size() <= clip.frames);
    std::filesystem::remove(clip.location);
  }

  live::Player& player_;
  Dice& dice_;
  Tally& tally_;
  std::map<guint, bool> checked_;
};

}  // namespace soak
