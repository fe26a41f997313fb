// SPDX-License-Identifier: LGPL-2.1-or-later
// samplegate through GstHarness, with MJPEG: every unit is a whole picture, whatever its bytes; and
// with H.264 of headers alone, where units wait for each other.
// What it does to real streams of every codec is seen in tests/pipelines/test_gate_oracle.py.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/core/bit_writer.h"
#include "tests/core/unit_bytes.h"

namespace {

using namespace anim::glue;

constexpr GstClockTime kFrame = 40 * GST_MSECOND;
constexpr const char* kJpeg = "image/jpeg,framerate=25/1";
constexpr const char* kH264 = "video/x-h264,stream-format=byte-stream,alignment=au";

class Bench {
 public:
  explicit Bench(const std::string& settings, const char* caps = kJpeg) {
    const auto parsed = adopt(GST_ELEMENT(
        gst_object_ref_sink(gst_parse_launch(("samplegate " + settings).c_str(), nullptr))));
    harness_ = gst_harness_new_with_element(parsed.get(), "sink", "src");
    gst_harness_set_src_caps_str(harness_, caps);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() { gst_harness_teardown(harness_); }

  [[nodiscard]] GstHarness* harness() const { return harness_; }

  GstFlowReturn push(int number, GstClockTime pts) {
    auto buffer = adopt(gst_buffer_new_allocate(nullptr, 4, nullptr));
    gst_buffer_memset(buffer.get(), 0, static_cast<guint8>(number), 4);
    return push(std::move(buffer), pts);
  }
  GstFlowReturn push(Owned<GstBuffer> buffer, GstClockTime pts) {
    GST_BUFFER_PTS(buffer.get()) = pts;
    GST_BUFFER_DURATION(buffer.get()) = kFrame;
    return gst_harness_push(harness_, buffer.release());
  }
  /// Units `from` to `until`, 40 ms each; the first flow that is not OK ends it.
  GstFlowReturn push_many(int from, int until) {
    for (int i = from; i < until; ++i) {
      const GstFlowReturn flow = push(i, static_cast<GstClockTime>(i) * kFrame);
      if (flow != GST_FLOW_OK) return flow;
    }
    return GST_FLOW_OK;
  }
  bool send(GstEvent* event) { return gst_harness_push_event(harness_, event) != FALSE; }
  bool end() { return send(gst_event_new_eos()); }
  void flush() {
    send(gst_event_new_flush_start());
    send(gst_event_new_flush_stop(TRUE));
  }
  void segment(GstClockTime start) {
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    segment.start = segment.time = segment.position = start;
    send(gst_event_new_segment(&segment));
  }

  [[nodiscard]] std::vector<int> passed() const {
    std::vector<int> numbers;
    while (auto buffer = adopt(gst_harness_try_pull(harness_))) {
      guint8 number = 0;
      gst_buffer_extract(buffer.get(), 0, &number, 1);
      numbers.push_back(number);
    }
    return numbers;
  }
  /// The times of what passed since the last look.
  [[nodiscard]] std::vector<GstClockTime> passed_times() const {
    std::vector<GstClockTime> times;
    while (auto buffer = adopt(gst_harness_try_pull(harness_))) {
      times.push_back(GST_BUFFER_PTS(buffer.get()));
    }
    return times;
  }
  [[nodiscard]] bool has_ended() const {
    while (auto event = adopt(gst_harness_try_pull_event(harness_))) {
      if (GST_EVENT_TYPE(event.get()) == GST_EVENT_EOS) return true;
    }
    return false;
  }
  [[nodiscard]] guint64 stat(const char* name) const {
    GstStructure* raw = nullptr;
    g_object_get(harness_->element, "stats", &raw, nullptr);
    const auto stats = adopt(raw);
    guint64 value = 0;
    REQUIRE(gst_structure_get_uint64(stats.get(), name, &value));
    return value;
  }

 private:
  GstHarness* harness_;
};

/// Upstream of a bench: 100 s of units, 40 ms apart, that can be sought in.
class Upstream {
 public:
  enum class Lands { Right, Late, Early, Elsewhere, AtEnd, Never, Dead };

  Upstream(Bench& bench, Lands lands) : bench_(bench), lands_(lands) {
    GstPad* pad = bench.harness()->srcpad;
    gst_pad_set_element_private(pad, this);
    gst_pad_set_event_function(pad, &Upstream::take_event);
    gst_pad_set_query_function(pad, &Upstream::answer);
  }
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;
  // A seek may still be on its way.
  ~Upstream() { gst_element_set_state(bench_.harness()->element, GST_STATE_NULL); }

  /// Pushes to the end, or to a flow that neither OK nor a seek explains.
  GstFlowReturn run() {
    for (;;) {
      const std::optional<int> number = take_number();
      if (!number) {
        send(gst_event_new_eos(), seqnum_);
        if (bench_.has_ended()) return GST_FLOW_EOS;
        wait_for_seek();
        continue;
      }
      const auto pts = static_cast<GstClockTime>(*number) * kFrame;
      const GstFlowReturn flow = bench_.push(*number % 256, pts);
      if (flow == GST_FLOW_FLUSHING) {
        wait_for_seek();
      } else if (flow != GST_FLOW_OK) {
        return flow;
      }
    }
  }

  [[nodiscard]] int seeks() const { return seeks_; }

  void wait_for_seek() {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [this] { return has_sought_; });
    has_sought_ = false;
  }

 private:
  static constexpr int kUnits = 2500;

  std::optional<int> take_number() {
    const std::lock_guard lock(mutex_);
    if (next_ >= kUnits) return {};
    return next_++;
  }

  // On the seeking thread.
  static gboolean take_event(GstPad* pad, GstObject* /*parent*/, GstEvent* given) {
    const auto event = adopt(given);
    auto& upstream = *static_cast<Upstream*>(gst_pad_get_element_private(pad));
    if (GST_EVENT_TYPE(given) != GST_EVENT_SEEK) return TRUE;
    gint64 position = 0;
    gst_event_parse_seek(given, nullptr, nullptr, nullptr, nullptr, &position, nullptr, nullptr);
    return static_cast<gboolean>(upstream.seek(position, gst_event_get_seqnum(given)));
  }

  bool seek(gint64 position, guint32 seqnum) {
    if (lands_ == Lands::Never) return false;
    seqnum_ = seqnum;
    send(gst_event_new_flush_start(), seqnum);
    send(gst_event_new_flush_stop(TRUE), seqnum);
    if (lands_ == Lands::Dead) return false;
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    segment.start = segment.time = static_cast<guint64>(position);
    const bool is_first = seeks_++ == 0;
    if (lands_ == Lands::Elsewhere && is_first) segment.start += kFrame;
    send(gst_event_new_segment(&segment), seqnum);
    const std::lock_guard lock(mutex_);
    next_ = static_cast<int>(position / static_cast<gint64>(kFrame));
    if (lands_ == Lands::Late) next_ += 25;
    if (lands_ == Lands::Early && is_first) next_ = 0;
    if (lands_ == Lands::AtEnd && is_first) next_ = kUnits;
    has_sought_ = true;
    news_.notify_all();
    return true;
  }

  void send(GstEvent* event, guint32 seqnum) {
    gst_event_set_seqnum(event, seqnum);
    gst_pad_push_event(bench_.harness()->srcpad, event);
  }

  static gboolean answer(GstPad* pad, GstObject* parent, GstQuery* query) {
    if (GST_QUERY_TYPE(query) != GST_QUERY_DURATION)
      return gst_pad_query_default(pad, parent, query);
    gst_query_set_duration(query, GST_FORMAT_TIME, kUnits * static_cast<gint64>(kFrame));
    return TRUE;
  }

  Bench& bench_;
  const Lands lands_;
  std::atomic<int> seeks_ = 0;
  std::atomic<guint32> seqnum_ = gst_util_seqnum_next();
  std::mutex mutex_;  // guards what follows
  std::condition_variable news_;
  int next_ = 0;
  bool has_sought_ = false;
};

using Numbers = std::vector<int>;

/// Units of H.264 as far as the gate reads them, filled up to a size. Those of a kind share their
/// memory.
class H264Units {
 public:
  explicit H264Units(std::size_t bytes)
      : idr_(filled(anim::test::joined({sets(), slice(0x65, kI)}), bytes)),
        reference_(filled(slice(0x41, kP), bytes)),
        disposable_(filled(slice(0x01, kP), bytes)),
        empty_(filled(anim::test::nal({0x09, 0xF0}), bytes)) {}

  [[nodiscard]] Owned<GstBuffer> idr() const { return unit(idr_); }
  [[nodiscard]] Owned<GstBuffer> reference() const { return unit(reference_); }
  [[nodiscard]] Owned<GstBuffer> disposable() const { return unit(disposable_); }
  /// Without a picture.
  [[nodiscard]] Owned<GstBuffer> empty() const { return unit(empty_); }

 private:
  static constexpr std::uint32_t kP = 5;
  static constexpr std::uint32_t kI = 7;

  static Owned<GstBuffer> unit(const Owned<GstBuffer>& of_kind) {
    return adopt(gst_buffer_copy(of_kind.get()));
  }
  static Owned<GstBuffer> filled(const anim::Bytes& head, std::size_t bytes) {
    auto buffer = adopt(gst_buffer_new_allocate(nullptr, std::max(bytes, head.size()), nullptr));
    gst_buffer_memset(buffer.get(), 0, 0xFF, G_MAXSIZE);
    gst_buffer_fill(buffer.get(), 0, head.data(), head.size());
    return buffer;
  }
  static anim::Bytes sets() {
    anim::test::BitWriter sequence;
    sequence.bits(0x674D001E, 32);
    for (const std::uint32_t value : {0U, 0U, 0U, 2U, 4U}) sequence.exp_golomb(value);
    sequence.flag(false);
    for (const std::uint32_t value : {19U, 14U}) sequence.exp_golomb(value);
    sequence.flag(true);
    anim::test::BitWriter picture;
    picture.bits(0x68, 8);
    for (const std::uint32_t number : {0U, 0U}) picture.exp_golomb(number);
    return anim::test::joined(
        {anim::test::nal(sequence.stopped()), anim::test::nal(picture.stopped())});
  }
  static anim::Bytes slice(std::uint32_t header, std::uint32_t type) {
    anim::test::BitWriter out;
    out.bits(header, 8);
    for (const std::uint32_t value : {0U, type, 0U}) out.exp_golomb(value);
    out.bits(0x7FFFFFFF, 32);
    return anim::test::nal(out.stopped());
  }

  Owned<GstBuffer> idr_;
  Owned<GstBuffer> reference_;
  Owned<GstBuffer> disposable_;
  Owned<GstBuffer> empty_;
};

/// What the gate holds.
class Holding {
 public:
  explicit Holding(const Bench& bench) : bench_(bench) {}

  /// After each unit of the stream.
  void measure() {
    out_ += bench_.passed_times().size();
    const guint64 dropped = bench_.stat("dropped-disposable") + bench_.stat("dropped-unused");
    most_ = std::max<std::size_t>(most_, bench_.stat("units-in") - out_ - dropped);
  }
  [[nodiscard]] std::size_t most() const { return most_; }

 private:
  const Bench& bench_;
  std::size_t out_ = 0;
  std::size_t most_ = 0;
};

/// Two groups of 50 frames from 900 s on, and the frames of theirs that pass.
std::vector<GstClockTime> passed_of_next_groups(Bench& bench, const H264Units& units) {
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
  Bench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 80) == GST_FLOW_OK);
  REQUIRE(bench.end());
  // The last frame may last until 4 s: its decoder says how long.
  CHECK(bench.passed() == Numbers{0, 1, 25, 50, 75, 78, 79});
  CHECK(bench.has_ended());
  CHECK(bench.stat("units-in") == 80);
  CHECK(bench.stat("passed") == 7);
  CHECK(bench.stat("dropped-disposable") + bench.stat("dropped-after-end") == 73);
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
    Bench bench(row.settings);
    CHECK(bench.push_many(0, 100) == (row.ends ? GST_FLOW_EOS : GST_FLOW_OK));
    if (!row.ends) bench.end();
    CHECK(bench.passed() == row.passed);
    CHECK(bench.has_ended());
  }
}

TEST_CASE("wanted is the union of several samplers") {
  Bench bench(
      "wanted=<(GstStructure)[sampler,rate=(fraction)1/1],"
      "(GstStructure)[sampler,interval=(guint64)700000000,max-frames=(guint64)3]>");
  REQUIRE(bench.push_many(0, 60) == GST_FLOW_OK);
  REQUIRE(bench.end());
  CHECK(bench.passed() == Numbers{0, 1, 17, 25, 35, 50, 58, 59});
}

TEST_CASE("every frame wanted passes without a wait") {
  Bench bench("");
  REQUIRE(bench.push_many(0, 3) == GST_FLOW_OK);
  CHECK(bench.passed().size() >= 2);
  bench.end();
  CHECK(bench.stat("passed") == 3);
}

TEST_CASE("what leaves a doubt passes whole from there on") {
  SUBCASE("a codec without a rule") {
    Bench bench("rate=1/1", "video/x-theora");
    REQUIRE(bench.push_many(0, 30) == GST_FLOW_OK);
    CHECK(bench.stat("passed") == 30);
  }
  SUBCASE("a unit without a time") {
    Bench bench("rate=1/1");
    REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
    REQUIRE(bench.push(10, GST_CLOCK_TIME_NONE) == GST_FLOW_OK);
    REQUIRE(bench.push_many(11, 20) == GST_FLOW_OK);
    const Numbers passed = bench.passed();
    CHECK(Numbers(passed.end() - 10, passed.end()) ==
          Numbers{10, 11, 12, 13, 14, 15, 16, 17, 18, 19});
  }
  SUBCASE("a time that goes back") {
    Bench bench("rate=1/1");
    REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
    REQUIRE(bench.push_many(5, 15) == GST_FLOW_OK);
    CHECK(bench.stat("dropped-disposable") <= 8);
  }
  SUBCASE("another codec in mid-stream") {
    Bench bench("rate=1/1");
    REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
    gst_harness_set_src_caps_str(bench.harness(), "video/x-theora");
    const guint64 before = bench.stat("passed");
    REQUIRE(bench.push_many(10, 20) == GST_FLOW_OK);
    CHECK(bench.stat("passed") >= before + 10);
  }
}

TEST_CASE("a frame held for seconds is the one on screen") {
  Bench bench("rate=1/10");
  const guint64 times_ms[] = {0, 40, 9000, 15'000, 15'040, 15'080};
  for (int i = 0; i < 6; ++i) REQUIRE(bench.push(i, times_ms[i] * GST_MSECOND) == GST_FLOW_OK);
  bench.end();
  // 3 ends what 2 shows; without it the end of the stream would cut that to 2's own duration.
  CHECK(bench.passed() == Numbers{0, 1, 2, 3});
}

TEST_CASE("after a flush into the middle zero is where the segment begins") {
  Bench bench("rate=1/1");
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
  Bench bench("rate=1/1");
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

TEST_CASE("the end arrives also where downstream takes no more units") {
  Bench bench("rate=1/1");
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
  Bench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
  gst_harness_set_src_caps_str(bench.harness(), "video/x-theora");
  REQUIRE(bench.push_many(10, 12) == GST_FLOW_OK);
  gst_harness_set_src_caps_str(bench.harness(), kJpeg);
  REQUIRE(bench.push_many(12, 30) == GST_FLOW_OK);
  bench.end();
  CHECK(bench.stat("units-in") == 30);
  CHECK(bench.stat("passed") >= 20);
}

TEST_CASE("a second segment without a flush passes whole") {
  Bench bench("rate=1/1");
  REQUIRE(bench.push_many(0, 10) == GST_FLOW_OK);
  const guint64 before = bench.stat("passed");
  bench.segment(2 * GST_SECOND);
  REQUIRE(bench.push_many(40, 60) == GST_FLOW_OK);
  bench.end();
  CHECK(bench.stat("passed") >= before + 20);
}

TEST_CASE("a sampler that is not understood wants every frame") {
  Bench bench("wanted=<(GstStructure)[sampler,rate=(fraction)1/1,start=(int)5]>");
  REQUIRE(bench.push_many(0, 30) == GST_FLOW_OK);
  bench.end();
  CHECK(bench.stat("passed") == 30);
}

TEST_CASE("events keep their place among the units") {
  Bench bench("rate=1/1");
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

TEST_CASE("where references are left out the decoder is drained, and told of no gap") {
  const H264Units units(0);
  Bench bench("rate=1/2", kH264);
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
    Bench bench("rate=1/1", caps);
    if (std::string(caps) != kJpeg) REQUIRE(bench.push_many(0, 2) == GST_FLOW_OK);
    REQUIRE(bench.send(gst_event_new_gap(0, kFrame)));
    bool has_gap = false;
    while (auto event = adopt(gst_harness_try_pull_event(bench.harness()))) {
      has_gap = has_gap || GST_EVENT_TYPE(event.get()) == GST_EVENT_GAP;
    }
    CHECK(has_gap);
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
    Bench bench("interval=1000000000000", kH264);
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
  Bench bench("rate=1/1");
  for (int i = 0; i < 3; ++i) {
    bench.push_many(0, 7);
    gst_element_set_state(bench.harness()->element, GST_STATE_READY);
    gst_element_set_state(bench.harness()->element, GST_STATE_PLAYING);
  }
  CHECK(bench.stat("units-in") == 0);
}

TEST_CASE("gaps are gone around where the source leads over them, and read where it does not") {
  using Lands = Upstream::Lands;
  Bench through("rate=1/20");
  Upstream plain(through, Lands::Right);
  REQUIRE(plain.run() == GST_FLOW_EOS);
  CHECK(plain.seeks() == 0);
  const Numbers expected = through.passed();

  struct Row {
    const char* name;
    Lands lands;
    int seeks;
    guint64 gaps;
    guint64 most_read;
  };
  const Row rows[] = {
      {"right", Lands::Right, 5, 5, 300},
      {"refused", Lands::Never, 0, 0, 2500},
      {"before what was read: reads on to where it was", Lands::Early, 1, 0, 2500},
      {"where times mean something else: back to where it was", Lands::Elsewhere, 2, 0, 2500},
      {"at the end: back to where it was", Lands::AtEnd, 2, 0, 2500},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    Bench bench("rate=1/20 seek-gaps=true");
    Upstream upstream(bench, row.lands);
    REQUIRE(upstream.run() == GST_FLOW_EOS);
    CHECK(bench.passed() == expected);
    CHECK(upstream.seeks() == row.seeks);
    CHECK(bench.stat("gap-seeks") == row.gaps);
    CHECK(bench.stat("units-in") <= row.most_read);
  }
}

TEST_CASE("a source that leads nowhere after a seek is an error, not a wrong sample") {
  Bench bench("rate=1/20 seek-gaps=true");
  Upstream upstream(bench, Upstream::Lands::Late);
  CHECK(upstream.run() == GST_FLOW_ERROR);
  CHECK(upstream.seeks() == 3);
}

TEST_CASE("a source that stops at a seek is an error") {
  Bench bench("rate=1/20 seek-gaps=true");
  const auto bus = adopt(gst_bus_new());
  gst_element_set_bus(bench.harness()->element, bus.get());
  Upstream upstream(bench, Upstream::Lands::Dead);
  CHECK(bench.push_many(0, 2500) == GST_FLOW_FLUSHING);
  const auto message =
      adopt(gst_bus_timed_pop_filtered(bus.get(), 10 * GST_SECOND, GST_MESSAGE_ERROR));
  CHECK(message);
  gst_element_set_bus(bench.harness()->element, nullptr);
}

TEST_CASE("another one's EOS ends the stream, also between two places of the source") {
  Bench bench("rate=1/20 seek-gaps=true");
  Upstream upstream(bench, Upstream::Lands::Right);
  REQUIRE(bench.push_many(0, 2500) == GST_FLOW_FLUSHING);
  upstream.wait_for_seek();
  CHECK(bench.end());
  CHECK(bench.has_ended());
  CHECK(bench.passed() == Numbers{0, 1});
  CHECK(bench.push(7, 20 * GST_SECOND) == GST_FLOW_EOS);
}

TEST_CASE("another one's seek takes the place of the gate's") {
  Bench bench("rate=1/20 seek-gaps=true");
  Upstream upstream(bench, Upstream::Lands::Right);
  REQUIRE(bench.push_many(0, 2500) == GST_FLOW_FLUSHING);
  upstream.wait_for_seek();
  REQUIRE(gst_harness_push_upstream_event(
      bench.harness(), gst_event_new_seek(1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                                          GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, -1)));
  upstream.wait_for_seek();
  CHECK(bench.push(0, 0) == GST_FLOW_OK);
  CHECK(bench.stat("passed") == 3);
}

namespace {

/// Events of random access points in the order in which they come: -1 = that there will be some;
/// timestamps in ms; the end as its negative.
std::vector<gint64> told(const Bench& bench) {
  std::vector<gint64> out;
  while (auto event = adopt(gst_harness_try_pull_event(bench.harness()))) {
    const GstStructure* structure = gst_event_get_structure(event.get());
    gint64 time = 0;
    if (structure == nullptr) continue;
    if (gst_event_has_name(event.get(), "anim-random-access") != FALSE) {
      guint64 timestamp = 0;
      const bool has_time = gst_structure_get_uint64(structure, "timestamp", &timestamp) != FALSE;
      out.push_back(has_time ? static_cast<gint64>(timestamp / GST_MSECOND) : -1);
    } else if (gst_structure_get_int64(structure, "anim-end-time", &time) != FALSE) {
      out.push_back(-time / GST_MSECOND);
    }
  }
  return out;
}

/// Groups of 10 frames, IDR first; the first `joined` units never come.
void push_groups(Bench& bench, int groups, int joined = 0) {
  const H264Units units(64);
  for (int i = joined; i < groups * 10; ++i) {
    auto unit = i % 10 == 0 ? units.idr() : units.reference();
    if (bench.push(std::move(unit), static_cast<GstClockTime>(i) * kFrame) != GST_FLOW_OK) return;
  }
}

}  // namespace

TEST_CASE("mode=key lets random access points alone pass, and tells of them") {
  Bench bench("mode=key", kH264);
  push_groups(bench, 4);
  bench.end();
  CHECK(bench.passed_times() ==
        std::vector<GstClockTime>{0, 10 * kFrame, 20 * kFrame, 30 * kFrame});
  CHECK(told(bench) == std::vector<gint64>{-1, 0, 400, 800, 1200, -1600});
}

TEST_CASE("mode=key in a part of the stream") {
  Bench bench("mode=key start-time=100000000 max-frames=2", kH264);
  push_groups(bench, 8);
  // Zero, two samples, and what ends them.
  CHECK(bench.passed_times() ==
        std::vector<GstClockTime>{0, 10 * kFrame, 20 * kFrame, 30 * kFrame});
  CHECK(told(bench) == std::vector<gint64>{-1, 0, 400, 800, 1200, -1200});
}

TEST_CASE("mode=key beside an interval") {
  Bench bench(
      "wanted=<(GstStructure)[sampler,mode=(string)key],"
      "(GstStructure)[sampler,mode=(string)interval,interval=(guint64)1000000000]>",
      kH264);
  push_groups(bench, 4);
  bench.end();
  const auto times = bench.passed_times();
  CHECK(std::count(times.begin(), times.end(), 25 * kFrame) == 1);
  CHECK(std::count(times.begin(), times.end(), 30 * kFrame) == 1);
  CHECK(std::count(times.begin(), times.end(), 15 * kFrame) == 0);
  CHECK(told(bench) == std::vector<gint64>{-1, 0, 400, 800, 1200, -1600});
}

TEST_CASE("a mode that is none counts as every frame, with a warning") {
  Bench bench("wanted=<(GstStructure)[sampler,mode=(string)keys]>", kH264);
  push_groups(bench, 2);
  bench.end();
  CHECK(bench.passed_times().size() == 20);
}

TEST_CASE("mode=key never guesses") {
  const auto expect_error = [](GstBus* bus, const char* type) {
    const auto message = adopt(gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR));
    REQUIRE(message);
    GError* raw = nullptr;
    gst_message_parse_error(message.get(), &raw, nullptr);
    const auto error = adopt(raw);
    CHECK(std::string(error->message).find(type) != std::string::npos);
  };
  struct Row {
    const char* caps;
    const char* type;
    bool has_times;
  };
  for (const Row& row :
       {Row{"video/x-theora", "(video/x-theora)", true}, Row{kH264, "(video/x-h264)", false}}) {
    CAPTURE(row.caps);
    Bench bench("mode=key", row.caps);
    GstBus* bus = gst_bus_new();
    gst_element_set_bus(bench.harness()->element, bus);
    const H264Units units(64);
    CHECK(bench.push(units.idr(), row.has_times ? 0 : GST_CLOCK_TIME_NONE) == GST_FLOW_ERROR);
    expect_error(bus, row.type);
    gst_element_set_bus(bench.harness()->element, nullptr);
    gst_object_unref(bus);
  }
}
