// SPDX-License-Identifier: LGPL-2.1-or-later
// intervalsampler through GstHarness: events, flushes, segments and seeks.
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/sampler_bench.h"

using namespace anim::glue;
using namespace anim::test;

TEST_CASE("events wait behind the held frame and its repeats") {
  SamplerBench b("interval=50000000");
  b.push_many(1);
  b.caps(kOtherCaps10);
  b.send(gst_event_new_tag(gst_tag_list_new(GST_TAG_TITLE, "t", nullptr)));
  b.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("here")));
  CHECK(contains(b.output_caps(), "width=(int)4"));
  CHECK_FALSE(b.pull_event(GST_EVENT_TAG));
  b.push(100 * kMs, 100 * kMs);
  CHECK(b.pull_frames() == std::vector<int>{0, 0});
  CHECK(contains(b.output_caps(), "width=(int)8"));
  CHECK(b.pull_event(GST_EVENT_TAG));
  CHECK(b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM));
}

TEST_CASE("an event before EOS comes after the last frame and before EOS") {
  SamplerBench b("interval=100000000");
  b.push_many(1);
  b.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("here")));
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0});
  CHECK(b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM));
  CHECK(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("events keep their order also where downstream takes no frame for a while") {
  SamplerBench b("interval=100000000");
  b.push_many(1);
  b.caps(kOtherCaps10);
  const auto src = adopt(gst_pad_get_peer(b.harness()->sinkpad));
  gst_pad_unlink(src.get(), b.harness()->sinkpad);
  CHECK(b.push(100 * kMs, 100 * kMs) == GST_FLOW_NOT_LINKED);
  b.caps(kCaps10);
  REQUIRE(gst_pad_link(src.get(), b.harness()->sinkpad) == GST_PAD_LINK_OK);
  SUBCASE("with the next frame") {
    CHECK(b.push(200 * kMs, 100 * kMs) == GST_FLOW_OK);
    b.end();
    CHECK(b.pull_frames() == std::vector<int>{2});
  }
  SUBCASE("with the end") {
    b.end();
  }
  CHECK(contains(b.output_caps(), "width=(int)4"));
}

TEST_CASE("out-of-band events do not wait") {
  SamplerBench b("interval=100000000");
  b.push_many(1);
  b.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_OOB, gst_structure_new_empty("now")));
  CHECK(b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM_OOB));
}

TEST_CASE("a flush drops the held frame and keeps waiting caps and tags") {
  SamplerBench b("interval=100000000");
  b.push_many(2);
  CHECK(b.pull_frames() == std::vector<int>{0});
  b.caps(kOtherCaps10);
  b.flush();
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  b.push(0, 100 * kMs);
  b.push(100 * kMs, 100 * kMs);
  CHECK(b.pull() == std::vector<SampleOut>{{2, 0, 100, 0}});
  CHECK(contains(b.output_caps(), "width=(int)8"));
}

TEST_CASE("after a seek into the middle zero is the seek's position") {
  SamplerBench b("interval=100000000 frame-rate=1/1");
  b.push_many(2);
  CHECK(b.pull().size() == 1);
  b.flush();
  b.segment(5000 * kMs, GST_CLOCK_TIME_NONE, 0);
  b.push(4950 * kMs, 100 * kMs);
  b.push(5050 * kMs, 100 * kMs);
  b.push(5150 * kMs, 100 * kMs);
  b.push(5250 * kMs, 100 * kMs);
  CHECK(b.pull() ==
        std::vector<SampleOut>{{2, 0, 1000, 0}, {3, 1000, 1000, 1}, {4, 2000, 1000, 2}});
  const GstSegment* out = nullptr;
  (void)b.pull_event(GST_EVENT_FLUSH_STOP);
  const auto event = b.pull_event(GST_EVENT_SEGMENT);
  REQUIRE(event);
  gst_event_parse_segment(event.get(), &out);
  CHECK(out->start == 0);
  CHECK(out->time == 50 * GST_SECOND);
  gint64 position = 0;
  CHECK(gst_element_query_position(b.element(), GST_FORMAT_TIME, &position));
  CHECK(position == static_cast<gint64>(52 * GST_SECOND));
}

TEST_CASE("after a seek to the start zero is the first frame again") {
  SamplerBench b("interval=100000000");
  b.flush();
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  b.push(767 * kMs, 100 * kMs);
  b.push(867 * kMs, 100 * kMs);
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0, 1});
}

TEST_CASE("a segment's stop counts only after a seek") {
  for (const bool after_seek : {false, true}) {
    CAPTURE(after_seek);
    SamplerBench b("interval=100000000");
    if (after_seek) b.flush();
    b.segment(0, 250 * kMs, 0);
    b.push(0, 100 * kMs);
    b.push(100 * kMs, 900 * kMs);
    b.end();
    CHECK(b.pull_frames().size() == (after_seek ? 3 : 10));
  }
}

TEST_CASE("segments that follow each other continue in running time") {
  SamplerBench b("interval=100000000");
  b.segment(1000 * kMs, GST_CLOCK_TIME_NONE, 0);
  b.push_many(3, 1000 * kMs);
  b.segment(5000 * kMs, GST_CLOCK_TIME_NONE, 300 * kMs);
  b.push_many(3, 5000 * kMs);
  b.end();
  CHECK(b.pull_frames() == counting(0, 6));
  CHECK(b.pull_event(GST_EVENT_SEGMENT));
  CHECK_FALSE(b.pull_event(GST_EVENT_SEGMENT));
}

TEST_CASE("a segment that is done lets its last frame go") {
  SamplerBench b("interval=100000000 frame-rate=20/1");
  b.push_many(3);
  b.send(gst_event_new_segment_done(GST_FORMAT_TIME, 300 * kMs));
  CHECK(b.pull_frames() == counting(0, 3));
  CHECK(b.pull_event(GST_EVENT_SEGMENT_DONE));
  b.segment(0, GST_CLOCK_TIME_NONE, 300 * kMs);
  b.push_many(3);
  b.end();
  CHECK(b.pull_frames() == counting(3, 6));
}

TEST_CASE("a stream after EOS begins anew") {
  SamplerBench b("interval=100000000 max-frames=1");
  CHECK(b.push(0) == GST_FLOW_OK);
  CHECK(b.push(100 * kMs) == GST_FLOW_EOS);
  b.end();
  b.send(gst_event_new_stream_start("second"));
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  CHECK(b.push(0) == GST_FLOW_OK);
  CHECK(b.push(100 * kMs) == GST_FLOW_EOS);
  CHECK(b.pull_frames() == std::vector<int>{0, 2});
}

TEST_CASE("a stream after EOS has its zero at its first frame, wherever a seek led before") {
  SamplerBench b("interval=100000000");
  gst_harness_push_upstream_event(
      b.harness(), gst_event_new_seek(1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                      5 * GST_SECOND, GST_SEEK_TYPE_SET, 6 * GST_SECOND));
  b.flush();
  b.segment(5000 * kMs, 6000 * kMs);
  b.push_many(1, 5000 * kMs);
  b.end();
  CHECK(b.pull_frames() == std::vector{0});
  b.send(gst_event_new_stream_start("another one"));
  b.segment(3000 * kMs, 3650 * kMs);  // where the file ends, says its demuxer
  b.push_many(2, 3500 * kMs);
  b.end();
  CHECK(b.pull() == std::vector<SampleOut>{{1, 0, 100, 0}, {2, 100, 100, 1}});
}

TEST_CASE("a stream that goes on after the last sample begins nothing anew") {
  SamplerBench b("interval=100000000 max-frames=2 eos-upstream=false");
  b.push_many(4);
  b.send(gst_event_new_stream_start("the next one of a concat"));
  b.segment(0, GST_CLOCK_TIME_NONE, 400 * kMs);
  b.push_many(4);
  b.end();
  CHECK(b.pull_frames() == std::vector{0, 1});
}

TEST_CASE("seeks downstream are translated to the source's time") {
  SamplerBench b("interval=1000000000 frame-rate=10/1");
  b.push_many(2, 700 * kMs);
  CHECK(gst_harness_push_upstream_event(
      b.harness(), gst_event_new_seek(1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                      2 * GST_SECOND, GST_SEEK_TYPE_SET, 3 * GST_SECOND)));
  const auto event = b.pull_upstream_event(GST_EVENT_SEEK);
  REQUIRE(event);
  gint64 start = 0;
  gint64 stop = 0;
  gst_event_parse_seek(event.get(), nullptr, nullptr, nullptr, nullptr, &start, nullptr, &stop);
  CHECK(start == static_cast<gint64>(20 * GST_SECOND + 700 * kMs));
  CHECK(stop == static_cast<gint64>(30 * GST_SECOND + 700 * kMs));
}

TEST_CASE("a seek beyond all times stays one") {
  SamplerBench b("interval=1000000000 frame-rate=10/1");
  b.push_many(2, 700 * kMs);
  CHECK(gst_harness_push_upstream_event(
      b.harness(), gst_event_new_seek(1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                      G_MAXINT64, GST_SEEK_TYPE_NONE, -1)));
  const auto event = b.pull_upstream_event(GST_EVENT_SEEK);
  REQUIRE(event);
  gint64 start = 0;
  gst_event_parse_seek(event.get(), nullptr, nullptr, nullptr, nullptr, &start, nullptr, nullptr);
  CHECK(start == G_MAXINT64);
}

TEST_CASE("a seek without a stop makes the segment's stop no wish") {
  SamplerBench b("interval=100000000");
  gst_harness_push_upstream_event(
      b.harness(), gst_event_new_seek(1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                      0, GST_SEEK_TYPE_NONE, -1));
  b.flush();
  b.segment(0, 150 * kMs, 0);
  b.push(0, 100 * kMs);
  b.push(100 * kMs, 400 * kMs);
  b.end();
  CHECK(b.pull_frames().size() == 5);
}

TEST_CASE("playing backwards is refused") {
  SamplerBench b("interval=100000000");
  GstEvent* seek = gst_event_new_seek(-1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                      0, GST_SEEK_TYPE_SET, static_cast<gint64>(GST_SECOND));
  CHECK_FALSE(gst_harness_push_upstream_event(b.harness(), seek));
  CHECK_FALSE(b.pull_upstream_event(GST_EVENT_SEEK));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.stop = GST_SECOND;
  b.send(gst_event_new_segment(&segment));
  CHECK(b.pull_message(GST_MESSAGE_ERROR));
  CHECK(b.push(0) == GST_FLOW_ERROR);
}

TEST_CASE("a gap or a still picture is the frame before it, longer") {
  SamplerBench b("interval=100000000");
  b.push(0, 100 * kMs);
  b.send(gst_event_new_gap(100 * kMs, 300 * kMs));
  b.send(gst_video_event_new_still_frame(TRUE));
  b.send(gst_video_event_new_still_frame(FALSE));
  b.push(400 * kMs, 100 * kMs);
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0, 0, 0, 0, 1});
  while (auto event = adopt(gst_harness_try_pull_event(b.harness()))) {
    CHECK(GST_EVENT_TYPE(event.get()) != GST_EVENT_GAP);
    CHECK(GST_EVENT_TYPE(event.get()) != GST_EVENT_CUSTOM_DOWNSTREAM);
  }
}

TEST_CASE("a gap of missing frames at the end shows the frame before it, another gap does not") {
  for (const bool are_missing : {true, false}) {
    CAPTURE(are_missing);
    SamplerBench b("interval=100000000");
    b.segment(1000 * kMs, GST_CLOCK_TIME_NONE);
    b.push(1000 * kMs, 100 * kMs);
    GstEvent* gap = gst_event_new_gap(1100 * kMs, 250 * kMs);
    if (are_missing) gst_event_set_gap_flags(gap, GST_GAP_FLAG_MISSING_DATA);
    b.send(gap);
    b.end();
    CHECK(b.pull_frames().size() == (are_missing ? 4 : 1));
  }
}

TEST_CASE("QoS stays here when the times are new and passes otherwise") {
  for (const bool retime : {true, false}) {
    CAPTURE(retime);
    SamplerBench b(retime ? "interval=100000000" : "interval=100000000 retime=false");
    gst_harness_push_upstream_event(b.harness(),
                                    gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 0.5, 0, 0));
    CHECK(static_cast<bool>(b.pull_upstream_event(GST_EVENT_QOS)) == !retime);
  }
}

TEST_CASE("an empty stream ends") {
  SamplerBench b("interval=100000000");
  b.end();
  CHECK(b.pull().empty());
  CHECK(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("downstream's refusal reaches upstream") {
  SamplerBench b("interval=100000000");
  b.push_many(1);
  gst_pad_set_active(b.harness()->sinkpad, FALSE);
  CHECK(b.push(100 * kMs) == GST_FLOW_FLUSHING);
}
