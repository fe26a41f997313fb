// SPDX-License-Identifier: LGPL-2.1-or-later
// animclipsink: how clips and streams end, what is bounded, what is refused.
#include <filesystem>
#include <string>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "tests/support/clip_bench.h"

using namespace clip_bench;

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
  Bench bench(kVp8, "max-bytes=20000 post-roll=3600000000000");
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(60);
  bench.wait_for(58);
  CHECK(bench.stat("ring-bytes") > 5'000);
  CHECK(bench.stat("ring-bytes") <= 20'000);
  REQUIRE(bench.capture(2'300) == 1);
  bench.push(240);
  const auto done = bench.wait_for("animclip-done");
  gboolean truncated = FALSE;
  gst_structure_get_boolean(done.get(), "truncated", &truncated);
  CHECK(truncated);
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
  bench.push(100);
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

TEST_CASE("a stream that falls silent gives the clip that has come, and says so") {
  const Folder folder;
  Bench bench(kVp8, kHalf);
  bench.set_location(folder.file("clip.webp"));
  bench.play();
  bench.push(30);
  bench.wait_for(28);
  REQUIRE(bench.capture(1'100) == 1);
  const auto done = bench.wait_for("animclip-done");
  gboolean truncated = FALSE;
  gst_structure_get_boolean(done.get(), "truncated", &truncated);
  CHECK(truncated);
  CHECK(text(numbers_in(location_of(done.get()))) == text(from_to(15, 29)));
}
