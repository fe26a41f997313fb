// SPDX-License-Identifier: LGPL-2.1-or-later
// target-size of both encoders, in pipelines that write files.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "gst/glue/handle.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace anim::glue;

/// What a pipeline said until its end.
struct Ended {
  bool is_eos = false;
  std::string error;
  std::vector<std::string> warnings;
};

std::string text_of(GstMessage* message) {
  GError* error = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, nullptr);
  } else {
    gst_message_parse_warning(message, &error, nullptr);
  }
  return adopt(error)->message;
}

/// A pipeline that encodes into `out` in a folder of its own, which is also its spool-dir.
class Encoding {
 public:
  Encoding(const std::string& source, const std::string& encoder, const std::string& tail = "") {
    const std::string text = source + " ! " + encoder + " name=enc spool-dir=" + spool_.text() +
                             tail + " ! filesink location=" + file().string();
    pipeline_ = adopt(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(text.c_str(), nullptr))));
    encoder_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "enc"));
    REQUIRE(encoder_);
  }
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;
  ~Encoding() { stop(); }

  void play() { gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING); }
  void stop() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  GstElement* encoder() { return encoder_.get(); }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "out"; }
  [[nodiscard]] bool spool_is_empty() const { return std::filesystem::is_empty(spool_.path()); }

  Ended run() {
    play();
    Ended out;
    const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
    constexpr auto kTypes =
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
    while (const auto message =
               adopt(gst_bus_timed_pop_filtered(bus.get(), 100 * GST_SECOND, kTypes))) {
      if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_WARNING) {
        out.warnings.push_back(text_of(message.get()));
        continue;
      }
      out.is_eos = GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS;
      if (!out.is_eos) out.error = text_of(message.get());
      break;
    }
    stop();
    return out;
  }

  [[nodiscard]] std::uint64_t size() const { return std::filesystem::file_size(file()); }
  [[nodiscard]] std::string bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  guint64 stat(const char* name) {
    GstStructure* raw = nullptr;
    g_object_get(encoder_.get(), "stats", &raw, nullptr);
    guint64 value = 0;
    gst_structure_get_uint64(adopt(raw).get(), name, &value);
    return value;
  }

 private:
  TemporaryFolder folder_;
  TemporaryFolder spool_;
  Owned<GstElement> pipeline_;
  Owned<GstElement> encoder_;
};

// A film: drawn patterns have so few colours that a GIF's quality says nothing.
const std::string kSource = std::string("filesrc location=") + std::getenv("ANIM_MEDIA") +
                            "/mp4/bbb_480p_5s_h264_b.mp4 ! decodebin ! videorate ! videoscale ! "
                            "video/x-raw,width=96,height=54,framerate=4/1,pixel-aspect-ratio=1/1";

std::string with_target(const std::string& encoder, std::uint64_t bytes,
                        const std::string& more = "") {
  return encoder + " target-size=" + std::to_string(bytes) + " " + more;
}

std::uint64_t size_at(const std::string& encoder, int quality) {
  Encoding at(kSource, encoder + " quality=" + std::to_string(quality));
  REQUIRE(at.run().is_eos);
  return at.size();
}

struct Kind {
  const char* encoder;
  int lowest;
};
const Kind kKinds[] = {{"animwebpenc", 0}, {"animgifenc", 1}};

}  // namespace

TEST_CASE("the file has the size, counts as any other, and no temporary file is seen") {
  for (const auto& [encoder, lowest] : kKinds) {
    CAPTURE(encoder);
    const std::uint64_t low = size_at(encoder, lowest);
    const std::uint64_t high = size_at(encoder, 100);
    REQUIRE(low * 10 < high * 9);
    const std::uint64_t target = (low + high) / 2;
    Encoding made(kSource, with_target(encoder, target));
    const Ended ended = made.run();
    CHECK(ended.is_eos);
    CHECK(ended.warnings.empty());
    CHECK(made.size() <= target);
    CHECK(made.size() * 10 >= target * 9);
    CHECK(made.stat("bytes") == made.size());
    CHECK(made.stat("frames-in") == 20);
    CHECK(made.stat("duration") == 5 * GST_SECOND);
    CHECK(made.spool_is_empty());
  }
}

TEST_CASE("the bytes do not depend on n-threads, nor on the sink") {
  for (const auto& [encoder, lowest] : kKinds) {
    CAPTURE(encoder);
    const std::uint64_t target = (size_at(encoder, lowest) + size_at(encoder, 100)) / 2;
    Encoding one(kSource, with_target(encoder, target, "n-threads=1"));
    Encoding many(kSource, with_target(encoder, target, "n-threads=5"));
    Encoding behind(kSource, with_target(encoder, target), " ! queue");
    CHECK(one.run().is_eos);
    CHECK(many.run().is_eos);
    CHECK(behind.run().is_eos);
    CHECK(one.bytes() == many.bytes());
    CHECK(one.bytes() == behind.bytes());
  }
}

TEST_CASE("a size out of reach: the nearest end's file and a warning") {
  for (const auto& [encoder, lowest] : kKinds) {
    CAPTURE(encoder);
    Encoding small(kSource, with_target(encoder, 10));
    const Ended too_small = small.run();
    CHECK(too_small.is_eos);
    REQUIRE(too_small.warnings.size() == 1);
    CHECK(too_small.warnings[0].find("even at the lowest quality") != std::string::npos);
    CHECK(small.size() == size_at(encoder, lowest));
    Encoding large(kSource, with_target(encoder, 50'000'000));
    const Ended too_large = large.run();
    CHECK(too_large.is_eos);
    REQUIRE(too_large.warnings.size() == 1);
    CHECK(too_large.warnings[0].find("at the highest quality") != std::string::npos);
    CHECK(large.size() == size_at(encoder, 100));
  }
}

TEST_CASE("lossless with a size is a clear error") {
  for (const std::string what : {"lossless=true", "near-lossless=60"}) {
    Encoding made(kSource, with_target("animwebpenc", 5000, what));
    CHECK(made.run().error.find("lossless") != std::string::npos);
    CHECK(made.stat("bytes") == 0);
  }
}

TEST_CASE("a folder that is not there, and a disk that is full, are clear errors") {
  for (const auto& [encoder, lowest] : kKinds) {
    CAPTURE(encoder);
    Encoding made(kSource, with_target(encoder, 5000));
    g_object_set(made.encoder(), "spool-dir", "/nowhere/at/all", nullptr);
    CHECK(made.run().error.find("/nowhere/at/all") != std::string::npos);
    Encoding full(kSource, with_target(encoder, 5000));
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit tight{20'000, before.rlim_max};
    const auto old = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    const Ended ended = full.run();
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old);
    CHECK(ended.error.find("the pictures of the animation") != std::string::npos);
  }
}

TEST_CASE("a change of state ends the search at once, and nothing is left") {
  for (const auto& [encoder, lowest] : kKinds) {
    CAPTURE(encoder);
    // Half a minute of work for the search.
    Encoding made("videotestsrc num-buffers=100 pattern=snow ! video/x-raw,width=640,height=480",
                  with_target(encoder, 3'000'000, "n-threads=1 quality=50"));
    std::atomic<bool> at_end = false;
    const auto pad = adopt(gst_element_get_static_pad(made.encoder(), "sink"));
    gst_pad_add_probe(
        pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
        [](GstPad*, GstPadProbeInfo* info, gpointer flag) {
          const bool is_eos = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS;
          if (is_eos) *static_cast<std::atomic<bool>*>(flag) = true;
          return GST_PAD_PROBE_OK;
        },
        &at_end, nullptr);
    made.play();
    while (!at_end) g_usleep(10'000);
    g_usleep(200'000);
    const auto before = std::chrono::steady_clock::now();
    made.stop();
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(5));
    CHECK(made.spool_is_empty());
    CHECK(made.stat("bytes") == 0);
  }
}
