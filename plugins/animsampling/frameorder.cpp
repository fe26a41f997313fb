// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-frameorder
 * @title: frameorder
 * @short_description: plays frames backwards, or there and back again
 *
 * Keeps all frames of the stream and sends them at its end: backwards (reverse), or forwards and
 * then backwards without the two end frames, so that it loops (boomerang). With both it begins with
 * the way back. Each frame lasts as long as it did, wherever it is shown; timestamps count from 0.
 * With neither everything passes at once.
 *
 * Frames are kept as they come, so put it where they are small, and there are at most max-bytes of
 * them: more is an error.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=30 pattern=ball ! video/x-raw,width=160,height=120 !
 * frameorder boomerang=true ! animwebpenc ! filesink location=ball.webp
 * ]| A ball that runs there and back.
 */
#include "plugins/animsampling/frameorder.h"

#include <cstdint>
#include <utility>
#include <vector>

#include <gst/gst.h>
#include <gst/video/video.h>

#include "gst/core/play_order.h"
#include "gst/core/sampling.h"
#include "gst/glue/clock_time.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "gst/glue/report.h"
#include "plugins/animsampling/filter_element.h"
#include "plugins/animsampling/input_segment.h"
#include "plugins/animsampling/kept_frames.h"
#include "plugins/animsampling/rate_caps.h"

namespace anim {
namespace {

using namespace glue;

constexpr std::uint64_t kDefaultBytes = std::uint64_t{512} << 20;

/// What the property `stats` tells.
struct OrderCounts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t bytes = 0;
};

class FrameOrder : public FilterElement<FrameOrder> {
 public:
  struct Settings {
    bool reverse = false;
    bool boomerang = false;
    std::uint64_t max_bytes = kDefaultBytes;
  };
  static constexpr const char* kTypeName = "GstFrameOrder";
  static constexpr FilterKind kKind = {
      .factory = "frameorder",
      .caps = "video/x-raw(ANY)",
      .long_name = "Frame order",
      .description = "Plays frames backwards, or there and back again"};

  Guarded<Settings> settings;

  explicit FrameOrder(GstElement* self);
  static const std::vector<Property<FrameOrder>>& properties();

  void start();
  void stop() { start_over(); }
  bool take_event(Owned<GstEvent> event);
  gboolean src_event(GstPad* pad, GstEvent* event);
  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  GstStructure* stats();

 private:
  void start_over();
  bool take_caps(Owned<GstEvent> event);
  bool take_segment(Owned<GstEvent> event);
  bool take_segment_done(Owned<GstEvent> event);
  [[nodiscard]] Status keep(Owned<GstBuffer> buffer);
  Nanoseconds send_all();
  [[nodiscard]] GstFlowReturn show(const Showing& showing, std::uint64_t number);

  Guarded<OrderCounts> counts_;

  // Of the streaming thread.
  Settings now_;  ///< the settings of this run
  PlayOrder order_;
  InputSegment input_;
  FrameClock clock_;
  KeptFrames kept_;
  Nanoseconds played_{0};  ///< running time of what was sent since start, flush or EOS
};

FrameOrder::FrameOrder(GstElement* self) : FilterElement(self) {
  GST_PAD_SET_PROXY_CAPS(sink_);
  GST_PAD_SET_PROXY_CAPS(src_);
  gst_pad_set_event_function(src_, (pad_function<FrameOrder, &FrameOrder::src_event>));
}

const std::vector<Property<FrameOrder>>& FrameOrder::properties() {
  static const std::vector<Property<FrameOrder>> table = {
      bool_property<FrameOrder>("reverse", "Play from the last frame to the first",
                                &Settings::reverse),
      bool_property<FrameOrder>("boomerang",
                                "Play there and back again, without showing the end frames twice",
                                &Settings::boomerang),
      uint64_property<FrameOrder>("max-bytes",
                                  "Bytes of frames that may be kept; more is an error (0 = no "
                                  "limit)",
                                  &Settings::max_bytes),
      structure_property<FrameOrder>("stats",
                                     "So far: frames-in, frames-out, and the bytes that are kept",
                                     &FrameOrder::stats),
  };
  return table;
}

GstStructure* FrameOrder::stats() {
  const OrderCounts counts = counts_.copy();
  return gst_structure_new("application/x-frameorder-stats", "frames-in", G_TYPE_UINT64, counts.in,
                           "frames-out", G_TYPE_UINT64, counts.out, "bytes", G_TYPE_UINT64,
                           counts.bytes, nullptr);
}

void FrameOrder::start() {
  now_ = settings.copy();
  order_ = {.reverse = now_.reverse, .boomerang = now_.boomerang};
  counts_.change([](OrderCounts& counts) { counts = {}; });
  input_.reset();
  played_ = Nanoseconds(0);
  start_over();
}

void FrameOrder::start_over() {
  kept_.clear();
  counts_.change([](OrderCounts& counts) { counts.bytes = 0; });
  clock_ = FrameClock();
  clock_.set_distance(frame_distance(sink_));
}

// ---- Events ----

bool FrameOrder::take_event(Owned<GstEvent> event) {
  switch (order_.is_forward() ? GST_EVENT_UNKNOWN : GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_CAPS:
      return take_caps(std::move(event));
    case GST_EVENT_SEGMENT:
      return take_segment(std::move(event));
    case GST_EVENT_GAP:  // the frame before lasts longer
      return true;
    case GST_EVENT_FLUSH_STOP:
      input_.reset();
      played_ = Nanoseconds(0);
      start_over();
      break;
    case GST_EVENT_SEGMENT_DONE:
      return take_segment_done(std::move(event));
    case GST_EVENT_EOS:
      send_all();
      played_ = Nanoseconds(0);
      break;
    default:
      break;
  }
  return pass_on(std::move(event));
}

bool FrameOrder::take_caps(Owned<GstEvent> event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event.get(), &caps);
  const auto before = adopt(gst_pad_get_current_caps(src_));
  if (!kept_.is_empty() && before && gst_caps_is_equal(before.get(), caps) == FALSE) {
    post_error(self_, {ErrorCode::Unsupported,
                       "the format changes in mid-stream, so that frames of different formats "
                       "would have to be shown in another order",
                       {}});
    return false;
  }
  clock_.set_distance(frame_distance(caps));
  return pass_on(std::move(event));
}

// Its times are the output's; upstream could only misread them.
gboolean FrameOrder::src_event(GstPad* /*pad*/, GstEvent* given) {
  auto event = adopt(given);
  if (GST_EVENT_TYPE(given) == GST_EVENT_QOS && !order_.is_forward()) return TRUE;
  return gst_pad_push_event(sink_, event.release());
}

// What leaves has one segment, in which times count from 0.
bool FrameOrder::take_segment(Owned<GstEvent> event) {
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  if (segment->rate < 0) {
    post_error(self_, {ErrorCode::Unsupported,
                       "the stream plays backwards already; frames are reordered forwards only",
                       {}});
    return false;
  }
  const bool is_first = kept_.is_empty();
  input_.begin(*segment, false);
  if (!is_first) return true;
  GstSegment own;
  gst_segment_init(&own, GST_FORMAT_TIME);
  own.base = clock_time(played_);
  auto begin = adopt(gst_event_new_segment(&own));
  gst_event_set_seqnum(begin.get(), gst_event_get_seqnum(event.get()));
  return pass_on(std::move(begin));
}

// Another segment may follow, and goes on in running time.
bool FrameOrder::take_segment_done(Owned<GstEvent> event) {
  const Nanoseconds length = send_all();
  played_ += length;
  auto done = adopt(gst_event_new_segment_done(GST_FORMAT_TIME, length.count()));
  gst_event_set_seqnum(done.get(), gst_event_get_seqnum(event.get()));
  return pass_on(std::move(done));
}

// ---- Frames ----

GstFlowReturn FrameOrder::chain(GstPad* /*pad*/, GstBuffer* given) {
  auto buffer = adopt(given);
  counts_.change([](OrderCounts& counts) { ++counts.in; });
  if (order_.is_forward()) {
    counts_.change([](OrderCounts& counts) { ++counts.out; });
    return gst_pad_push(src_, buffer.release());
  }
  const Status kept = keep(std::move(buffer));
  return kept ? GST_FLOW_OK : fail(self_, kept.error());
}

Status FrameOrder::keep(Owned<GstBuffer> buffer) {
  const auto duration = input_.running_duration(buffer.get());
  const auto time = clock_.next(input_.running_time(GST_BUFFER_PTS(buffer.get())), duration).time;
  Status kept = kept_.keep(std::move(buffer), time, duration, now_.max_bytes);
  if (kept) counts_.change([this](OrderCounts& counts) { counts.bytes = kept_.bytes(); });
  return kept;
}

// Returns how long it all plays.
Nanoseconds FrameOrder::send_all() {
  const auto all = showings(kept_.durations(clock_.distance()), order_);
  std::uint64_t number = 0;
  for (const Showing& showing : all) {
    if (show(showing, number++) != GST_FLOW_OK) break;
  }
  start_over();
  return all.empty() ? Nanoseconds(0) : all.back().time + all.back().duration;
}

GstFlowReturn FrameOrder::show(const Showing& showing, std::uint64_t number) {
  auto picture = kept_.picture(showing);
  GstBuffer* frame = picture.get();
  GST_BUFFER_PTS(frame) = clock_time(showing.time);
  GST_BUFFER_DURATION(frame) = clock_time(showing.duration);
  GST_BUFFER_DTS(frame) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_OFFSET(frame) = number;
  GST_BUFFER_OFFSET_END(frame) = number + 1;
  GST_BUFFER_FLAG_UNSET(frame, GST_BUFFER_FLAG_DISCONT);
  if (number == 0) GST_BUFFER_FLAG_SET(frame, GST_BUFFER_FLAG_DISCONT);
  counts_.change([](OrderCounts& counts) { ++counts.out; });
  return gst_pad_push(src_, picture.release());
}

}  // namespace

bool register_frameorder(GstPlugin* plugin) {
  return register_filter<FrameOrder>(plugin);
}

}  // namespace anim
