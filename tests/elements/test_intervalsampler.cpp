// SPDX-License-Identifier: LGPL-2.1-or-later
// intervalsampler through GstHarness: no files, frames of a few bytes.
#include <numeric>
#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/element.h"
#include "gst/glue/handle.h"

namespace {

using namespace anim::glue;

constexpr GstClockTime kMs = GST_MSECOND;
constexpr const char* kCaps10 = "video/x-raw,format=GRAY8,width=4,height=2,framerate=10/1";
constexpr const char* kToyCaps10 = "video/x-toy,width=4,height=2,framerate=10/1";

// A decoder to whom each unit is a frame.
struct ToyDecoder {
  GstVideoDecoder parent;
};
struct ToyDecoderClass {
  GstVideoDecoderClass parent;
};
G_DEFINE_TYPE(ToyDecoder, toy_decoder, GST_TYPE_VIDEO_DECODER)

gboolean toy_set_format(GstVideoDecoder* self, GstVideoCodecState* input) {
  gst_video_codec_state_unref(
      gst_video_decoder_set_output_state(self, GST_VIDEO_FORMAT_GRAY8, 4, 2, input));
  return TRUE;
}

GstFlowReturn toy_handle_frame(GstVideoDecoder* self, GstVideoCodecFrame* frame) {
  frame->output_buffer = gst_buffer_ref(frame->input_buffer);
  return gst_video_decoder_finish_frame(self, frame);
}

void toy_decoder_class_init(ToyDecoderClass* klass) {
  GstElementClass* element = GST_ELEMENT_CLASS(klass);
  add_pad_template(element, "sink", GST_PAD_SINK, gst_caps_from_string("video/x-toy"));
  add_pad_template(element, "src", GST_PAD_SRC, gst_caps_from_string("video/x-raw"));
  gst_element_class_set_static_metadata(element, "Toy", "Decoder/Video", "For tests", "Nobody");
  GST_VIDEO_DECODER_CLASS(klass)->set_format = toy_set_format;
  GST_VIDEO_DECODER_CLASS(klass)->handle_frame = toy_handle_frame;
}

void toy_decoder_init(ToyDecoder* /*self*/) {}

struct Out {
  int frame;  ///< the first byte of the picture
  guint64 pts_ms;
  guint64 duration_ms;
  guint64 offset;
  bool operator==(const Out&) const = default;
};

/// A sampler in a harness, with the messages that it posts.
class Bench {
 public:
  explicit Bench(const char* settings, const char* caps = kCaps10)
      : Bench(gst_parse_launch((std::string("intervalsampler ") + settings).c_str(), nullptr),
              caps) {}
  /// The sampler is named s and stands behind a toydecoder somewhere in `line`.
  static Bench behind_decoder(const std::string& line, const char* caps = kToyCaps10) {
    gst_element_register(nullptr, "toydecoder", GST_RANK_NONE, toy_decoder_get_type());
    return Bench(gst_parse_bin_from_description(line.c_str(), TRUE, nullptr), caps);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() {
    gst_element_set_bus(element(), nullptr);
    gst_harness_teardown(harness_);
    gst_object_unref(bus_);
  }

  [[nodiscard]] GstHarness* harness() const { return harness_; }
  [[nodiscard]] GstElement* element() const { return harness_->element; }
  [[nodiscard]] GstBus* bus() const { return bus_; }

  [[nodiscard]] static GstBuffer* frame(int number, GstClockTime pts, GstClockTime duration) {
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, 8, nullptr);
    gst_buffer_memset(buffer, 0, static_cast<guint8>(number), 8);
    GST_BUFFER_PTS(buffer) = pts;
    GST_BUFFER_DURATION(buffer) = duration;
    return buffer;
  }

  GstFlowReturn push(GstClockTime pts, GstClockTime duration = GST_CLOCK_TIME_NONE) {
    return gst_harness_push(harness_, frame(pushed_++, pts, duration));
  }
  /// `count` frames 100 ms apart.
  void push_many(int count, GstClockTime from = 0) {
    for (int i = 0; i < count; ++i) REQUIRE(push(from + i * 100 * kMs, 100 * kMs) == GST_FLOW_OK);
  }
  bool send(GstEvent* event) { return gst_harness_push_event(harness_, event) != FALSE; }
  bool end() { return send(gst_event_new_eos()); }
  void segment(GstClockTime start, GstClockTime stop, GstClockTime base) {
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    segment.start = segment.time = segment.position = start;
    segment.stop = stop;
    segment.base = base;
    send(gst_event_new_segment(&segment));
  }
  void flush() {
    send(gst_event_new_flush_start());
    send(gst_event_new_flush_stop(TRUE));
  }

  [[nodiscard]] Owned<GstBuffer> pull_buffer() const {
    return adopt(gst_harness_try_pull(harness_));
  }
  [[nodiscard]] std::vector<Out> pull() const {
    std::vector<Out> all;
    while (auto buffer = pull_buffer()) all.push_back(describe(buffer.get()));
    return all;
  }
  [[nodiscard]] std::vector<int> pull_frames() const {
    std::vector<int> frames;
    for (const Out& out : pull()) frames.push_back(out.frame);
    return frames;
  }
  [[nodiscard]] static Out describe(GstBuffer* buffer) {
    guint8 number = 0;
    gst_buffer_extract(buffer, 0, &number, 1);
    const auto ms = [](guint64 time) { return time == GST_CLOCK_TIME_NONE ? time : time / kMs; };
    return {number, ms(GST_BUFFER_PTS(buffer)), ms(GST_BUFFER_DURATION(buffer)),
            GST_BUFFER_OFFSET(buffer)};
  }

  /// The next event downstream of this type; earlier ones are thrown away.
  [[nodiscard]] Owned<GstEvent> pull_event(GstEventType type) const {
    while (auto event = adopt(gst_harness_try_pull_event(harness_))) {
      if (GST_EVENT_TYPE(event.get()) == type) return event;
    }
    return nullptr;
  }
  [[nodiscard]] Owned<GstEvent> pull_upstream_event(GstEventType type) const {
    while (auto event = adopt(gst_harness_try_pull_upstream_event(harness_))) {
      if (GST_EVENT_TYPE(event.get()) == type) return event;
    }
    return nullptr;
  }
  [[nodiscard]] Owned<GstMessage> pull_message(GstMessageType type) const {
    return adopt(gst_bus_pop_filtered(bus_, type));
  }
  [[nodiscard]] guint64 stat(const char* name) const {
    GstStructure* stats = nullptr;
    guint64 value = 0;
    if (GST_IS_BIN(element())) {
      gst_child_proxy_get(GST_CHILD_PROXY(element()), "s::stats", &stats, nullptr);
    } else {
      g_object_get(element(), "stats", &stats, nullptr);
    }
    CHECK(gst_structure_get_uint64(stats, name, &value));
    gst_structure_free(stats);
    return value;
  }
  [[nodiscard]] std::string output_caps() const {
    const auto caps = adopt(gst_pad_get_current_caps(harness_->sinkpad));
    if (!caps) return {};
    const auto text = adopt(gst_caps_to_string(caps.get()));
    return text.get();
  }

 private:
  Bench(GstElement* floating, const char* caps) {
    const auto parsed = adopt(GST_ELEMENT(gst_object_ref_sink(floating)));
    harness_ = gst_harness_new_with_element(parsed.get(), "sink", "src");
    bus_ = gst_bus_new();
    gst_element_set_bus(element(), bus_);
    if (caps != nullptr) gst_harness_set_src_caps_str(harness_, caps);
  }

  GstHarness* harness_;
  GstBus* bus_ = nullptr;
  int pushed_ = 0;
};

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

std::vector<int> counting(int from, int until) {
  std::vector<int> numbers(until - from);
  std::iota(numbers.begin(), numbers.end(), from);
  return numbers;
}

}  // namespace

TEST_CASE("samples are the frames on screen and leave at the frame rate") {
  Bench b("interval=250000000 frame-rate=10/1");
  b.push_many(10);
  b.end();
  CHECK(b.pull() ==
        std::vector<Out>{{0, 0, 100, 0}, {2, 100, 100, 1}, {5, 200, 100, 2}, {7, 300, 100, 3}});
  CHECK(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("without a frame rate samples leave one per interval") {
  Bench b("interval=250000000");
  b.push_many(6);
  b.end();
  CHECK(b.pull() == std::vector<Out>{{0, 0, 250, 0}, {2, 250, 250, 1}, {5, 500, 250, 2}});
}

TEST_CASE("every frame keeps the source's timing, with exact durations") {
  Bench b("interval=0");
  b.push(700 * kMs, 33 * kMs);
  b.push(710 * kMs, 33 * kMs);
  b.push(900 * kMs, 33 * kMs);
  b.end();
  CHECK(b.pull() == std::vector<Out>{{0, 0, 10, 0}, {1, 10, 190, 1}, {2, 200, 33, 2}});
}

TEST_CASE("one frame is held back") {
  Bench b("interval=100000000");
  b.push(0, 100 * kMs);
  CHECK(b.pull().empty());
  b.push(100 * kMs, 100 * kMs);
  CHECK(b.pull_frames() == std::vector<int>{0});
}

TEST_CASE("a rate wins over an interval") {
  Bench b("interval=1000000000 rate=5/1");
  b.push_many(5);
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0, 2, 4});
}

TEST_CASE("start-time and stop-time bound the samples") {
  Bench b("interval=100000000 start-time=250000000 stop-time=550000000");
  GstFlowReturn flow = GST_FLOW_OK;
  for (int i = 0; i < 10 && flow == GST_FLOW_OK; ++i) flow = b.push(i * 100 * kMs, 100 * kMs);
  CHECK(flow == GST_FLOW_EOS);
  CHECK(b.pull_frames() == std::vector<int>{2, 3, 4});
  CHECK(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("max-frames ends the stream on both sides") {
  Bench b("interval=100000000 max-frames=2");
  CHECK(b.push(0) == GST_FLOW_OK);
  CHECK(b.push(100 * kMs) == GST_FLOW_OK);
  CHECK(b.push(200 * kMs) == GST_FLOW_EOS);
  CHECK(b.push(300 * kMs) == GST_FLOW_EOS);
  CHECK(b.pull_frames() == std::vector<int>{0, 1});
  CHECK(b.pull_event(GST_EVENT_EOS));
  b.end();
  CHECK_FALSE(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("behind a tee a full sampler goes on accepting") {
  Bench b("interval=100000000 max-frames=2 eos-upstream=false");
  b.push_many(10);
  CHECK(b.pull_frames() == std::vector<int>{0, 1});
  CHECK(b.pull_event(GST_EVENT_EOS));
  CHECK(b.stat("frames-in") == 10);
  CHECK(b.stat("dropped") == 8);
}

TEST_CASE("a tee's other branch gets every frame") {
  const auto pipeline = adopt(gst_parse_launch(
      "videotestsrc num-buffers=50 ! video/x-raw,framerate=25/1,width=16,height=16 ! tee name=t "
      "t. ! queue ! intervalsampler max-frames=3 eos-upstream=false ! fakesink name=a "
      "t. ! queue ! intervalsampler name=all eos-upstream=false ! fakesink name=b",
      nullptr));
  REQUIRE(pipeline);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  const auto message = adopt(
      gst_bus_timed_pop_filtered(bus.get(), 10 * GST_SECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  REQUIRE(message);
  CHECK(GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS);
  const auto all = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "all"));
  GstStructure* stats = nullptr;
  g_object_get(all.get(), "stats", &stats, nullptr);
  guint64 out = 0;
  CHECK(gst_structure_get_uint64(stats, "frames-out", &out));
  CHECK(out == 50);
  gst_structure_free(stats);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

TEST_CASE("repeats share the picture's memory and nothing is copied") {
  Bench b("interval=50000000");
  GstBuffer* first = Bench::frame(7, 0, 100 * kMs);
  GstMemory* memory = gst_buffer_peek_memory(first, 0);
  gst_harness_push(b.harness(), first);
  b.push(100 * kMs, 100 * kMs);
  const auto one = b.pull_buffer();
  const auto two = b.pull_buffer();
  REQUIRE(two);
  CHECK(gst_buffer_peek_memory(one.get(), 0) == memory);
  CHECK(gst_buffer_peek_memory(two.get(), 0) == memory);
  CHECK(b.stat("duplicated") == 1);
}

TEST_CASE("stats count frames") {
  Bench b("interval=250000000");
  b.push_many(10);
  b.end();
  CHECK(b.stat("frames-in") == 10);
  CHECK(b.stat("frames-out") == 4);
  CHECK(b.stat("dropped") == 6);
  CHECK(b.stat("duplicated") == 0);
}

TEST_CASE("retime=false keeps timestamps and leaves out repeats") {
  Bench b("interval=50000000 retime=false");
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  b.push(500 * kMs, 100 * kMs);
  b.push(600 * kMs, 100 * kMs);
  b.push(610 * kMs, 100 * kMs);
  b.push(700 * kMs, 100 * kMs);
  b.end();
  CHECK(b.pull() ==
        std::vector<Out>{{0, 500, 100, 0}, {1, 600, 100, 2}, {2, 610, 100, 3}, {3, 700, 100, 4}});
  CHECK(contains(b.output_caps(), "framerate=(fraction)0/1"));
}

TEST_CASE("the output's framerate is that of the samples") {
  struct Row {
    const char* settings;
    const char* expected;
    bool keeps_max;
  };
  const char* caps =
      "video/x-raw,format=GRAY8,width=4,height=2,framerate=30/1,max-framerate=60/1,"
      "colorimetry=bt601";
  for (const Row& row : std::vector<Row>{
           {"interval=0", "framerate=(fraction)30/1", true},
           {"interval=0 frame-rate=12/1", "framerate=(fraction)12/1", false},
           {"interval=3300000000", "framerate=(fraction)10/33", false},
           {"rate=30000/1001", "framerate=(fraction)30000/1001", false},
           {"rate=2/1 frame-rate=10/1", "framerate=(fraction)10/1", false},
           {"interval=1 frame-rate=2147483647/1", "framerate=(fraction)2147483647/1", false},
           {"interval=0 retime=false", "framerate=(fraction)30/1", true},
           {"interval=100 retime=false", "framerate=(fraction)0/1", false},
       }) {
    CAPTURE(row.settings);
    const Bench b(row.settings, caps);
    CHECK(contains(b.output_caps(), row.expected));
    CHECK(contains(b.output_caps(), "max-framerate") == row.keeps_max);
    CHECK(contains(b.output_caps(), "colorimetry=(string)bt601"));
  }
}

TEST_CASE("what downstream takes decides what upstream may send, but not its rate") {
  Bench b("interval=1000000000 frame-rate=5/1", nullptr);
  gst_harness_set_sink_caps_str(
      b.harness(), "video/x-raw,format=RGB,framerate=5/1;video/x-raw,format=BGR,framerate=9/1");
  const auto caps = adopt(gst_pad_peer_query_caps(b.harness()->srcpad, nullptr));
  const auto text = adopt(gst_caps_to_string(caps.get()));
  CHECK(contains(text.get(), "RGB"));
  CHECK_FALSE(contains(text.get(), "BGR"));
  CHECK_FALSE(contains(text.get(), "framerate"));
}

TEST_CASE("any memory feature passes") {
  Bench b("interval=100000000", "video/x-raw(memory:Any),format=GRAY8,width=4,height=2");
  b.push_many(2);
  CHECK(b.pull_frames() == std::vector<int>{0});
  CHECK(contains(b.output_caps(), "memory:Any"));
}

TEST_CASE("events wait behind the held frame and its repeats") {
  Bench b("interval=50000000");
  b.push_many(1);
  gst_harness_set_src_caps_str(b.harness(),
                               "video/x-raw,format=GRAY8,width=8,height=1,framerate=10/1");
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
  Bench b("interval=100000000");
  b.push_many(1);
  b.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("here")));
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0});
  CHECK(b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM));
  CHECK(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("out-of-band events do not wait") {
  Bench b("interval=100000000");
  b.push_many(1);
  b.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_OOB, gst_structure_new_empty("now")));
  CHECK(b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM_OOB));
}

TEST_CASE("a flush drops the held frame and keeps waiting caps and tags") {
  Bench b("interval=100000000");
  b.push_many(2);
  CHECK(b.pull_frames() == std::vector<int>{0});
  gst_harness_set_src_caps_str(b.harness(),
                               "video/x-raw,format=GRAY8,width=8,height=1,framerate=10/1");
  b.flush();
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  b.push(0, 100 * kMs);
  b.push(100 * kMs, 100 * kMs);
  CHECK(b.pull() == std::vector<Out>{{2, 0, 100, 0}});
  CHECK(contains(b.output_caps(), "width=(int)8"));
}

TEST_CASE("after a seek into the middle zero is the seek's position") {
  Bench b("interval=100000000 frame-rate=1/1");
  b.push_many(2);
  CHECK(b.pull().size() == 1);
  b.flush();
  b.segment(5000 * kMs, GST_CLOCK_TIME_NONE, 0);
  b.push(4950 * kMs, 100 * kMs);
  b.push(5050 * kMs, 100 * kMs);
  b.push(5150 * kMs, 100 * kMs);
  b.push(5250 * kMs, 100 * kMs);
  CHECK(b.pull() == std::vector<Out>{{2, 0, 1000, 0}, {3, 1000, 1000, 1}, {4, 2000, 1000, 2}});
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
  Bench b("interval=100000000");
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
    Bench b("interval=100000000");
    if (after_seek) b.flush();
    b.segment(0, 250 * kMs, 0);
    b.push(0, 100 * kMs);
    b.push(100 * kMs, 900 * kMs);
    b.end();
    CHECK(b.pull_frames().size() == (after_seek ? 3 : 10));
  }
}

TEST_CASE("segments that follow each other continue in running time") {
  Bench b("interval=100000000");
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
  Bench b("interval=100000000 frame-rate=20/1");
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
  Bench b("interval=100000000 max-frames=1");
  CHECK(b.push(0) == GST_FLOW_OK);
  CHECK(b.push(100 * kMs) == GST_FLOW_EOS);
  b.end();
  b.send(gst_event_new_stream_start("second"));
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  CHECK(b.push(0) == GST_FLOW_OK);
  CHECK(b.push(100 * kMs) == GST_FLOW_EOS);
  CHECK(b.pull_frames() == std::vector<int>{0, 2});
}

TEST_CASE("a stream that goes on after the last sample begins nothing anew") {
  Bench b("interval=100000000 max-frames=2 eos-upstream=false");
  b.push_many(4);
  b.send(gst_event_new_stream_start("the next one of a concat"));
  b.segment(0, GST_CLOCK_TIME_NONE, 400 * kMs);
  b.push_many(4);
  b.end();
  CHECK(b.pull_frames() == std::vector{0, 1});
}

TEST_CASE("seeks downstream are translated to the source's time") {
  Bench b("interval=1000000000 frame-rate=10/1");
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

TEST_CASE("a seek without a stop makes the segment's stop no wish") {
  Bench b("interval=100000000");
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
  Bench b("interval=100000000");
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

TEST_CASE("missing timestamps follow the frame rate, silently") {
  Bench b("interval=100000000");
  for (int i = 0; i < 5; ++i) b.push(i == 0 ? 0 : GST_CLOCK_TIME_NONE);
  b.end();
  CHECK(b.pull_frames() == counting(0, 5));
  CHECK_FALSE(b.pull_message(GST_MESSAGE_WARNING));
}

TEST_CASE("neither timestamps nor a rate are 25 frames a second, with one warning") {
  Bench b("interval=100000000", "video/x-raw,format=GRAY8,width=4,height=2");
  for (int i = 0; i < 10; ++i) b.push(GST_CLOCK_TIME_NONE);
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0, 2, 5, 7});
  CHECK(b.pull_message(GST_MESSAGE_WARNING));
  CHECK_FALSE(b.pull_message(GST_MESSAGE_WARNING));
}

TEST_CASE("frames that go back in time are dropped") {
  Bench b("interval=100000000");
  b.push(0);
  b.push(100 * kMs);
  b.push(50 * kMs);
  b.push(200 * kMs, 100 * kMs);
  b.end();
  CHECK(b.pull_frames() == std::vector<int>{0, 1, 3});
  CHECK(b.stat("dropped") == 1);
}

TEST_CASE("a gap or a still picture is the frame before it, longer") {
  Bench b("interval=100000000");
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

TEST_CASE("only the start and real breaks are discontinuities") {
  Bench b("interval=200000000");
  for (int i = 0; i < 8; ++i) {
    GstBuffer* buffer = Bench::frame(i, i * 100 * kMs, 100 * kMs);
    if (i == 0 || i == 3) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
    gst_harness_push(b.harness(), buffer);
  }
  b.end();
  std::vector<bool> flags;
  while (const auto buffer = b.pull_buffer()) flags.push_back(GST_BUFFER_IS_DISCONT(buffer.get()));
  CHECK(flags == std::vector<bool>{true, false, true, false});
}

TEST_CASE("QoS stays here when the times are new and passes otherwise") {
  for (const bool retime : {true, false}) {
    CAPTURE(retime);
    Bench b(retime ? "interval=100000000" : "interval=100000000 retime=false");
    gst_harness_push_upstream_event(b.harness(),
                                    gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 0.5, 0, 0));
    CHECK(static_cast<bool>(b.pull_upstream_event(GST_EVENT_QOS)) == !retime);
  }
}

TEST_CASE("a live stream's latency grows by the frame that is held") {
  Bench b("interval=100000000");
  gst_harness_set_live(b.harness(), TRUE);
  gst_harness_set_upstream_latency(b.harness(), 20 * kMs);
  CHECK(gst_harness_query_latency(b.harness()) == 120 * kMs);
}

TEST_CASE("an allocation asks for one buffer more, and for nothing while caps wait") {
  Bench b("interval=100000000");
  const auto offer = [](GstPad* /*pad*/, GstPadProbeInfo* info, gpointer /*data*/) {
    GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
    if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return GST_PAD_PROBE_OK;
    gst_query_add_allocation_pool(query, nullptr, 8, 2, 4);
    gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
    return GST_PAD_PROBE_HANDLED;
  };
  gst_pad_add_probe(b.harness()->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, offer, nullptr,
                    nullptr);
  const auto caps = adopt(gst_caps_from_string(kCaps10));
  const auto query = adopt(gst_query_new_allocation(caps.get(), TRUE));
  REQUIRE(gst_pad_peer_query(b.harness()->srcpad, query.get()));
  guint min = 0;
  guint max = 0;
  gst_query_parse_nth_allocation_pool(query.get(), 0, nullptr, nullptr, &min, &max);
  CHECK(min == 3);
  CHECK(max == 5);
  CHECK(gst_query_find_allocation_meta(query.get(), GST_VIDEO_META_API_TYPE, nullptr));
  b.push_many(1);
  gst_harness_set_src_caps_str(b.harness(),
                               "video/x-raw,format=GRAY8,width=8,height=1,framerate=10/1");
  const auto later = adopt(gst_query_new_allocation(caps.get(), TRUE));
  CHECK_FALSE(gst_pad_peer_query(b.harness()->srcpad, later.get()));
}

TEST_CASE("position and duration are the output's") {
  Bench b("interval=1000000000 frame-rate=10/1");
  b.push(0);
  b.push(GST_SECOND);
  b.push(2 * GST_SECOND);
  gint64 position = -1;
  CHECK(gst_element_query_position(b.element(), GST_FORMAT_TIME, &position));
  CHECK(position == static_cast<gint64>(100 * kMs));
  const auto pipeline = adopt(gst_parse_launch(
      "videotestsrc num-buffers=1 ! intervalsampler name=s interval=1000000000 ! fakesink",
      nullptr));
  gint64 duration = -1;
  const auto sampler = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  gst_element_get_state(pipeline.get(), nullptr, nullptr, GST_SECOND);
  // num-buffers makes videotestsrc know its duration: one frame, so one sample of a second.
  CHECK(gst_element_query_duration(sampler.get(), GST_FORMAT_TIME, &duration));
  CHECK(duration == static_cast<gint64>(GST_SECOND));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

namespace {

/// The times before which the decoder was told to skip, in ms.
std::vector<guint64> deadlines(const Bench& b) {
  std::vector<guint64> all;
  while (auto event = b.pull_upstream_event(GST_EVENT_QOS)) {
    GstQOSType type = GST_QOS_TYPE_OVERFLOW;
    gdouble proportion = 0;
    GstClockTimeDiff difference = -1;
    GstClockTime time = 0;
    gst_event_parse_qos(event.get(), &type, &proportion, &difference, &time);
    CHECK(type == GST_QOS_TYPE_UNDERFLOW);
    CHECK(proportion == 1.0);
    CHECK(difference == 0);
    all.push_back(time / kMs);
  }
  return all;
}

/// The text of the one warning there is; empty when there is none.
std::string only_warning(GstBus* bus) {
  const auto message = adopt(gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING));
  if (!message) return {};
  GError* error = nullptr;
  gst_message_parse_warning(message.get(), &error, nullptr);
  const auto owned = adopt(error);
  CHECK_FALSE(adopt(gst_bus_pop_filtered(bus, GST_MESSAGE_WARNING)));
  return owned->message;
}

constexpr const char* kSkipping = "intervalsampler name=s interval=10000000000 skip-decoding=true";

std::string skipping_behind(const std::string& before) {
  return before + " ! " + kSkipping;
}

}  // namespace

TEST_CASE("a decoder is told to skip to 17 frames before the next sample") {
  Bench b = Bench::behind_decoder(skipping_behind("toydecoder ! bin.( identity ) ! identity"));
  b.push_many(16);
  CHECK(deadlines(b).empty());
  b.push_many(105, 1600 * kMs);
  CHECK(deadlines(b) == std::vector<guint64>{8300, 18300});
  CHECK(b.stat("frames-in") == 17 + 19);
  CHECK(b.pull_frames() == std::vector<int>{0, 100});
  CHECK(only_warning(b.bus()).empty());
}

TEST_CASE("a decoder is told nothing when nothing is to be skipped") {
  for (const char* settings : {"interval=10000000000", "interval=0 skip-decoding=true",
                               "interval=1000000000 skip-decoding=true"}) {
    CAPTURE(settings);
    Bench b = Bench::behind_decoder(std::string("toydecoder ! intervalsampler name=s ") + settings);
    b.push_many(40);
    CHECK(deadlines(b).empty());
    CHECK(b.stat("frames-in") == 40);
    CHECK(only_warning(b.bus()).empty());
  }
}

TEST_CASE("after a flush the decoder is told anew") {
  Bench b = Bench::behind_decoder(skipping_behind("toydecoder"));
  b.push_many(20);
  CHECK(deadlines(b) == std::vector<guint64>{8300});
  b.flush();
  b.segment(0, GST_CLOCK_TIME_NONE, 0);
  b.push_many(16);
  CHECK(deadlines(b).empty());
  b.push_many(4, 1600 * kMs);
  CHECK(deadlines(b) == std::vector<guint64>{8300});
}

TEST_CASE("the margin counts frames at the segment's rate") {
  Bench b = Bench::behind_decoder(skipping_behind("toydecoder"));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.rate = 2;
  b.send(gst_event_new_segment(&segment));
  b.push_many(20);
  CHECK(deadlines(b) == std::vector<guint64>{9150});
}

TEST_CASE("where frames cannot be counted on, skipping is turned off with a warning") {
  struct Row {
    const char* caps;
    bool has_times;
    const char* warning;
  };
  for (const Row& row : {
           Row{"video/x-toy,framerate=0/1", true, "frame rate is variable or unknown"},
           Row{"video/x-toy", true, "frame rate is variable or unknown"},
           Row{"video/x-toy,framerate=30/1", true, "it is not constant"},
           Row{kToyCaps10, true, "it is not constant"},
           Row{kToyCaps10, false, "units without a timestamp"},
       }) {
    CAPTURE(row.warning);
    Bench b = Bench::behind_decoder(skipping_behind("toydecoder"), row.caps);
    for (guint64 i = 0; i < 10; ++i) {
      const bool is_timed = row.has_times || i == 0;
      CHECK(b.push(is_timed ? i * 100 * kMs : GST_CLOCK_TIME_NONE) == GST_FLOW_OK);
    }
    b.push_many(30, 1200 * kMs);  // one frame is missing
    CHECK(deadlines(b).empty());
    CHECK(b.stat("frames-in") == 40);
    CHECK(contains(only_warning(b.bus()), row.warning));
  }
}

TEST_CASE("an encoded stream that others get too is not skipped") {
  Bench b = Bench::behind_decoder(
      skipping_behind("tee name=t ! fakesink async=false t. ! identity ! toydecoder"));
  b.push_many(40);
  CHECK(deadlines(b).empty());
  CHECK(contains(only_warning(b.bus()), "t (tee) gives the encoded stream to others"));
}

TEST_CASE("what is not straight behind a decoder is named in one warning, and runs as ever") {
  struct Row {
    const char* before;
    const char* warning;
  };
  for (const Row& row : {
           Row{"identity", "src (videotestsrc) gives the frames and is no decoder"},
           Row{"tee name=t ! queue ! fakesink async=false t. ! queue", "t (tee) has several"},
           Row{"videorate name=r ! queue", "r (videorate) changes"},
           Row{"intervalsampler name=i", "i (intervalsampler) changes"},
       }) {
    CAPTURE(row.warning);
    const std::string line =
        "videotestsrc name=src num-buffers=40 ! video/x-raw,framerate=10/1 ! " +
        skipping_behind(row.before) + " ! fakesink";
    const auto pipeline = adopt(gst_parse_launch(line.c_str(), nullptr));
    const auto sampler = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
    const auto bus = adopt(gst_element_get_bus(pipeline.get()));
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const auto warned =
        adopt(gst_bus_timed_pop_filtered(bus.get(), 10 * GST_SECOND, GST_MESSAGE_WARNING));
    REQUIRE(warned);
    GError* error = nullptr;
    gst_message_parse_warning(warned.get(), &error, nullptr);
    CHECK(contains(adopt(error)->message, row.warning));
    const auto next = adopt(gst_bus_timed_pop_filtered(
        bus.get(), 10 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_WARNING)));
    REQUIRE(next);
    CHECK(GST_MESSAGE_TYPE(next.get()) == GST_MESSAGE_EOS);
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }
}

TEST_CASE("an empty stream ends") {
  Bench b("interval=100000000");
  b.end();
  CHECK(b.pull().empty());
  CHECK(b.pull_event(GST_EVENT_EOS));
}

TEST_CASE("downstream's refusal reaches upstream") {
  Bench b("interval=100000000");
  b.push_many(1);
  gst_pad_set_active(b.harness()->sinkpad, FALSE);
  CHECK(b.push(100 * kMs) == GST_FLOW_FLUSHING);
}

TEST_CASE("every property is set and read") {
  const auto element = adopt(gst_element_factory_make("intervalsampler", nullptr));
  REQUIRE(element);
  GObject* object = G_OBJECT(element.get());
  struct Row {
    const char* name;
    const char* text;
  };
  for (const Row& row : std::vector<Row>{
           {"interval", "9223372036854775807"},
           {"rate", "30000/1001"},
           {"frame-rate", "15/1"},
           {"max-frames", "18446744073709551615"},
           {"start-time", "5"},
           {"stop-time", "6"},
           {"eos-upstream", "false"},
           {"retime", "false"},
           {"skip-decoding", "true"},
       }) {
    CAPTURE(row.name);
    gst_util_set_object_arg(object, row.name, row.text);
    GValue value = G_VALUE_INIT;
    g_object_get_property(object, row.name, &value);
    const auto read = adopt(gst_value_serialize(&value));
    g_value_unset(&value);
    CHECK(g_ascii_strcasecmp(read.get(), row.text) == 0);
  }
}

TEST_CASE("it goes through all states, twice, and starts from nothing each time") {
  const auto pipeline = adopt(gst_parse_launch(
      "videotestsrc num-buffers=5 ! video/x-raw,framerate=10/1,width=16,height=16 ! "
      "intervalsampler name=s ! fakesink",
      nullptr));
  const auto sampler = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  for (int round = 0; round < 2; ++round) {
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const auto message = adopt(gst_bus_timed_pop_filtered(
        bus.get(), 10 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    REQUIRE(message);
    CHECK(GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS);
    GstStructure* stats = nullptr;
    guint64 out = 0;
    g_object_get(sampler.get(), "stats", &stats, nullptr);
    CHECK(gst_structure_get_uint64(stats, "frames-out", &out));
    CHECK(out == 5);
    gst_structure_free(stats);
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  }
}

namespace {

/// What a samplegate with mode=key says, as its page describes it.
GstEvent* key_event(GstStructure* structure) {
  return gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, structure);
}
GstEvent* key_at(GstClockTime time) {
  return key_event(
      gst_structure_new("anim-random-access", "timestamp", G_TYPE_UINT64, time, nullptr));
}

}  // namespace

TEST_CASE("mode=key takes the frames that were told, each until the next") {
  Bench b("mode=key interval=10000000");  // the interval does not count
  b.send(key_event(gst_structure_new_empty("anim-random-access")));
  for (int i = 0; i < 10; ++i) {
    if (i == 2 || i == 5) b.send(key_at(i * 100 * kMs));
    REQUIRE(b.push(i * 100 * kMs, 100 * kMs) == GST_FLOW_OK);
  }
  SUBCASE("the last one to the end of the frames") {
    b.end();
    CHECK(b.pull() == std::vector<Out>{{2, 0, 300, 0}, {5, 300, 500, 1}});
  }
  SUBCASE("the last one to the end that was told") {
    GstEvent* still = gst_video_event_new_still_frame(TRUE);
    gst_structure_set(gst_event_writable_structure(still), "anim-end-time", G_TYPE_INT64,
                      static_cast<gint64>(2000 * kMs), nullptr);
    b.send(still);
    b.end();
    CHECK(b.pull() == std::vector<Out>{{2, 0, 300, 0}, {5, 300, 1500, 1}});
  }
  CHECK(contains(b.output_caps(), "framerate=(fraction)0/1"));
  CHECK_FALSE(b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY));
}

TEST_CASE("mode=key with a frame rate, start-time, stop-time and max-frames") {
  struct Row {
    const char* settings;
    std::vector<Out> out;
  };
  const Row rows[] = {
      {"mode=key frame-rate=5/1",
       {{0, 0, 200, 0}, {3, 200, 200, 1}, {6, 400, 200, 2}, {9, 600, 200, 3}}},
      {"mode=key start-time=100000000 stop-time=800000000", {{3, 0, 300, 0}, {6, 300, 200, 1}}},
      {"mode=key max-frames=2", {{0, 0, 300, 0}, {3, 300, 300, 1}}},
      {"mode=key speed=3/1", {{0, 0, 100, 0}, {3, 100, 100, 1}, {6, 200, 100, 2}, {9, 300, 33, 3}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.settings);
    Bench b(row.settings);
    for (int i = 0; i < 10; ++i) {
      if (i % 3 == 0) b.send(key_at(i * 100 * kMs));
      if (b.push(i * 100 * kMs, 100 * kMs) != GST_FLOW_OK) break;
    }
    b.end();
    CHECK(b.pull() == row.out);
  }
}

TEST_CASE("a sampler before one with mode=key tells it of the frames at their new times") {
  Bench b("start-time=150000000 stop-time=850000000");
  b.segment(1000 * kMs, GST_CLOCK_TIME_NONE, 0);
  b.send(key_event(gst_structure_new_empty("anim-random-access")));
  for (int i = 0; i < 10; ++i) {
    if (i % 3 == 1) b.send(key_at((1000 + i * 100) * kMs));
    if (b.push((1000 + i * 100) * kMs, 100 * kMs) != GST_FLOW_OK) break;
  }
  // 1 began before the start and is no random access point of the part; 4 and 7 are.
  std::vector<guint64> told;
  while (const auto event = b.pull_event(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY)) {
    guint64 timestamp = GST_CLOCK_TIME_NONE;
    gst_structure_get_uint64(gst_event_get_structure(event.get()), "timestamp", &timestamp);
    told.push_back(timestamp);
  }
  CHECK(told == std::vector<guint64>{GST_CLOCK_TIME_NONE, 250 * kMs, 550 * kMs});
}

TEST_CASE("mode=key without anybody who tells of random access points is an error") {
  Bench b("mode=key");
  CHECK(b.push(0, 100 * kMs) == GST_FLOW_ERROR);
  const auto message = b.pull_message(GST_MESSAGE_ERROR);
  REQUIRE(message);
  GError* raw = nullptr;
  gst_message_parse_error(message.get(), &raw, nullptr);
  const auto error = adopt(raw);
  CHECK(contains(error->message, "nobody tells which pictures are random access points"));
}

TEST_CASE("speed counts with the source's timing, an interval and a frame rate") {
  struct Row {
    const char* settings;
    std::vector<Out> out;
  };
  const Row rows[] = {
      {"speed=2/1", {{0, 0, 50, 0}, {1, 50, 50, 1}, {2, 100, 50, 2}, {3, 150, 50, 3}}},
      {"speed=1/2 interval=200000000", {{0, 0, 400, 0}, {2, 400, 400, 1}}},
      {"speed=2/1 interval=200000000 frame-rate=5/1", {{0, 0, 100, 0}, {2, 100, 100, 1}}},
      {"speed=0/1 interval=200000000", {{0, 0, 200, 0}, {2, 200, 200, 1}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.settings);
    Bench b(row.settings);
    b.push_many(4);
    b.end();
    CHECK(b.pull() == row.out);
  }
}
