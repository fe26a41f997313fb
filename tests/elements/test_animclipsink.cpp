// SPDX-License-Identifier: LGPL-2.1-or-later
// animclipsink in a pipeline: numbered frames go in, the clips' frames are read by libwebp.
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/webp_reader.h"

namespace {

namespace fs = std::filesystem;
using namespace anim::glue;

// A frame's number in bits of 16x16 pixels, black or white: lossy coding keeps it.
constexpr int kBlock = 16;
constexpr int kBits = 8;
constexpr int kWidth = kBlock * kBits;
constexpr int kFrameMs = 40;

GstBuffer* numbered(int number) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, kWidth * kBlock * 3 / 2, nullptr);
  gst_buffer_memset(buffer, 0, 128, gst_buffer_get_size(buffer));
  for (int y = 0; y < kBlock; ++y) {
    for (int bit = 0; bit < kBits; ++bit) {
      const auto offset = static_cast<gsize>(y * kWidth + bit * kBlock);
      gst_buffer_memset(buffer, offset, (number >> bit & 1) != 0 ? 235 : 16, kBlock);
    }
  }
  return buffer;
}

int number_of(const webp_reader::Shown& shown) {
  int number = 0;
  for (int bit = 0; bit < kBits; ++bit) {
    const auto middle = static_cast<std::size_t>((kBlock / 2 * kWidth + bit * kBlock + 8) * 4);
    if (shown.rgba[middle] > 128) number |= 1 << bit;
  }
  return number;
}

using Numbers = std::vector<int>;

std::string text(const Numbers& numbers) {
  std::string out;
  for (const int number : numbers) out += std::to_string(number) + " ";
  return out;
}

Numbers numbers_in(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<std::uint8_t> bytes((std::istreambuf_iterator<char>(in)), {});
  Numbers out;
  for (const auto& shown : webp_reader::read(bytes).frames) out.push_back(number_of(shown));
  return out;
}

/// A folder that goes with its files.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "animclip-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), {}));
  }

 private:
  fs::path path_;
};

class Bench {
 public:
  /// `encoder` between the numbered frames and the sink.
  explicit Bench(const std::string& encoder, const std::string& settings = {}) {
    const std::string line =
        "appsrc name=in format=time caps=video/x-raw,format=I420,width=128,height=16,"
        "framerate=25/1,colorimetry=bt601 ! " +
        encoder + " ! animclipsink name=clip sync=false " + settings;
    GError* error = nullptr;
    pipeline_ = adopt(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(line.c_str(), &error))));
    REQUIRE(error == nullptr);
    source_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "in"));
    clip_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "clip"));
    bus_ = adopt(gst_element_get_bus(pipeline_.get()));
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

  /// The file that clips go to.
  void set_location(const std::string& location) {
    g_object_set(clip_.get(), "location", location.c_str(), nullptr);
  }
  GstStateChangeReturn play() { return gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING); }
  void stop() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

  /// Frames [next, until), and waits until the sink has got all that the encoder gives of them.
  void push(int until, int from_ms = -1) {
    for (; next_ < until; ++next_) {
      GstBuffer* buffer = numbered(next_);
      const int ms = from_ms < 0 ? next_ * kFrameMs : from_ms;
      if (from_ms >= 0) from_ms += kFrameMs;
      GST_BUFFER_PTS(buffer) = static_cast<guint64>(ms) * GST_MSECOND;
      GST_BUFFER_DURATION(buffer) = kFrameMs * GST_MSECOND;
      send(buffer);
    }
  }
  void send(GstBuffer* buffer) {
    GstFlowReturn flow = GST_FLOW_OK;
    g_signal_emit_by_name(source_.get(), "push-buffer", buffer, &flow);
    gst_buffer_unref(buffer);
    CHECK(flow == GST_FLOW_OK);
  }
  void send(GstEvent* event) { gst_element_send_event(source_.get(), event); }
  void end() {
    GstFlowReturn flow = GST_FLOW_OK;
    g_signal_emit_by_name(source_.get(), "end-of-stream", &flow);
  }

  /// Until frame `number` is kept.
  void wait_for(int number) {
    const guint64 length = static_cast<guint64>(number) * kFrameMs * GST_MSECOND;
    for (int i = 0; i < 1000 && newest() < length; ++i) g_usleep(10'000);
    REQUIRE(newest() >= length);
  }

  guint capture(guint64 at_ms, const char* location = nullptr) {
    guint id = 0;
    const guint64 time = at_ms == GST_CLOCK_TIME_NONE ? at_ms : at_ms * GST_MSECOND;
    g_signal_emit_by_name(clip_.get(), "capture", location, time, &id);
    return id;
  }

  /// The next message of a clip called `name`.
  Owned<GstStructure> wait_for(const char* name) {
    while (true) {
      const auto message = adopt(gst_bus_timed_pop_filtered(
          bus_.get(), 20 * GST_SECOND,
          static_cast<GstMessageType>(GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR)));
      REQUIRE(message);
      REQUIRE(GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ELEMENT);
      const GstStructure* structure = gst_message_get_structure(message.get());
      if (gst_structure_has_name(structure, name) != FALSE) {
        return adopt(gst_structure_copy(structure));
      }
    }
  }
  std::string text_of(GstMessageType type) {
    const auto message = adopt(gst_bus_timed_pop_filtered(bus_.get(), 20 * GST_SECOND, type));
    REQUIRE(message);
    GError* error = nullptr;
    if (type == GST_MESSAGE_WARNING) {
      gst_message_parse_warning(message.get(), &error, nullptr);
    } else {
      gst_message_parse_error(message.get(), &error, nullptr);
    }
    const auto owned = adopt(error);
    return error->message;
  }
  bool ends() {
    return adopt(gst_bus_timed_pop_filtered(bus_.get(), 20 * GST_SECOND, GST_MESSAGE_EOS)) !=
           nullptr;
  }
  guint64 stat(const char* name) {
    GstStructure* raw = nullptr;
    g_object_get(clip_.get(), "stats", &raw, nullptr);
    const auto stats = adopt(raw);
    guint64 value = 0;
    if (gst_structure_get_uint64(raw, name, &value) == FALSE) {
      guint small = 0;
      gst_structure_get_uint(raw, name, &small);
      value = small;
    }
    return value;
  }
  GstElement* pipeline() { return pipeline_.get(); }
  GstElement* clip() { return clip_.get(); }
  GstBus* bus() { return bus_.get(); }
  Owned<GstPad> source_pad_of(const char* element) {
    const auto owner = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), element));
    return adopt(gst_element_get_static_pad(owner.get(), "src"));
  }

 private:
  guint64 newest() { return stat("ring-begin") + stat("ring-duration"); }

  Owned<GstElement> pipeline_;
  Owned<GstElement> source_;
  Owned<GstElement> clip_;
  Owned<GstBus> bus_;
  int next_ = 0;
};

/// Keeps the clip from ending: its message of this name stays where it is posted until let_go(), or
/// for 10 s.
class Held {
 public:
  Held(GstBus* bus, const char* name) : bus_(bus), name_(name) {
    gst_bus_set_sync_handler(bus_, &Held::hold, this, nullptr);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    let_go();
    gst_bus_set_sync_handler(bus_, nullptr, nullptr, nullptr);
  }
  bool has_come() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [this] { return has_come_; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    changed_.notify_all();
  }

 private:
  static constexpr std::chrono::seconds kPatience{10};

  static GstBusSyncReply hold(GstBus* /*bus*/, GstMessage* message, gpointer data) {
    auto& self = *static_cast<Held*>(data);
    const GstStructure* structure = gst_message_get_structure(message);
    if (structure == nullptr || gst_structure_has_name(structure, self.name_) == FALSE) {
      return GST_BUS_PASS;
    }
    std::unique_lock lock(self.mutex_);
    self.has_come_ = true;
    self.changed_.notify_all();
    self.changed_.wait_for(lock, kPatience, [&] { return self.is_over_; });
    return GST_BUS_PASS;
  }

  GstBus* bus_;
  const char* name_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_come_ = false;
  bool is_over_ = false;
};

std::string location_of(const GstStructure* message) {
  return gst_structure_get_string(message, "location");
}

guint64 value_of(const GstStructure* message, const char* name) {
  guint64 value = 0;
  REQUIRE(gst_structure_get_uint64(message, name, &value) != FALSE);
  return value;
}

Numbers from_to(int first, int last, int step = 1) {
  Numbers out;
  for (int i = first; i <= last; i += step) out.push_back(i);
  return out;
}

constexpr const char* kVp8 = "vp8enc deadline=1 keyframe-max-dist=10 target-bitrate=2000000";
constexpr const char* kHalf = "pre-roll=500000000 post-roll=200000000 ";
constexpr const char* kEvery200 = "animation={\"Format\":\"webp\",\"Interval\":0.2,\"Quality\":90}";

}  // namespace

TEST_CASE("both ends are the frames on screen there, whatever group they are in") {
  const Folder folder;
  Bench bench(kVp8, kHalf);
  bench.set_location(folder.file("clip-{index}.{autoext}"));
  REQUIRE(bench.play() != GST_STATE_CHANGE_FAILURE);
  bench.push(83);
  bench.wait_for(82);
  // From 2.8 s (frame 70) to 3.5 s (in frame 87).
  REQUIRE(bench.capture(3'300) == 1);
  bench.push(100);
  auto done = bench.wait_for("animclip-done");
  CHECK(location_of(done.get()) == folder.file("clip-1.webp"));
  CHECK(text(numbers_in(location_of(done.get()))) == text(from_to(70, 87)));
  CHECK(value_of(done.get(), "first-stream-time") == 70 * kFrameMs * GST_MSECOND);
  CHECK(value_of(done.get(), "last-stream-time") == 87 * kFrameMs * GST_MSECOND);
  CHECK(value_of(done.get(), "frames") == 18);
  CHECK(value_of(done.get(), "bytes") == fs::file_size(location_of(done.get())));
  CHECK(folder.files() == 1);
}

TEST_CASE("samples are on the clip's own grid, both ends included") {
  const Folder folder;
  Bench bench(kVp8, std::string(kHalf) + "pre-roll=1000000000 " + kEvery200);
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(76);
  bench.wait_for(75);
  REQUIRE(bench.capture(3'010) == 1);  // 2.01, 2.21 … 3.21 s
  bench.push(100);
  const auto done = bench.wait_for("animclip-done");
  CHECK(text(numbers_in(location_of(done.get()))) == text(from_to(50, 80, 5)));
}

TEST_CASE("clips overlap, a trigger may lie ahead, and none replaces a file") {
  const Folder folder;
  Bench bench(kVp8, std::string(kHalf) + "max-captures=2");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(50);
  bench.wait_for(49);
  for (const guint64 ms : {2'000, 2'040, 2'080, 2'800}) REQUIRE(bench.capture(ms) > 0);
  bench.push(100);
  std::map<std::string, Numbers> clips;
  for (int i = 0; i < 4; ++i) {
    const auto done = bench.wait_for("animclip-done");
    guint id = 0;
    gst_structure_get_uint(done.get(), "id", &id);
    clips[std::to_string(id)] = numbers_in(location_of(done.get()));
  }
  CHECK(text(clips["1"]) == text(from_to(37, 55)));
  CHECK(text(clips["2"]) == text(from_to(38, 56)));
  CHECK(text(clips["3"]) == text(from_to(39, 57)));
  CHECK(text(clips["4"]) == text(from_to(57, 75)));
  CHECK(fs::exists(folder.file("clip.webp")));
  CHECK(fs::exists(folder.file("clip-4.webp")));
  CHECK(folder.files() == 4);
}

TEST_CASE("decoded video is kept sampled on the stream's grid") {
  const Folder folder;
  Bench bench("identity", std::string(kHalf) + kEvery200);
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(80);
  bench.wait_for(75);
  CHECK(bench.stat("ring-groups") < 6);
  REQUIRE(bench.capture(3'050) == 1);  // from 2.55 s; 2.4, 2.6, 2.8 … s are kept
  bench.push(100);
  const auto done = bench.wait_for("animclip-done");
  CHECK(text(numbers_in(location_of(done.get()))) == text(from_to(60, 75, 5)));
}

TEST_CASE("what is not there is left out") {
  const Folder folder;
  Bench bench(kVp8, "pre-roll=60000000000");
  bench.set_location(folder.file("clip.webp"));
  CHECK(bench.capture(GST_CLOCK_TIME_NONE) == 0);
  CHECK(bench.text_of(GST_MESSAGE_WARNING) == "a clip is asked for, but no stream is running");
  bench.play();
  bench.push(30);
  bench.wait_for(28);
  REQUIRE(bench.capture(1'000) == 1);
  CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
        text(from_to(0, 25)));
}

TEST_CASE("the end of the stream comes after the last clip") {
  const Folder folder;
  Bench bench(kVp8, "post-roll=3600000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(30);
  bench.wait_for(28);
  REQUIRE(bench.capture(800) == 1);
  bench.end();
  CHECK(bench.ends());
  CHECK(bench.stat("captures-done") == 1);
  CHECK(text(numbers_in(folder.file("clip.webp"))) == text(from_to(0, 29)));
  // Nothing is waited for that cannot come.
  const std::string late = folder.file("late.webp");
  REQUIRE(bench.capture(800, late.c_str()) == 2);
  CHECK(location_of(bench.wait_for("animclip-done").get()) == late);
  CHECK(text(numbers_in(late)) == text(from_to(0, 29)));
}

TEST_CASE("a flush does not wait for clips, a pause does not let the end of the stream go before") {
  const Folder folder;
  Bench bench(kVp8, "post-roll=3600000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(30);
  bench.wait_for(28);
  Held held(bench.bus(), "animclip-done");
  REQUIRE(bench.capture(800) == 1);
  bench.end();
  REQUIRE(held.has_come());
  gst_element_set_state(bench.pipeline(), GST_STATE_PAUSED);
  gst_element_set_state(bench.pipeline(), GST_STATE_PLAYING);
  CHECK(!adopt(gst_bus_timed_pop_filtered(bench.bus(), 300 * GST_MSECOND, GST_MESSAGE_EOS)));
  bench.send(gst_event_new_flush_start());
  bench.send(gst_event_new_flush_stop(TRUE));  // waits for the streaming thread
  CHECK(bench.stat("captures-open") == 1);
  held.let_go();
  CHECK(bench.wait_for("animclip-done"));
}

TEST_CASE("on-stop says what READY does to open clips") {
  for (const bool finishes : {true, false}) {
    CAPTURE(finishes);
    const Folder folder;
    Bench bench(kVp8,
                std::string("post-roll=3600000000000 on-stop=") + (finishes ? "finish" : "cancel"));
    bench.set_location(folder.file("clip.webp"));
    bench.play();
    bench.push(30);
    bench.wait_for(28);
    REQUIRE(bench.capture(800) == 1);
    gst_element_set_state(bench.pipeline(), GST_STATE_READY);
    CHECK(folder.files() == (finishes ? 1 : 0));
  }
}

TEST_CASE("events trigger as the signal does") {
  const Folder folder;
  Bench bench(kVp8, "pre-roll=100000000 history=2000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(60);
  bench.wait_for(58);
  CHECK(gst_element_send_event(
            bench.pipeline(),
            gst_event_new_custom(
                GST_EVENT_CUSTOM_UPSTREAM,
                gst_structure_new("animclip-capture", "running-time", G_TYPE_UINT64,
                                  guint64{2'000 * GST_MSECOND}, "location", G_TYPE_STRING,
                                  folder.file("up.webp").c_str(), nullptr))) != FALSE);
  CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
        text(from_to(47, 50)));
  // In the stream: the newest frame before it, and what is shown until then.
  bench.send(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM,
                                  gst_structure_new_empty("animclip-capture")));
  bench.push(70);
  const auto done = bench.wait_for("animclip-done");
  CHECK(numbers_in(location_of(done.get())).back() ==
        static_cast<int>(value_of(done.get(), "last-stream-time") / GST_MSECOND / kFrameMs));
}

TEST_CASE("an event may say how much its clip shows") {
  const Folder folder;
  Bench bench(kVp8, "pre-roll=1000000000 post-roll=400000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(60);
  bench.wait_for(58);
  const auto trigger = [&bench](guint64 pre_roll) {
    return gst_element_send_event(
        bench.pipeline(),
        gst_event_new_custom(
            GST_EVENT_CUSTOM_UPSTREAM,
            gst_structure_new("animclip-capture", "running-time", G_TYPE_UINT64,
                              guint64{2'000 * GST_MSECOND}, "pre-roll", G_TYPE_UINT64, pre_roll,
                              "post-roll", G_TYPE_UINT64, guint64{80 * GST_MSECOND}, nullptr)));
  };
  CHECK(trigger(120 * GST_MSECOND) != FALSE);
  CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
        text(from_to(47, 52)));
  CHECK(trigger(3601 * GST_SECOND) == FALSE);
  CHECK(bench.text_of(GST_MESSAGE_WARNING) ==
        "a clip is asked for with a pre-roll of more than an hour");
}

TEST_CASE("no more clips are open than may be") {
  const Folder folder;
  Bench bench(kVp8, "max-captures=2 when-busy=refuse post-roll=3600000000000 on-stop=cancel");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(30);
  bench.wait_for(28);
  CHECK(bench.capture(500) == 1);
  CHECK(bench.capture(500) == 2);
  CHECK(bench.capture(500) == 0);
  CHECK(bench.text_of(GST_MESSAGE_WARNING) ==
        "a clip is refused: 2 are open already (max-captures)");
}

TEST_CASE("max-bytes bounds what is kept and what a clip holds") {
  const Folder folder;
  Bench bench(kVp8, "max-bytes=5000 post-roll=3600000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(60);
  bench.wait_for(58);
  CHECK(bench.stat("ring-bytes") <= 5'000);
  REQUIRE(bench.capture(2'300) == 1);
  bench.push(240);
  const auto done = bench.wait_for("animclip-done");
  gboolean truncated = FALSE;
  gst_structure_get_boolean(done.get(), "truncated", &truncated);
  CHECK(truncated);
}

TEST_CASE("times that begin anew go on after the newest") {
  const Folder folder;
  Bench bench("jpegenc", "pre-roll=2000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(250);
  bench.wait_for(248);
  bench.push(255, 0);
  bench.wait_for(254);
  REQUIRE(bench.capture(GST_CLOCK_TIME_NONE) > 0);
  bench.push(256, 200);
  bench.end();
  const auto numbers = numbers_in(location_of(bench.wait_for("animclip-done").get()));
  CHECK(numbers.size() > 50);
  CHECK(text(numbers) == text(from_to(numbers.front(), numbers.back())));
}

TEST_CASE("the same caps again cut nothing, another stream begins with what can be decoded") {
  for (const bool is_new_stream : {false, true}) {
    CAPTURE(is_new_stream);
    const Folder folder;
    Bench bench(std::string(kVp8) + " ! identity name=before", "pre-roll=380000000");
    bench.set_location(folder.file("clip.webp"));
    bench.play();
    bench.push(25);
    bench.wait_for(24);
    const auto pad = bench.source_pad_of("before");
    const auto caps = adopt(gst_pad_get_current_caps(pad.get()));
    if (is_new_stream) gst_pad_push_event(pad.get(), gst_event_new_stream_start("other"));
    gst_pad_push_event(pad.get(), gst_event_new_caps(caps.get()));
    if (is_new_stream) {
      GstSegment segment;
      gst_segment_init(&segment, GST_FORMAT_TIME);
      gst_pad_push_event(pad.get(), gst_event_new_segment(&segment));
    }
    bench.push(40);
    bench.wait_for(39);
    REQUIRE(bench.capture(1'180) == 1);
    // Key frames are 0, 10, 20 and 30.
    CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
          text(from_to(20, is_new_stream ? 24 : 29)));
  }
}

TEST_CASE("a stream that begins far ahead of the clock begins now") {
  const Folder folder;
  Bench bench("jpegenc", "sync=true");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(10, 7'200'000);
  bench.wait_for(9);
  CHECK(bench.stat("ring-begin") < 10 * GST_SECOND);
  REQUIRE(bench.capture(GST_CLOCK_TIME_NONE) > 0);
  CHECK(numbers_in(location_of(bench.wait_for("animclip-done").get())).front() == 0);
}

TEST_CASE("what is wrong is said before the stream") {
  Bench shape(kVp8, "animation={\"Format\":\"webp\",\"ScaleType\":\"fitt\"}");
  CHECK(shape.play() == GST_STATE_CHANGE_FAILURE);
  CHECK(shape.text_of(GST_MESSAGE_ERROR) ==
        "animation: /ScaleType: \"fitt\" is not one of stretch, crop, fill, fit (did you mean "
        "\"fit\"?)");
  Bench both(kVp8, "animation={\"Format\":\"gif\"} animation-location=x.json");
  CHECK(both.play() == GST_STATE_CHANGE_FAILURE);
  Bench source(kVp8, "location={key}.webp");
  CHECK(source.play() == GST_STATE_CHANGE_FAILURE);
  CHECK(source.text_of(GST_MESSAGE_ERROR).find("\"{key}\" stands for something of a source") !=
        std::string::npos);
}

TEST_CASE("a clip that cannot be written fails alone") {
  const Folder folder;
  Bench bench(kVp8);
  bench.play();
  bench.push(30);
  bench.wait_for(28);
  CHECK(bench.capture(500) == 0);
  CHECK(bench.text_of(GST_MESSAGE_WARNING).starts_with("location is not set"));
  REQUIRE(bench.capture(500, folder.file("none/clip.webp").c_str()) > 0);
  const auto failed = bench.wait_for("animclip-failed");
  CHECK(std::string(gst_structure_get_string(failed.get(), "error")).find("No such file") !=
        std::string::npos);
  REQUIRE(bench.capture(500, folder.file("clip.webp").c_str()) > 0);
  CHECK(fs::exists(location_of(bench.wait_for("animclip-done").get())));
  REQUIRE(bench.capture(500, "oss://bucket/clip.webp") == 0);
}

TEST_CASE("decoded video may begin anew after its end") {
  const Folder folder;
  Bench bench("identity", std::string(kHalf) + kEvery200);
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(30);
  bench.end();
  CHECK(bench.ends());
  gst_element_set_state(bench.pipeline(), GST_STATE_READY);
  bench.play();
  bench.push(80);
  bench.wait_for(75);
  REQUIRE(bench.capture(2'850) > 0);
  CHECK(numbers_in(location_of(bench.wait_for("animclip-done").get())).size() >= 3);
}

TEST_CASE("a running-time that is no time is refused") {
  const Folder folder;
  Bench bench(kVp8);
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(30);
  bench.wait_for(28);
  guint id = 1;
  g_signal_emit_by_name(bench.clip(), "capture", nullptr, G_MAXUINT64 - 1, &id);
  CHECK(id == 0);
  CHECK(bench.text_of(GST_MESSAGE_WARNING).find("is no time") != std::string::npos);
}
