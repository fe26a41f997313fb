// SPDX-License-Identifier: LGPL-2.1-or-later
// samplegate through GstHarness, with mode=key: random access points alone, and what is told of
// them.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gst/check/gstharness.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/gate_bench.h"

namespace {

using namespace anim::glue;
using namespace anim::test;

/// Events of random access points in the order in which they come: -1 = that there will be some;
/// timestamps in ms; the end as its negative.
std::vector<gint64> told(const GateBench& bench) {
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
void push_groups(GateBench& bench, int groups, int joined = 0) {
  const H264Units units(64);
  for (int i = joined; i < groups * 10; ++i) {
    auto unit = i % 10 == 0 ? units.idr() : units.reference();
    if (bench.push(std::move(unit), static_cast<GstClockTime>(i) * kFrame) != GST_FLOW_OK) return;
  }
}

}  // namespace

TEST_CASE("mode=key lets random access points alone pass, and tells of them") {
  GateBench bench("mode=key", kH264);
  push_groups(bench, 4);
  bench.end();
  CHECK(bench.passed_times() ==
        std::vector<GstClockTime>{0, 10 * kFrame, 20 * kFrame, 30 * kFrame});
  CHECK(told(bench) == std::vector<gint64>{-1, 0, 400, 800, 1200, -1600});
}

TEST_CASE("mode=key in a part of the stream") {
  GateBench bench("mode=key start-time=100000000 max-frames=2", kH264);
  push_groups(bench, 8);
  // Zero, two samples, and what ends them.
  CHECK(bench.passed_times() ==
        std::vector<GstClockTime>{0, 10 * kFrame, 20 * kFrame, 30 * kFrame});
  CHECK(told(bench) == std::vector<gint64>{-1, 0, 400, 800, 1200, -1200});
}

TEST_CASE("mode=key beside an interval") {
  GateBench bench(
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
  GateBench bench("wanted=<(GstStructure)[sampler,mode=(string)keys]>", kH264);
  push_groups(bench, 2);
  bench.end();
  CHECK(bench.passed_times().size() == 20);
}

TEST_CASE("so does a mode without a value") {
  GateBench bench("", kH264);
  GValue wanted = G_VALUE_INIT;
  g_value_init(&wanted, GST_TYPE_ARRAY);
  GValue sampler = G_VALUE_INIT;
  g_value_init(&sampler, GST_TYPE_STRUCTURE);
  g_value_take_boxed(&sampler,
                     gst_structure_new("sampler", "mode", G_TYPE_STRING, nullptr, nullptr));
  gst_value_array_append_and_take_value(&wanted, &sampler);
  g_object_set_property(G_OBJECT(bench.element()), "wanted", &wanted);
  g_value_unset(&wanted);
  gst_element_set_state(bench.element(), GST_STATE_READY);
  gst_element_set_state(bench.element(), GST_STATE_PLAYING);
  bench.segment(0);
  push_groups(bench, 2);
  bench.end();
  CHECK(bench.passed_times().size() == 20);
}

TEST_CASE("mode=key never guesses") {
  struct Row {
    const char* caps;
    const char* type;
    bool has_times;
  };
  for (const Row& row :
       {Row{"video/x-theora", "(video/x-theora)", true}, Row{kH264, "(video/x-h264)", false}}) {
    CAPTURE(row.caps);
    GateBench bench("mode=key", row.caps);
    const H264Units units(64);
    CHECK(bench.push(units.idr(), row.has_times ? 0 : GST_CLOCK_TIME_NONE) == GST_FLOW_ERROR);
    CHECK(bench.error().find(row.type) != std::string::npos);
  }
}
