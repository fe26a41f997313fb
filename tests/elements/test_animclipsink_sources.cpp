// SPDX-License-Identifier: LGPL-2.1-or-later
// animclipsink: sources that are exchanged, what their buffers carry, and the time by the clock on
// the wall.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gst/gst.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "tests/support/clip_bench.h"

using namespace clip_bench;

namespace {

/// Gives each buffer that leaves the pad to `action`, to be changed.
class Changed {
 public:
  using Action = std::function<void(GstBuffer*)>;

  Changed(Owned<GstPad> pad, Action action) : pad_(std::move(pad)), action_(std::move(action)) {
    probe_ = gst_pad_add_probe(pad_.get(), GST_PAD_PROBE_TYPE_BUFFER, change, this, nullptr);
  }
  Changed(const Changed&) = delete;
  Changed& operator=(const Changed&) = delete;
  ~Changed() { gst_pad_remove_probe(pad_.get(), probe_); }

 private:
  static GstPadProbeReturn change(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) {
    GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
    static_cast<Changed*>(self)->action_(buffer);
    info->data = buffer;
    return GST_PAD_PROBE_OK;
  }

  Owned<GstPad> pad_;
  Action action_;
  gulong probe_;
};

const std::string kMarked = std::string(kVp8) + " ! identity name=before";

}  // namespace

TEST_CASE("a source that is exchanged goes on where the one before was, in another size") {
  const Folder folder;
  Bench bench(kVp8, "pre-roll=1000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(60);
  bench.wait_for(59);
  bench.exchange_source(std::string("videoscale ! video/x-raw,width=256,height=32 ! ") + kVp8);
  bench.push(75, 0);  // times from 0 again, in a segment of its own
  bench.wait_for(74);
  REQUIRE(bench.capture(GST_CLOCK_TIME_NONE) == 1);
  bench.end();
  CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
        text(from_to(49, 74)));
}

TEST_CASE("the wall-clock time of the first frame is when its running time was") {
  const Folder folder;
  Bench bench("jpegenc", "sync=true pre-roll=400000000 history=60000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(30);
  bench.wait_for(25);
  const auto clock = adopt(GST_OBJECT(gst_element_get_clock(bench.clip())));
  const auto running = static_cast<gint64>(gst_clock_get_time(GST_CLOCK(clock.get())) -
                                           gst_element_get_base_time(bench.clip()));
  const gint64 zero = g_get_real_time() * 1000 - running;
  REQUIRE(bench.capture(900) == 1);
  const auto done = bench.wait_for("animclip-done");
  CHECK(value_of(done.get(), "first-stream-time") == 480 * GST_MSECOND);
  const auto told = static_cast<gint64>(value_of(done.get(), "first-wall-time"));
  constexpr auto kPreemption = static_cast<gint64>(100 * GST_MSECOND);
  CHECK(std::abs(told - zero - static_cast<gint64>(480 * GST_MSECOND)) < kPreemption);
}

TEST_CASE("a camera's own time wins over this machine's") {
  constexpr guint64 kTaken = 1'700'000'000 * GST_SECOND;
  constexpr guint64 kFrom1900To1970 = 2'208'988'800 * GST_SECOND;
  for (const bool is_ntp : {true, false}) {
    CAPTURE(is_ntp);
    const Folder folder;
    Bench bench(kMarked, "pre-roll=400000000");
    bench.set_location(folder.file("clip.webp"));
    const auto kind =
        adopt(gst_caps_new_empty_simple(is_ntp ? "timestamp/x-ntp" : "timestamp/x-unix"));
    const Changed changed(bench.source_pad_of("before"), [&](GstBuffer* buffer) {
      const GstClockTime taken = kTaken + 2 * GST_BUFFER_PTS(buffer);
      gst_buffer_add_reference_timestamp_meta(
          buffer, kind.get(), taken + (is_ntp ? kFrom1900To1970 : 0), GST_CLOCK_TIME_NONE);
    });
    bench.play();
    bench.push(30);
    bench.wait_for(25);
    REQUIRE(bench.capture(900) == 1);
    const auto done = bench.wait_for("animclip-done");
    CHECK(value_of(done.get(), "first-wall-time") == kTaken + 2 * 480 * GST_MSECOND);
  }
}

TEST_CASE("alpha counts as kept, and keeps nothing else") {
  constexpr gsize kAlpha = 4'000;
  constexpr gsize kBlock = 1'000'000;
  constexpr gsize kBegin = 100;
  const Folder folder;
  Bench bench(kMarked, "max-bytes=120000 pre-roll=60000000000");
  bench.set_location(folder.file("clip.webp"));
  std::atomic<int> freed = 0;
  const auto count = [](gpointer counter, GstMiniObject*) {
    ++*static_cast<std::atomic<int>*>(counter);
  };
  const Changed changed(bench.source_pad_of("before"), [&](GstBuffer* buffer) {
    // The unit itself, so that it can be read, and more.
    const auto block = adopt(gst_buffer_new_allocate(nullptr, kBlock, nullptr));
    std::vector<std::uint8_t> bytes(gst_buffer_get_size(buffer));
    REQUIRE(bytes.size() < kAlpha);
    gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
    gst_buffer_fill(block.get(), kBegin, bytes.data(), bytes.size());
    gst_mini_object_weak_ref(GST_MINI_OBJECT_CAST(gst_buffer_peek_memory(block.get(), 0)), count,
                             &freed);
    gst_buffer_add_video_codec_alpha_meta(
        buffer, gst_buffer_copy_region(block.get(), GST_BUFFER_COPY_MEMORY, kBegin, kAlpha));
  });
  bench.play();
  bench.push(20);
  bench.wait_for(19);
  CHECK(bench.stat("ring-bytes") > 20 * kAlpha);
  bench.push(60);
  bench.wait_for(59);
  CHECK(bench.stat("ring-bytes") <= 120'000);
  CHECK(bench.stat("ring-duration") < 30 * kFrameMs * GST_MSECOND);
  CHECK(freed >= 59);
}

TEST_CASE("what cannot be decoded at a clip's beginning moves none of its samples") {
  for (const bool is_whole : {false, true}) {
    CAPTURE(is_whole);
    const Folder folder;
    Bench bench("jpegenc ! identity name=before",
                std::string("pre-roll=400000000 ") + kEvery200 + " history=2000000000");
    bench.set_location(folder.file("clip.webp"));
    const Changed changed(bench.source_pad_of("before"), [&](GstBuffer* buffer) {
      const bool is_on_screen_there = GST_BUFFER_PTS(buffer) == 480 * GST_MSECOND;
      if (is_whole || is_on_screen_there) gst_buffer_set_size(buffer, 20);
    });
    bench.play();
    bench.push(30);
    bench.wait_for(25);
    REQUIRE(bench.capture(900) == 1);  // 0.5, 0.7 and 0.9 s
    if (is_whole) {
      const auto failed = bench.wait_for("animclip-failed");
      CHECK(
          std::string(gst_structure_get_string(failed.get(), "error")) ==
          "nothing of the clip's time can be shown: its pictures came so damaged that none can be "
          "decoded");
    } else {
      CHECK(text(numbers_in(location_of(bench.wait_for("animclip-done").get()))) ==
            text({13, 17, 22}));
    }
  }
}
