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

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gst/gst.h>
#include <gst/video/video.h>

#include "gst/core/play_order.h"
#include "gst/core/sampling.h"
#include "gst/glue/clock_time.h"
#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "gst/glue/report.h"
#include "plugins/animsampling/input_segment.h"
#include "plugins/animsampling/rate_caps.h"

GST_DEBUG_CATEGORY_STATIC(frameorder_debug);
#define GST_CAT_DEFAULT frameorder_debug

namespace anim {
namespace {

using namespace glue;

constexpr std::uint64_t kDefaultBytes = std::uint64_t{512} << 20;

/// A pool with a bound would run dry while its frames are kept.
bool is_of_bounded_pool(GstBuffer* buffer) {
  if (buffer->pool == nullptr) return false;
  const auto config = adopt(gst_buffer_pool_get_config(buffer->pool));
  guint most = 0;
  gst_buffer_pool_config_get_params(config.get(), nullptr, nullptr, nullptr, &most);
  return most > 0;
}

/// What the property `stats` tells.
struct OrderCounts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t bytes = 0;
};

class FrameOrder {
 public:
  using Parent = GstElement;
  using ParentClass = GstElementClass;
  struct Settings {
    bool reverse = false;
    bool boomerang = false;
    std::uint64_t max_bytes = kDefaultBytes;
  };
  static constexpr const char* kTypeName = "GstFrameOrder";
  static GType parent_type() { return GST_TYPE_ELEMENT; }

  Guarded<Settings> settings;

  explicit FrameOrder(GstElement* self);
  static const std::vector<Property<FrameOrder>>& properties();
  static void class_init(GstElementClass* klass);

  GstStateChangeReturn change_state(GstStateChange transition);
  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  gboolean sink_event(GstPad* pad, GstEvent* event);
  GstStructure* stats();

 private:
  void start_over();
  bool take_event(Owned<GstEvent> event);
  bool take_caps(Owned<GstEvent> event);
  bool take_segment(Owned<GstEvent> event);
  [[nodiscard]] Status keep(Owned<GstBuffer> buffer);
  [[nodiscard]] std::vector<Nanoseconds> durations() const;
  void send_all();
  [[nodiscard]] GstFlowReturn show(const Showing& showing, std::uint64_t number);

  GstElement* self_;
  GstPad* sink_;  // owned by self_
  GstPad* src_;   // owned by self_
  Guarded<OrderCounts> counts_;

  // Of the streaming thread.
  Settings now_;  ///< the settings of this run
  PlayOrder order_;
  InputSegment input_;
  FrameClock clock_;
  std::vector<Owned<GstBuffer>> frames_;
  std::vector<Nanoseconds> times_;              ///< running times of frames_
  std::optional<Nanoseconds> newest_duration_;  ///< of the newest frame
  std::uint64_t bytes_ = 0;                     ///< of frames_
};

FrameOrder::FrameOrder(GstElement* self)
    : self_(self), sink_(add_pad(self, "sink")), src_(add_pad(self, "src")) {
  GST_PAD_SET_PROXY_CAPS(sink_);
  GST_PAD_SET_PROXY_CAPS(src_);
  gst_pad_set_chain_function(sink_, (pad_function<FrameOrder, &FrameOrder::chain>));
  gst_pad_set_event_function(sink_, (pad_function<FrameOrder, &FrameOrder::sink_event>));
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

void FrameOrder::class_init(GstElementClass* klass) {
  install_properties<FrameOrder>(klass);
  add_pad_template(klass, "sink", GST_PAD_SINK, gst_caps_from_string("video/x-raw(ANY)"));
  add_pad_template(klass, "src", GST_PAD_SRC, gst_caps_from_string("video/x-raw(ANY)"));
  gst_element_class_set_static_metadata(klass, "Frame order", "Filter/Video",
                                        "Plays frames backwards, or there and back again",
                                        "The gst-plugins-anim developers");
  klass->change_state = vfunc<FrameOrder, &FrameOrder::change_state>;
}

GstStructure* FrameOrder::stats() {
  const OrderCounts counts = counts_.copy();
  return gst_structure_new("application/x-frameorder-stats", "frames-in", G_TYPE_UINT64, counts.in,
                           "frames-out", G_TYPE_UINT64, counts.out, "bytes", G_TYPE_UINT64,
                           counts.bytes, nullptr);
}

GstStateChangeReturn FrameOrder::change_state(GstStateChange transition) {
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    now_ = settings.copy();
    order_ = {.reverse = now_.reverse, .boomerang = now_.boomerang};
    counts_.change([](OrderCounts& counts) { counts = {}; });
    input_.reset();
    start_over();
  }
  const auto result = parent_class<FrameOrder>()->change_state(self_, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) start_over();
  return result;
}

void FrameOrder::start_over() {
  frames_.clear();
  times_.clear();
  bytes_ = 0;
  clock_ = FrameClock();
  if (const auto caps = adopt(gst_pad_get_current_caps(sink_))) {
    clock_.set_distance(frame_distance(caps.get()));
  }
}

// ---- Events ----

gboolean FrameOrder::sink_event(GstPad* /*pad*/, GstEvent* event) {
  return static_cast<gboolean>(take_event(adopt(event)));
}

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
      start_over();
      break;
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_EOS:
      send_all();
      break;
    default:
      break;
  }
  return gst_pad_push_event(src_, event.release()) != FALSE;
}

bool FrameOrder::take_caps(Owned<GstEvent> event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event.get(), &caps);
  const auto before = adopt(gst_pad_get_current_caps(src_));
  if (!frames_.empty() && before && gst_caps_is_equal(before.get(), caps) == FALSE) {
    post_error(self_, {ErrorCode::Unsupported,
                       "the format changes in mid-stream, so that frames of different formats "
                       "would have to be shown in another order",
                       {}});
    return false;
  }
  clock_.set_distance(frame_distance(caps));
  return gst_pad_push_event(src_, event.release()) != FALSE;
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
  const bool is_first = frames_.empty();
  input_.begin(*segment, false);
  if (!is_first) return true;
  GstSegment own;
  gst_segment_init(&own, GST_FORMAT_TIME);
  auto begin = adopt(gst_event_new_segment(&own));
  gst_event_set_seqnum(begin.get(), gst_event_get_seqnum(event.get()));
  return gst_pad_push_event(src_, begin.release()) != FALSE;
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
  bytes_ += gst_buffer_get_size(buffer.get());
  if (now_.max_bytes > 0 && bytes_ > now_.max_bytes) {
    return Error{ErrorCode::LimitExceeded,
                 "to play backwards, all frames are kept in memory: after " +
                     std::to_string(frames_.size()) + " frames they are larger than " +
                     std::to_string(now_.max_bytes) +
                     " bytes (max-bytes); take fewer frames or make them smaller",
                 {}};
  }
  std::optional<Nanoseconds> time;
  if (GST_BUFFER_PTS_IS_VALID(buffer.get())) {
    time = input_.running_time(GST_BUFFER_PTS(buffer.get()));
  }
  newest_duration_ = input_.running_duration(buffer.get());
  times_.push_back(clock_.next(time, newest_duration_).time);
  if (is_of_bounded_pool(buffer.get())) buffer = adopt(gst_buffer_copy_deep(buffer.get()));
  frames_.push_back(std::move(buffer));
  counts_.change([this](OrderCounts& counts) { counts.bytes = bytes_; });
  return success();
}

// A frame lasts until the next one.
std::vector<Nanoseconds> FrameOrder::durations() const {
  std::vector<Nanoseconds> out;
  for (std::size_t i = 1; i < times_.size(); ++i) {
    out.push_back(std::max(times_[i] - times_[i - 1], Nanoseconds(0)));
  }
  if (times_.empty()) return out;
  const auto previous = times_.size() > 1 ? std::optional(times_[times_.size() - 2]) : std::nullopt;
  const Nanoseconds last = times_.back();
  out.push_back(end_of_last_frame(last, newest_duration_, previous, clock_.distance()) - last);
  return out;
}

void FrameOrder::send_all() {
  std::uint64_t number = 0;
  for (const Showing& showing : showings(durations(), order_)) {
    if (show(showing, number++) != GST_FLOW_OK) break;
  }
  start_over();
}

GstFlowReturn FrameOrder::show(const Showing& showing, std::uint64_t number) {
  Owned<GstBuffer>& kept = frames_[showing.frame];
  GstBuffer* frame = showing.is_last ? gst_buffer_make_writable(kept.release())
                                     : gst_buffer_copy(kept.get());  // shares the memory
  GST_BUFFER_PTS(frame) = clock_time(showing.time);
  GST_BUFFER_DURATION(frame) = clock_time(showing.duration);
  GST_BUFFER_DTS(frame) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_OFFSET(frame) = number;
  GST_BUFFER_OFFSET_END(frame) = number + 1;
  GST_BUFFER_FLAG_UNSET(frame, GST_BUFFER_FLAG_DISCONT);
  if (number == 0) GST_BUFFER_FLAG_SET(frame, GST_BUFFER_FLAG_DISCONT);
  counts_.change([](OrderCounts& counts) { ++counts.out; });
  return gst_pad_push(src_, frame);
}

}  // namespace

bool register_frameorder(GstPlugin* plugin) {
  GST_DEBUG_CATEGORY_INIT(frameorder_debug, "frameorder", 0, "frame order");
  return gst_element_register(plugin, "frameorder", GST_RANK_NONE, glue::type<FrameOrder>()) !=
         FALSE;
}

}  // namespace anim
