// SPDX-License-Identifier: LGPL-2.1-or-later
// samplegate through GstHarness, with seek-gaps=true and sources that lead to all sorts of places.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gst/check/gstharness.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/gate_bench.h"

namespace {

using namespace anim::glue;
using namespace anim::test;

using Numbers = std::vector<int>;

/// Upstream of a bench: 100 s of units, 40 ms apart, that can be sought in.
class Upstream {
 public:
  enum class Lands { Right, Late, Early, Elsewhere, AtEnd, Never, Dead };

  Upstream(GateBench& bench, Lands lands) : bench_(bench), lands_(lands) {
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

  GateBench& bench_;
  const Lands lands_;
  std::atomic<int> seeks_ = 0;
  std::atomic<guint32> seqnum_ = gst_util_seqnum_next();
  std::mutex mutex_;  // guards what follows
  std::condition_variable news_;
  int next_ = 0;
  bool has_sought_ = false;
};

}  // namespace

TEST_CASE("gaps are gone around where the source leads over them, and read where it does not") {
  using Lands = Upstream::Lands;
  GateBench through("rate=1/20");
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
    GateBench bench("rate=1/20 seek-gaps=true");
    Upstream upstream(bench, row.lands);
    REQUIRE(upstream.run() == GST_FLOW_EOS);
    CHECK(bench.passed() == expected);
    CHECK(upstream.seeks() == row.seeks);
    CHECK(bench.stat("gap-seeks") == row.gaps);
    CHECK(bench.stat("units-in") <= row.most_read);
  }
}

TEST_CASE("a source that leads nowhere after a seek is an error, not a wrong sample") {
  GateBench bench("rate=1/20 seek-gaps=true");
  Upstream upstream(bench, Upstream::Lands::Late);
  CHECK(upstream.run() == GST_FLOW_ERROR);
  CHECK(upstream.seeks() == 3);
}

TEST_CASE("a source that stops at a seek is an error") {
  GateBench bench("rate=1/20 seek-gaps=true");
  Upstream upstream(bench, Upstream::Lands::Dead);
  CHECK(bench.push_many(0, 2500) == GST_FLOW_FLUSHING);
  const auto message =
      adopt(gst_bus_timed_pop_filtered(bench.bus(), 10 * GST_SECOND, GST_MESSAGE_ERROR));
  CHECK(message);
}

TEST_CASE("another one's EOS ends the stream, also between two places of the source") {
  GateBench bench("rate=1/20 seek-gaps=true");
  Upstream upstream(bench, Upstream::Lands::Right);
  REQUIRE(bench.push_many(0, 2500) == GST_FLOW_FLUSHING);
  upstream.wait_for_seek();
  CHECK(bench.end());
  CHECK(bench.has_ended());
  CHECK(bench.passed() == Numbers{0, 1});
  CHECK(bench.push(7, 20 * GST_SECOND) == GST_FLOW_EOS);
}

TEST_CASE("another one's seek takes the place of the gate's") {
  GateBench bench("rate=1/20 seek-gaps=true");
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

TEST_CASE("seek-gaps counts from the start on, also after a flush") {
  GateBench bench("rate=1/20");
  Upstream upstream(bench, Upstream::Lands::Right);
  g_object_set(bench.element(), "seek-gaps", TRUE, nullptr);
  bench.flush();
  bench.segment(0);
  REQUIRE(upstream.run() == GST_FLOW_EOS);
  CHECK(upstream.seeks() == 0);
}
