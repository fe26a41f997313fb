// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/filter_bench.h"

#include <doctest/doctest.h>

namespace anim::test {

using glue::adopt;
using glue::Owned;

FilterBench::FilterBench(const std::string& line, const char* caps) : bus_(adopt(gst_bus_new())) {
  const bool is_chain = line.find('!') != std::string::npos;
  GstElement* floating = is_chain ? gst_parse_bin_from_description(line.c_str(), TRUE, nullptr)
                                  : gst_parse_launch(line.c_str(), nullptr);
  REQUIRE(floating != nullptr);
  const auto parsed = adopt(GST_ELEMENT(gst_object_ref_sink(floating)));
  harness_ = gst_harness_new_with_element(parsed.get(), "sink", "src");
  gst_element_set_bus(element(), bus());
  if (caps != nullptr) gst_harness_set_src_caps_str(harness_, caps);
}

FilterBench::~FilterBench() {
  gst_element_set_bus(element(), nullptr);
  gst_harness_teardown(harness_);
}

Owned<GstBuffer> FilterBench::frame(int number, gsize bytes, GstClockTime pts,
                                    GstClockTime duration) {
  auto buffer = adopt(gst_buffer_new_allocate(nullptr, bytes, nullptr));
  gst_buffer_memset(buffer.get(), 0, static_cast<guint8>(number), bytes);
  GST_BUFFER_PTS(buffer.get()) = pts;
  GST_BUFFER_DURATION(buffer.get()) = duration;
  return buffer;
}

void FilterBench::flush() {
  send(gst_event_new_flush_start());
  send(gst_event_new_flush_stop(TRUE));
}

void FilterBench::segment(GstClockTime start, GstClockTime stop, GstClockTime base) {
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = segment.time = segment.position = start;
  segment.stop = stop;
  segment.base = base;
  send(gst_event_new_segment(&segment));
}

Owned<GstBuffer> FilterBench::pull_buffer() const {
  return adopt(gst_harness_try_pull(harness_));
}

std::vector<Out> FilterBench::pull() const {
  std::vector<Out> all;
  while (const auto buffer = pull_buffer()) {
    guint8 number = 0;
    gst_buffer_extract(buffer.get(), 0, &number, 1);
    all.push_back({number, GST_BUFFER_PTS(buffer.get()) / GST_MSECOND,
                   GST_BUFFER_DURATION(buffer.get()) / GST_MSECOND});
  }
  return all;
}

Owned<GstEvent> FilterBench::pull_event(GstEventType type) const {
  while (auto event = adopt(gst_harness_try_pull_event(harness_))) {
    if (GST_EVENT_TYPE(event.get()) == type) return event;
  }
  return nullptr;
}

Owned<GstEvent> FilterBench::pull_upstream_event(GstEventType type) const {
  while (auto event = adopt(gst_harness_try_pull_upstream_event(harness_))) {
    if (GST_EVENT_TYPE(event.get()) == type) return event;
  }
  return nullptr;
}

std::vector<GstEventType> FilterBench::events() const {
  std::vector<GstEventType> all;
  while (const auto event = adopt(gst_harness_try_pull_event(harness_))) {
    all.push_back(GST_EVENT_TYPE(event.get()));
  }
  return all;
}

Owned<GstMessage> FilterBench::pull_message(GstMessageType type) const {
  return adopt(gst_bus_pop_filtered(bus(), type));
}

std::string FilterBench::error() const {
  const auto message = pull_message(GST_MESSAGE_ERROR);
  if (!message) return {};
  GError* raw = nullptr;
  gst_message_parse_error(message.get(), &raw, nullptr);
  return adopt(raw)->message;
}

guint64 FilterBench::stat(const char* name) const {
  GstStructure* raw = nullptr;
  if (GST_IS_BIN(element())) {
    gst_child_proxy_get(GST_CHILD_PROXY(element()), "s::stats", &raw, nullptr);
  } else {
    g_object_get(element(), "stats", &raw, nullptr);
  }
  const auto stats = adopt(raw);
  guint64 value = 0;
  REQUIRE(gst_structure_get_uint64(stats.get(), name, &value));
  return value;
}

std::string FilterBench::output_caps() const {
  const auto caps = adopt(gst_pad_get_current_caps(harness_->sinkpad));
  if (!caps) return {};
  return adopt(gst_caps_to_string(caps.get())).get();
}

}  // namespace anim::test
