// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/flow_limits.h"

#include <memory>
#include <optional>
#include <utility>

#include "gst/glue/handle.h"

namespace anim {
namespace {

/// Puts a probe on `pad` that owns `watch`; all calls come from the pad's streaming thread.
template <class Watch>
void add_watch(GstPad* pad, std::unique_ptr<Watch> watch) {
  constexpr auto kTypes =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  gst_pad_add_probe(
      pad, kTypes,
      [](GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) -> GstPadProbeReturn {
        return static_cast<Watch*>(self)->probe(info);
      },
      watch.release(), [](gpointer self) { delete static_cast<Watch*>(self); });
}

GstEvent* event_of(GstPadProbeInfo* info) {
  return (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0 ? GST_PAD_PROBE_INFO_EVENT(info)
                                                                 : nullptr;
}

Size size_of(const GstCaps* caps) {
  Size size;
  if (caps == nullptr || gst_caps_is_fixed(caps) == FALSE) return size;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  gst_structure_get_int(structure, "width", &size.width);
  gst_structure_get_int(structure, "height", &size.height);
  return size;
}

struct PictureWatch {
  std::function<bool(Size)> check;
  bool is_closed = false;

  void look_at(const GstCaps* caps) {
    const Size size = size_of(caps);
    if (size.width > 0 && size.height > 0 && !check(size)) is_closed = true;
  }

  GstPadProbeReturn probe(GstPadProbeInfo* info) {
    GstEvent* event = event_of(info);
    if (event != nullptr && GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event, &caps);
      look_at(caps);
    }
    return is_closed ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  }
};

struct TimelineWatch {
  Nanoseconds most;
  std::function<void()> excess;
  GstSegment segment{};
  std::optional<Nanoseconds> first{};
  bool is_over = false;

  GstPadProbeReturn probe(GstPadProbeInfo* info) {
    if (GstEvent* event = event_of(info)) {
      if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) gst_event_copy_segment(event, &segment);
      return GST_PAD_PROBE_OK;
    }
    take(GST_PAD_PROBE_INFO_BUFFER(info));
    return GST_PAD_PROBE_OK;
  }

  void take(const GstBuffer* picture) {
    if (is_over || segment.format != GST_FORMAT_TIME) return;
    const GstClockTime time =
        gst_segment_to_running_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(picture));
    if (!GST_CLOCK_TIME_IS_VALID(time)) return;
    const Nanoseconds now(static_cast<std::int64_t>(time));
    if (!first) first = now;
    if (now - *first < most) return;
    is_over = true;
    excess();
  }
};

// A file grows to the furthest byte written: the encoder patches its header at the end.
struct FileWatch {
  std::uint64_t most;
  std::function<void()> excess;
  std::uint64_t position = 0;
  bool is_over = false;

  GstPadProbeReturn probe(GstPadProbeInfo* info) {
    GstEvent* event = event_of(info);
    if (event != nullptr && GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) {
      const GstSegment* segment = nullptr;
      gst_event_parse_segment(event, &segment);
      if (segment->format == GST_FORMAT_BYTES) position = segment->start;
    }
    if (event == nullptr) write(gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info)));
    return is_over && event == nullptr ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  }

  void write(std::uint64_t bytes) {
    position += bytes;
    if (is_over || position <= most) return;
    is_over = true;
    excess();
  }
};

}  // namespace

void watch_pictures(GstPad* pad, std::function<bool(Size)> check) {
  auto watch = std::make_unique<PictureWatch>(PictureWatch{std::move(check)});
  const auto caps = glue::adopt(gst_pad_get_current_caps(pad));
  watch->look_at(caps.get());
  add_watch(pad, std::move(watch));
}

void watch_timeline(GstPad* pad, Nanoseconds most, std::function<void()> excess) {
  if (most.count() == 0) return;
  add_watch(pad, std::make_unique<TimelineWatch>(TimelineWatch{most, std::move(excess)}));
}

void watch_file(GstElement* sink, std::uint64_t most, std::function<void()> excess) {
  if (most == 0) return;
  const auto pad = glue::adopt(gst_element_get_static_pad(sink, "sink"));
  add_watch(pad.get(), std::make_unique<FileWatch>(FileWatch{most, std::move(excess)}));
}

}  // namespace anim
