// SPDX-License-Identifier: LGPL-2.1-or-later
// animclipsink in a pipeline: numbered frames go in, the clips' frames are read by libwebp.
#pragma once

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
#include "tests/support/temporary_folder.h"
#include "tests/support/webp_reader.h"

namespace clip_bench {

namespace fs = std::filesystem;
using namespace anim::glue;

// A frame's number in bits of 16x16 pixels, black or white: lossy coding keeps it.
inline constexpr int kBlock = 16;
inline constexpr int kBits = 8;
inline constexpr int kWidth = kBlock * kBits;
inline constexpr int kFrameMs = 40;

inline GstBuffer* numbered(int number) {
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

inline int number_of(const webp_reader::Shown& shown) {
  int number = 0;
  for (int bit = 0; bit < kBits; ++bit) {
    const auto middle = static_cast<std::size_t>((kBlock / 2 * kWidth + bit * kBlock + 8) * 4);
    if (shown.rgba[middle] > 128) number |= 1 << bit;
  }
  return number;
}

using Numbers = std::vector<int>;

inline std::string text(const Numbers& numbers) {
  std::string out;
  for (const int number : numbers) out += std::to_string(number) + " ";
  return out;
}

inline Numbers numbers_in(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<std::uint8_t> bytes((std::istreambuf_iterator<char>(in)), {});
  Numbers out;
  for (const auto& shown : webp_reader::read(bytes).frames) out.push_back(number_of(shown));
  return out;
}

/// Where the clips of one test go.
class Folder : public TemporaryFolder {
 public:
  [[nodiscard]] std::string file(const std::string& name) const { return (path() / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path()), {}));
  }
};

class Bench {
 public:
  /// `encoder` between the numbered frames and the sink.
  explicit Bench(const std::string& encoder, const std::string& settings = {}) {
    const std::string line = "animclipsink name=clip sync=false " + settings;
    GError* error = nullptr;
    pipeline_ = adopt(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
    gst_bin_add(GST_BIN(pipeline_.get()), gst_parse_launch(line.c_str(), &error));
    REQUIRE(error == nullptr);
    add_source(encoder);
    clip_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "clip"));
    bus_ = adopt(gst_element_get_bus(pipeline_.get()));
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

  /// As an application does that connects anew: what is before the sink goes, and numbered frames
  /// come out of something new.
  void exchange_source(const std::string& encoder) {
    const auto old = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "source"));
    gst_element_set_state(old.get(), GST_STATE_NULL);
    gst_bin_remove(GST_BIN(pipeline_.get()), old.get());
    add_source(encoder);
  }

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
  void add_source(const std::string& encoder) {
    const std::string line =
        "appsrc name=in format=time caps=video/x-raw,format=I420,width=128,height=16,"
        "framerate=25/1,colorimetry=bt601 ! " +
        encoder;
    GError* error = nullptr;
    GstElement* source = gst_parse_bin_from_description(line.c_str(), TRUE, &error);
    REQUIRE(error == nullptr);
    gst_object_set_name(GST_OBJECT(source), "source");
    gst_bin_add(GST_BIN(pipeline_.get()), source);
    source_ = adopt(gst_bin_get_by_name(GST_BIN(source), "in"));
    const auto clip = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "clip"));
    REQUIRE(gst_element_link(source, clip.get()));
    gst_element_sync_state_with_parent(source);
  }

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

inline std::string location_of(const GstStructure* message) {
  return gst_structure_get_string(message, "location");
}

inline guint64 value_of(const GstStructure* message, const char* name) {
  guint64 value = 0;
  REQUIRE(gst_structure_get_uint64(message, name, &value) != FALSE);
  return value;
}

inline Numbers from_to(int first, int last, int step = 1) {
  Numbers out;
  for (int i = first; i <= last; i += step) out.push_back(i);
  return out;
}

inline constexpr const char* kVp8 = "vp8enc deadline=1 keyframe-max-dist=10 target-bitrate=2000000";
inline constexpr const char* kHalf = "pre-roll=500000000 post-roll=200000000 ";
inline constexpr const char* kEvery200 =
    "animation={\"Format\":\"webp\",\"Interval\":0.2,\"Quality\":90}";

}  // namespace clip_bench
