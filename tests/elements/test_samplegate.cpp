// SPDX-License-Identifier: LGPL-2.1-or-later
// samplegate through GstHarness: which units pass, what waits, how events keep their place.
// What it does to real streams of every codec is seen in tests/pipelines/test_gate_oracle.py.
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/gate_bench.h"

namespace {

using namespace anim::glue;
using namespace anim::test;

using Numbers = std::vector<int>;

/// What the gate holds.
class Holding {
 public:
  explicit Holding(const GateBench& bench) : bench_(bench) {}

  /// After each unit of the stream.
  void measure() {
    out_ += bench_.passed_times().size();
    const guint64 dropped = bench_.stat("dropped-disposable") + bench_.stat("dropped-unused");
    most_ = std::max<std::size_t>(most_, bench_.stat("units-in") - out_ - dropped);
  }
  [[nodiscard]] std::size_t most() const { return most_; }

 private:
  const GateBench& bench_;
  std::size_t out_ = 0;
  std::size_t most_ = 0;
};

/// Two groups of 50 frames from 900 s on, and the frames of theirs that pass.
std::vector<GstClockTime> passed_of_next_groups(GateBench& bench, const H264Units& units) {
  for (const GstClockTime begin : {900 * GST_SECOND, 999 * GST_SECOND}) {
    for (guint64 i = 0; i < 50; ++i) {
      auto unit = i == 0 ? units.idr() : units.reference();
      REQUIRE(bench.push(std::move(unit), begin + i * kFrame) == GST_FLOW_OK);
    }
  }
  bench.end();
  auto times = bench.passed_times();
  std::erase_if(times, [](GstClockTime time) { return time < 900 * GST_SECOND; });
  return times;
}

}  // namespace

TEST_CASE(
    "the frames on screen at the wanted moments pass, the first two and perhaps the last two") {
  GateBench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 80) == GST_FLOW_OK);
  REQUIRE(bench.end());
  // The last frame may last until 4 s: its decoder says how long.
  CHECK(bench.passed() == Numbers{0, 1, 25, 50, 75, 78, 79});
  CHECK(bench.has_ended());
  CHECK(bench.stat("units-in") == 80);
  CHECK(bench.stat("passed") == 7);
  CHECK(bench.stat("dropped-disposable") + bench.stat("dropped-after-end") == 73);
}

TEST_CASE("durations that no stream has count as none") {
  GateBench bench("rate=1/1");
  for (int i = 0; i < 80; ++i) {
    auto unit = GateBench::frame(i, 4, static_cast<GstClockTime>(i) * kFrame, G_MAXINT64 / 2);
    REQUIRE(gst_harness_push(bench.harness(), unit.release()) == GST_FLOW_OK);
  }
  bench.end();
  const Numbers passed = bench.passed();
  REQUIRE(passed.size() >= 2);
  CHECK(Numbers(passed.end() - 2, passed.end()) == Numbers{78, 79});
}

TEST_CASE("interval, start-time, stop-time and max-frames are intervalsampler's") {
  struct Row {
    const char* settings;
    Numbers passed;
    bool ends;  ///< before the stream does
  };
  const Row rows[] = {
      {"interval=500000000", {0, 1, 12, 25, 37, 50, 62, 75, 87, 98, 99}, false},
      {"rate=1/1 start-time=1500000000", {0, 1, 37, 62, 87, 98, 99}, false},
      // The unit after the last sample ends it.
      {"rate=1/1 max-frames=2", {0, 1, 25, 26}, true},
      {"rate=1/1 stop-time=1500000000", {0, 1, 25, 26}, true},
      {"start-time=1000000000 max-frames=3", {0, 1, 25, 26, 27, 28}, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.settings);
    GateBench bench(row.settings);
    CHECK(bench.push_many(0, 100) == (row.ends ? GST_FLOW_EOS : GST_FLOW_OK));
    if (!row.ends) bench.end();
    CHECK(bench.passed() == row.passed);
    CHECK(bench.has_ended());
  }
}

TEST_CASE("wanted is the union of several samplers") {
  GateBench bench(
      "wanted=<(GstStructure)[sampler,rate=(fraction)1/1],"
      "(GstStructure)[sampler,interval=(guint64)700000000,max-frames=(guint64)3]>");
  REQUIRE(bench.push_many(0, 60) == GST_FLOW_OK);
  REQUIRE(bench.end());
  CHECK(bench.passed() == Numbers{0, 1, 17, 25, 35, 50, 58, 59});
}

TEST_CASE("every frame wanted passes without a wait") {
  GateBench bench("");
  REQUIRE(bench.push_many(0, 3) == GST_FLOW_OK);
  CHECK(bench.passed().size() >= 2);
  bench.end();
  CHECK(bench.stat("passed") == 3);
}

TEST_CASE("what leaves a doubt passes whole from there on") {
  SUBCASE("a codec without a rule") {
    GateBench bench("rate=1/1", "video/x-theora");
    REQUIRE(bench.push_many(0, 30) == GST_FLOW_OK);
    CHECK(bench.stat("passed") == 30);
  }
  SUBCASE("a unit without a time") {
    GateBench bench("rate=1/1");
    REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
    REQUIRE(bench.push(10, GST_CLOCK_TIME_NONE) == GST_FLOW_OK);
    REQUIRE(bench.push_many(11, 20) == GST_FLOW_OK);
    const Numbers passed = bench.passed();
    CHECK(Numbers(passed.end() - 10, passed.end()) ==
          Numbers{10, 11, 12, 13, 14, 15, 16, 17, 18, 19});
  }
  SUBCASE("a time that goes back") {
    GateBench bench("rate=1/1");
    REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
    REQUIRE(bench.push_many(5, 15) == GST_FLOW_OK);
    CHECK(bench.stat("dropped-disposable") <= 8);
  }
  SUBCASE("another codec in mid-stream") {
    GateBench bench("rate=1/1");
    REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
    bench.caps("video/x-theora");
    const guint64 before = bench.stat("passed");
    REQUIRE(bench.push_many(10, 20) == GST_FLOW_OK);
    CHECK(bench.stat("passed") >= before + 10);
  }
}

TEST_CASE("parameter sets of units that were left out reach what passes in doubt") {
  const H264Units units(64);
  GateBench bench("rate=1/10", kH264);
  REQUIRE(bench.push(units.idr(), 0) == GST_FLOW_OK);
  for (int i = 1; i < 5; ++i) REQUIRE(bench.push(units.reference(), i * kFrame) == GST_FLOW_OK);
  REQUIRE(bench.push(units.idr(), 5 * kFrame) == GST_FLOW_OK);
  bench.flush();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_BYTES);
  REQUIRE(bench.send(gst_event_new_segment(&segment)));
  while (bench.pull_buffer()) continue;
  // Of what passes, the byte at `offset`.
  const auto byte_at = [&bench](gsize offset, Owned<GstBuffer> unit) {
    REQUIRE(bench.push(std::move(unit), 0) == GST_FLOW_OK);
    const auto passed = bench.pull_buffer();
    REQUIRE(passed);
    guint8 byte = 0;
    gst_buffer_extract(passed.get(), offset, &byte, 1);
    return int{byte};
  };
  SUBCASE("of the same codec") {
    CHECK(byte_at(4, units.reference()) == 0x67);
    CHECK(byte_at(4, units.reference()) == 0x41);
  }
  SUBCASE("but of no other") {
    bench.caps(kJpeg);
    CHECK(byte_at(0, GateBench::frame(42, 4, 0, kFrame)) == 42);
  }
}

TEST_CASE("a frame held for seconds is the one on screen") {
  GateBench bench("rate=1/10");
  const guint64 times_ms[] = {0, 40, 9000, 15'000, 15'040, 15'080};
  for (int i = 0; i < 6; ++i) REQUIRE(bench.push(i, times_ms[i] * GST_MSECOND) == GST_FLOW_OK);
  bench.end();
  // 3 ends what 2 shows; without it the end of the stream would cut that to 2's own duration.
  CHECK(bench.passed() == Numbers{0, 1, 2, 3});
}

TEST_CASE("after a flush into the middle zero is where the segment begins") {
  GateBench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
  (void)bench.passed();
  bench.flush();
  bench.segment(10 * GST_SECOND);
  REQUIRE(bench.push_many(249, 310) == GST_FLOW_OK);
  bench.end();
  // 249 ends where the segment begins, within the rounding of times; 250 is on screen there.
  const Numbers passed = bench.passed();
  const auto number = [](int i) { return static_cast<int>(static_cast<guint8>(i)); };
  CHECK(passed == Numbers{number(249), number(250), number(251), number(275), number(300),
                          number(308), number(309)});
}

TEST_CASE("a stream after the end is a new one, and segment-done lets all go") {
  GateBench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 30) == GST_FLOW_OK);
  REQUIRE(bench.end());
  (void)bench.passed();
  REQUIRE(bench.send(gst_event_new_stream_start("next")));
  bench.segment(0);
  REQUIRE(bench.push_many(0, 30) == GST_FLOW_OK);
  REQUIRE(bench.send(gst_event_new_segment_done(GST_FORMAT_TIME, 0)));
  bool is_done = false;
  while (auto event = adopt(gst_harness_try_pull_event(bench.harness()))) {
    is_done = is_done || GST_EVENT_TYPE(event.get()) == GST_EVENT_SEGMENT_DONE;
  }
  CHECK(is_done);
  CHECK(bench.passed().size() >= 3);
}

TEST_CASE("a stream after the end has its zero at its first frame, wherever a flush led before") {
  GateBench bench("rate=1/1");
  bench.flush();
  bench.segment(10 * GST_SECOND);
  REQUIRE(bench.push_many(250, 255) == GST_FLOW_OK);
  bench.end();
  (void)bench.passed();
  bench.send(gst_event_new_stream_start("another one"));
  bench.segment(3 * GST_SECOND);
  REQUIRE(bench.push_many(88, 150) == GST_FLOW_OK);
  bench.end();
  CHECK(bench.passed() == Numbers{88, 89, 113, 138, 148, 149});
}

TEST_CASE("the gate's own end belongs to the seek that its segment belongs to") {
  GateBench bench("rate=1/1 max-frames=1");
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  GstEvent* event = gst_event_new_segment(&segment);
  const guint32 seqnum = gst_event_get_seqnum(event);
  bench.send(event);
  CHECK(bench.push_many(0, 30) == GST_FLOW_EOS);
  const auto eos = bench.pull_event(GST_EVENT_EOS);
  REQUIRE(eos);
  CHECK(gst_event_get_seqnum(eos.get()) == seqnum);
}

TEST_CASE("the end arrives also where downstream takes no more units") {
  GateBench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 20) == GST_FLOW_OK);
  gst_pad_set_chain_function(
      bench.harness()->sinkpad,
      [](GstPad* /*pad*/, GstObject* /*parent*/, GstBuffer* buffer) -> GstFlowReturn {
        gst_buffer_unref(buffer);
        return GST_FLOW_EOS;
      });
  REQUIRE(bench.end());
  CHECK(bench.has_ended());
}

TEST_CASE("caps without a rule and back again") {
  GateBench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
  bench.caps("video/x-theora");
  REQUIRE(bench.push_many(10, 12) == GST_FLOW_OK);
  bench.caps(kJpeg);
  REQUIRE(bench.push_many(12, 30) == GST_FLOW_OK);
  bench.end();
  CHECK(bench.stat("units-in") == 30);
  CHECK(bench.stat("passed") >= 20);
}

TEST_CASE("a second segment without a flush passes whole") {
  GateBench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
  const guint64 before = bench.stat("passed");
  bench.segment(2 * GST_SECOND);
  REQUIRE(bench.push_many(40, 60) == GST_FLOW_OK);
  bench.end();
  CHECK(bench.stat("passed") >= before + 20);
}

TEST_CASE("a sampler that is not understood wants every frame") {
  GateBench bench("wanted=<(GstStructure)[sampler,rate=(fraction)1/1,start=(int)5]>");
  REQUIRE(bench.push_many(0, 30) == GST_FLOW_OK);
  bench.end();
  CHECK(bench.stat("passed") == 30);
}

TEST_CASE("events keep their place among the units") {
  GateBench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 5) == GST_FLOW_OK);
  GstTagList* tags = gst_tag_list_new(GST_TAG_TITLE, "x", nullptr);
  REQUIRE(bench.send(gst_event_new_tag(tags)));
  REQUIRE(bench.push_many(5, 30) == GST_FLOW_OK);
  bench.end();
  bool has_tag = false;
  while (auto event = adopt(gst_harness_try_pull_event(bench.harness()))) {
    has_tag = has_tag || GST_EVENT_TYPE(event.get()) == GST_EVENT_TAG;
  }
  CHECK(has_tag);
}

TEST_CASE("out-of-band events and the beginning of a flush do not wait for units") {
  const H264Units units(0);
  GateBench bench("rate=1/2", kH264);
  REQUIRE(bench.push(units.idr(), 0) == GST_FLOW_OK);
  for (guint64 i = 1; i < 10; ++i)
    REQUIRE(bench.push(units.reference(), i * kFrame) == GST_FLOW_OK);
  REQUIRE(bench.stat("passed") < bench.stat("units-in"));
  bench.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("later")));
  bench.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_OOB, gst_structure_new_empty("now")));
  bench.send(gst_event_new_flush_start());
  const auto events = bench.events();
  REQUIRE(events.size() >= 2);
  CHECK(events.at(events.size() - 2) == GST_EVENT_CUSTOM_DOWNSTREAM_OOB);
  CHECK(events.back() == GST_EVENT_FLUSH_START);
  bench.send(gst_event_new_flush_stop(TRUE));
  CHECK(bench.events() == std::vector{GST_EVENT_FLUSH_STOP});
}

TEST_CASE("where references are left out the decoder is drained, and told of no gap") {
  const H264Units units(0);
  GateBench bench("rate=1/2", kH264);
  for (guint64 i = 0; i < 150; ++i) {
    auto unit = i % 50 == 0 ? units.idr() : units.reference();
    REQUIRE(bench.push(std::move(unit), i * kFrame) == GST_FLOW_OK);
    if (i == 20) REQUIRE(bench.send(gst_event_new_gap(i * kFrame, kFrame)));
  }
  bench.end();
  REQUIRE(bench.stat("dropped-unused") > 0);
  std::vector<bool> stills;
  while (auto event = adopt(gst_harness_try_pull_event(bench.harness()))) {
    CHECK(GST_EVENT_TYPE(event.get()) != GST_EVENT_GAP);
    gboolean is_still = FALSE;
    if (gst_video_event_parse_still_frame(event.get(), &is_still) != FALSE) {
      stills.push_back(is_still != FALSE);
    }
  }
  CHECK(stills == std::vector<bool>{true, false, true, false});
}

TEST_CASE("a gap before the first unit, or in a stream without a rule, is downstream's affair") {
  for (const char* caps : {kJpeg, "video/x-theora"}) {
    GateBench bench("rate=1/1", caps);
    if (std::string(caps) != kJpeg) REQUIRE(bench.push_many(0, 2) == GST_FLOW_OK);
    REQUIRE(bench.send(gst_event_new_gap(0, kFrame)));
    bool has_gap = false;
    while (auto event = adopt(gst_harness_try_pull_event(bench.harness()))) {
      has_gap = has_gap || GST_EVENT_TYPE(event.get()) == GST_EVENT_GAP;
    }
    CHECK(has_gap);
  }
}

TEST_CASE("a gap of missing frames at the end holds the last frame, and goes on behind it") {
  enum class After { End, Unit };
  for (const After after : {After::End, After::Unit}) {
    for (const bool are_missing : {true, false}) {
      CAPTURE(are_missing);
      GateBench bench("interval=5000000000");
      REQUIRE(bench.push_many(0, 30) == GST_FLOW_OK);
      GstEvent* gap = gst_event_new_gap(30 * kFrame, 10 * GST_SECOND);
      if (are_missing) gst_event_set_gap_flags(gap, GST_GAP_FLAG_MISSING_DATA);
      CHECK(bench.send(gap));
      if (after == After::Unit) REQUIRE(bench.push_many(30, 31) == GST_FLOW_OK);
      const auto before = bench.events();
      CHECK(std::count(before.begin(), before.end(), GST_EVENT_GAP) == 0);
      REQUIRE(bench.end());
      const bool holds = are_missing && after == After::End;
      CHECK(bench.passed() == (holds ? Numbers{0, 1, 28, 29} : Numbers{0, 1}));
      CHECK(bench.events() ==
            (holds ? std::vector{GST_EVENT_GAP, GST_EVENT_EOS} : std::vector{GST_EVENT_EOS}));
    }
  }
}

TEST_CASE("a group without an end is held within the limits, and the next is decided again") {
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  struct Row {
    const char* what;
    std::size_t bytes;  ///< of a unit
    bool has_pictures;  ///< after the first two units
    std::size_t most;   ///< units that may be held
    int units;
  };
  const Row rows[] = {
      {"many references", 0, true, 4096, 9000},
      {"large references", kMegabyte, true, 64, 200},
      {"many units behind a frame that nobody can decide", 0, false, 2 * 4096, 9000},
      {"large ones", kMegabyte, false, 2 * 64, 200},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    GateBench bench("interval=1000000000000", kH264);
    const H264Units units(row.bytes);
    Holding holding(bench);
    REQUIRE(bench.push(units.idr(), 0) == GST_FLOW_OK);
    REQUIRE(bench.push(units.disposable(), kFrame) == GST_FLOW_OK);
    for (int i = 2; i < row.units; ++i) {
      auto unit = row.has_pictures ? units.reference() : units.empty();
      REQUIRE(bench.push(std::move(unit), static_cast<GstClockTime>(i) * kFrame) == GST_FLOW_OK);
      holding.measure();
    }
    CHECK(holding.most() == row.most);
    std::vector<GstClockTime> wanted;  // up to the sample at 1000 s
    for (guint64 i = 0; i <= 25; ++i) wanted.push_back(999 * GST_SECOND + i * kFrame);
    CHECK(passed_of_next_groups(bench, H264Units(0)) == wanted);
  }
}

TEST_CASE("it goes through all states with units waiting") {
  GateBench bench("rate=1/1");
  for (int i = 0; i < 3; ++i) {
    bench.push_many(0, 7);
    gst_element_set_state(bench.harness()->element, GST_STATE_READY);
    gst_element_set_state(bench.harness()->element, GST_STATE_PLAYING);
  }
  CHECK(bench.stat("units-in") == 0);
}
