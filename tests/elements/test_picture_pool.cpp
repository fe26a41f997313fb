// SPDX-License-Identifier: LGPL-2.1-or-later
// The pool that intervalsampler offers to decoders: pictures are given out without a copy, and
// nobody's pixels change under them.
#include <cstring>
#include <string>

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"

namespace {

using namespace anim::glue;

constexpr const char* kCaps = "video/x-raw,format=I420,width=16,height=8,framerate=10/1";

/// What is downstream of the sampler: nothing that knows strides, or something with a pool.
struct Downstream {
  bool has_meta = true;
  GstBufferPool* pool = nullptr;
};

GstPadProbeReturn answer(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  const auto& downstream = *static_cast<Downstream*>(data);
  GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return GST_PAD_PROBE_OK;
  if (downstream.has_meta) gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
  if (downstream.pool) gst_query_add_allocation_pool(query, downstream.pool, 192, 0, 0);
  return GST_PAD_PROBE_HANDLED;
}

/// The first pool that a decoder before the sampler is offered.
Owned<GstBufferPool> offered(Downstream downstream, const char* text = kCaps) {
  GstHarness* harness = gst_harness_new_parse("intervalsampler interval=1000000000");
  gst_pad_add_probe(harness->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, answer, &downstream,
                    nullptr);
  gst_harness_set_src_caps_str(harness, text);
  const auto caps = adopt(gst_caps_from_string(text));
  const auto query = adopt(gst_query_new_allocation(caps.get(), TRUE));
  GstBufferPool* pool = nullptr;
  REQUIRE(gst_pad_peer_query(harness->srcpad, query.get()));
  if (gst_query_get_n_allocation_pools(query.get()) > 0) {
    gst_query_parse_nth_allocation_pool(query.get(), 0, &pool, nullptr, nullptr, nullptr);
  }
  gst_harness_teardown(harness);
  return adopt(pool);
}

/// The pool as libavcodec's decoders use it, with one buffer.
Owned<GstBufferPool> active_pool() {
  auto pool = offered({});
  REQUIRE(pool);
  const auto caps = adopt(gst_caps_from_string(kCaps));
  GstStructure* config = gst_buffer_pool_get_config(pool.get());
  gst_buffer_pool_config_set_params(config, caps.get(), 192, 1, 0);
  gst_buffer_pool_config_add_option(config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  REQUIRE(gst_buffer_pool_set_config(pool.get(), config));
  REQUIRE(gst_buffer_pool_set_active(pool.get(), TRUE));
  return pool;
}

GstVideoInfo info() {
  GstVideoInfo out;
  const auto caps = adopt(gst_caps_from_string(kCaps));
  gst_video_info_from_caps(&out, caps.get());
  return out;
}

Owned<GstBuffer> acquire(GstBufferPool* pool) {
  GstBuffer* buffer = nullptr;
  REQUIRE(gst_buffer_pool_acquire_buffer(pool, &buffer, nullptr) == GST_FLOW_OK);
  return adopt(buffer);
}

void paint(GstBuffer* buffer, int value) {
  MappedFrame frame(info(), buffer, GST_MAP_WRITE);
  REQUIRE(frame);
  std::memset(GST_VIDEO_FRAME_PLANE_DATA(frame.get(), 0), value, 16);
}

int colour(GstBuffer* buffer) {
  MappedFrame frame(info(), buffer, GST_MAP_READ);
  REQUIRE(frame);
  return static_cast<const guint8*>(GST_VIDEO_FRAME_PLANE_DATA(frame.get(), 0))[15];
}

bool share_memory(GstBuffer* a, GstBuffer* b) {
  return gst_buffer_peek_memory(a, 0) == gst_buffer_peek_memory(b, 0);
}

std::string kind(const Owned<GstBufferPool>& pool) {
  return pool ? G_OBJECT_TYPE_NAME(pool.get()) : "none";
}

}  // namespace

TEST_CASE("decoders are offered the pool where strides are understood and there is no other") {
  CHECK(kind(offered({})) == "GstAnimPicturePool");
  CHECK(kind(offered({.has_meta = false})) == "none");
  CHECK(kind(offered({}, "video/x-raw(memory:Toy),format=I420,width=16,height=8")) == "none");
  const auto plain = adopt(gst_video_buffer_pool_new());
  CHECK(kind(offered({.has_meta = true, .pool = plain.get()})) == "GstAnimPicturePool");
  const auto special = adopt(gst_buffer_pool_new());
  CHECK(kind(offered({.has_meta = true, .pool = special.get()})) == "GstBufferPool");
}

TEST_CASE("a picture that its decoder keeps mapped is given out without a copy") {
  const auto pool = active_pool();
  const auto picture = acquire(pool.get());
  {
    MappedFrame decoder(info(), picture.get(), GST_MAP_READWRITE);
    REQUIRE(decoder);
    std::memset(GST_VIDEO_FRAME_PLANE_DATA(decoder.get(), 0), 7, 16);
    // The map holds a reference, so what leaves is another buffer.
    const auto out = adopt(gst_buffer_make_writable(gst_buffer_ref(picture.get())));
    CHECK(out.get() != picture.get());
    CHECK(share_memory(out.get(), picture.get()));
    CHECK(colour(out.get()) == 7);
  }
  gst_buffer_pool_set_active(pool.get(), FALSE);
}

TEST_CASE("who writes to a picture that is shared writes to one of his own") {
  const auto pool = active_pool();
  auto picture = acquire(pool.get());
  paint(picture.get(), 7);
  const auto out = adopt(gst_buffer_copy(picture.get()));
  REQUIRE(share_memory(out.get(), picture.get()));
  SUBCASE("the one that leaves") {
    paint(out.get(), 9);
    CHECK(colour(picture.get()) == 7);
    CHECK(colour(out.get()) == 9);
  }
  SUBCASE("the one of the pool") {
    paint(picture.get(), 9);
    CHECK(colour(out.get()) == 7);
    CHECK(colour(picture.get()) == 9);
  }
  SUBCASE("the next one of the pool") {
    picture.reset();
    const auto next = acquire(pool.get());
    paint(next.get(), 9);
    CHECK_FALSE(share_memory(next.get(), out.get()));
    CHECK(colour(out.get()) == 7);
  }
  gst_buffer_pool_set_active(pool.get(), FALSE);
}
