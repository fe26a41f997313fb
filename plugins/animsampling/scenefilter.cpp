// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-scenefilter
 * @title: scenefilter
 * @short_description: keeps the frames that look different from the last one kept
 *
 * The first frame is kept, then each one whose change from the last one kept is above threshold.
 * The change is that of a grid of 16 by 16 mean colours: the mean of the largest difference in
 * luma, chroma or alpha, in percent of full scale. A kept frame lasts until the next one, the last
 * one to the end of the stream; timestamps stay. Pixels are read and never written.
 *
 * One frame is held back, until the next one is kept.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 filesrc location=video.mp4 ! decodebin ! intervalsampler rate=4/1 ! videoconvert !
 * scenefilter threshold=12 ! intervalsampler frame-rate=1/1 ! autovideosink
 * ]| One picture of each scene, for a second each.
 */
#include "plugins/animsampling/scenefilter.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <gst/gst.h>
#include <gst/video/video.h>

#include "gst/core/picture_change.h"
#include "gst/glue/clock_time.h"
#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "gst/glue/report.h"
#include "plugins/animsampling/held_frame.h"

GST_DEBUG_CATEGORY_STATIC(scenefilter_debug);
#define GST_CAT_DEFAULT scenefilter_debug

namespace anim {
namespace {

using namespace glue;

/// Formats of 8 bits a channel.
constexpr const char* kCaps = GST_VIDEO_CAPS_MAKE(
    "{ I420, YV12, NV12, NV21, A420, Y42B, Y444, GRAY8, RGB, BGR, RGBx, BGRx, xRGB, xBGR, RGBA, "
    "BGRA, ARGB, ABGR }");

ChannelView channel_of(const GstVideoFrame& frame, unsigned component) {
  return {.data = GST_VIDEO_FRAME_COMP_DATA(&frame, component),
          .row_stride = GST_VIDEO_FRAME_COMP_STRIDE(&frame, component),
          .sample_stride = GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, component),
          .size = {GST_VIDEO_FRAME_COMP_WIDTH(&frame, component),
                   GST_VIDEO_FRAME_COMP_HEIGHT(&frame, component)}};
}

PictureView view_of(const GstVideoFrame& frame) {
  PictureView out;
  const GstVideoFormatInfo* format = frame.info.finfo;
  if (GST_VIDEO_FORMAT_INFO_IS_RGB(format)) out.model = PictureView::Model::Rgb;
  out.is_full_range = frame.info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  const unsigned colours = GST_VIDEO_FORMAT_INFO_IS_GRAY(format) ? 1 : GST_VIDEO_COMP_A;
  for (unsigned i = 0; i < colours; ++i) out.colours.at(i) = channel_of(frame, i);
  if (GST_VIDEO_FORMAT_INFO_HAS_ALPHA(format)) out.alpha = channel_of(frame, GST_VIDEO_COMP_A);
  return out;
}

/// Frames so far, as the property `stats` tells them.
struct SceneCounts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
};

class SceneFilter {
 public:
  using Parent = GstElement;
  using ParentClass = GstElementClass;
  struct Settings {
    double threshold = 10;
  };
  static constexpr const char* kTypeName = "GstSceneFilter";
  static GType parent_type() { return GST_TYPE_ELEMENT; }

  Guarded<Settings> settings;

  explicit SceneFilter(GstElement* self);
  static const std::vector<Property<SceneFilter>>& properties();
  static void class_init(GstElementClass* klass);

  GstStateChangeReturn change_state(GstStateChange transition);
  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  gboolean sink_event(GstPad* pad, GstEvent* event);
  GstStructure* stats();

 private:
  void start_over();
  bool take_event(Owned<GstEvent> event);
  bool take_caps(Owned<GstEvent> event);
  [[nodiscard]] std::optional<ColourGrid> look_at(GstBuffer* buffer) const;
  [[nodiscard]] bool is_new_scene(const ColourGrid& grid) const;
  GstFlowReturn push_held(std::optional<Nanoseconds> end);

  GstElement* self_;
  GstPad* sink_;  // owned by self_
  GstPad* src_;   // owned by self_
  Guarded<SceneCounts> counts_;

  // Of the streaming thread.
  GstVideoInfo info_{};
  bool has_info_ = false;
  HeldFrame held_;
  std::optional<ColourGrid> kept_;  ///< of the frame held
  std::optional<Nanoseconds> end_;  ///< of the newest frame, in the buffers' time
};

SceneFilter::SceneFilter(GstElement* self)
    : self_(self), sink_(add_pad(self, "sink")), src_(add_pad(self, "src")), held_(src_) {
  GST_PAD_SET_PROXY_CAPS(sink_);
  GST_PAD_SET_PROXY_CAPS(src_);
  gst_pad_set_chain_function(sink_, (pad_function<SceneFilter, &SceneFilter::chain>));
  gst_pad_set_event_function(sink_, (pad_function<SceneFilter, &SceneFilter::sink_event>));
}

const std::vector<Property<SceneFilter>>& SceneFilter::properties() {
  static const std::vector<Property<SceneFilter>> table = {
      double_property<SceneFilter>(
          "threshold",
          "Keep a frame that has changed by more than this from the last one kept, in percent: 0 = "
          "at all, 100 = never",
          &Settings::threshold, 0, 100, Mutable::Playing),
      structure_property<SceneFilter>("stats", "Frames so far: frames-in, frames-out",
                                      &SceneFilter::stats),
  };
  return table;
}

void SceneFilter::class_init(GstElementClass* klass) {
  install_properties<SceneFilter>(klass);
  add_pad_template(klass, "sink", GST_PAD_SINK, gst_caps_from_string(kCaps));
  add_pad_template(klass, "src", GST_PAD_SRC, gst_caps_from_string(kCaps));
  gst_element_class_set_static_metadata(
      klass, "Scene filter", "Filter/Video",
      "Keeps the frames that look different from the last one kept",
      "The gst-plugins-anim developers");
  klass->change_state = vfunc<SceneFilter, &SceneFilter::change_state>;
}

GstStructure* SceneFilter::stats() {
  const SceneCounts counts = counts_.copy();
  return gst_structure_new("application/x-scenefilter-stats", "frames-in", G_TYPE_UINT64, counts.in,
                           "frames-out", G_TYPE_UINT64, counts.out, nullptr);
}

GstStateChangeReturn SceneFilter::change_state(GstStateChange transition) {
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    counts_.change([](SceneCounts& counts) { counts = {}; });
    has_info_ = false;
    start_over();
  }
  const auto result = parent_class<SceneFilter>()->change_state(self_, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) start_over();
  return result;
}

void SceneFilter::start_over() {
  held_.forget();
  kept_.reset();
  end_.reset();
}

// ---- Events ----

gboolean SceneFilter::sink_event(GstPad* /*pad*/, GstEvent* event) {
  return static_cast<gboolean>(take_event(adopt(event)));
}

bool SceneFilter::take_event(Owned<GstEvent> event) {
  if (!GST_EVENT_IS_SERIALIZED(event.get())) {
    return gst_pad_push_event(src_, event.release()) != FALSE;
  }
  switch (GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_FLUSH_STOP:
      held_.store_sticky_events();
      start_over();
      return gst_pad_push_event(src_, event.release()) != FALSE;
    case GST_EVENT_CAPS:
      return take_caps(std::move(event));
    case GST_EVENT_GAP:  // the frame on screen stays there
      return true;
    case GST_EVENT_SEGMENT:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_EOS:  // times go on elsewhere, or not at all
      push_held(end_);
      end_.reset();
      held_.send_events();
      return held_.forward(std::move(event));
    default:
      return held_.forward(std::move(event));
  }
}

bool SceneFilter::take_caps(Owned<GstEvent> event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event.get(), &caps);
  has_info_ = gst_video_info_from_caps(&info_, caps) != FALSE;
  return has_info_ && held_.forward(std::move(event));
}

// ---- Frames ----

GstFlowReturn SceneFilter::chain(GstPad* /*pad*/, GstBuffer* given) {
  auto buffer = adopt(given);
  if (!has_info_) return GST_FLOW_NOT_NEGOTIATED;
  counts_.change([](SceneCounts& counts) { ++counts.in; });
  const auto grid = look_at(given);
  if (!grid) return fail(self_, {ErrorCode::ReadFailed, "a picture cannot be read", {}});
  const auto time = time_or_none(GST_BUFFER_PTS(given));
  const auto duration = time_or_none(GST_BUFFER_DURATION(given)).value_or(Nanoseconds(0));
  if (is_new_scene(*grid)) {
    const GstFlowReturn flow = push_held(time);
    if (flow != GST_FLOW_OK) return flow;
    held_.send_events();
    held_.hold(std::move(buffer), duration);
    kept_ = grid;
  }
  if (time) end_ = *time + duration;
  return GST_FLOW_OK;
}

std::optional<ColourGrid> SceneFilter::look_at(GstBuffer* buffer) const {
  const MappedFrame frame(info_, buffer, GST_MAP_READ);
  if (!frame) return {};
  return ColourGrid(view_of(*frame.get()));
}

bool SceneFilter::is_new_scene(const ColourGrid& grid) const {
  return !kept_ || grid.change_from(*kept_) > settings.copy().threshold;
}

// `end`: when the frame that is held ends; nothing leaves it the duration that it came with.
GstFlowReturn SceneFilter::push_held(std::optional<Nanoseconds> end) {
  auto held = held_.take();
  if (!held) return GST_FLOW_OK;
  auto frame = adopt(gst_buffer_make_writable(held.release()));
  const auto begin = time_or_none(GST_BUFFER_PTS(frame.get()));
  if (begin && end && *end > *begin) GST_BUFFER_DURATION(frame.get()) = clock_time(*end - *begin);
  counts_.change([](SceneCounts& counts) { ++counts.out; });
  return gst_pad_push(src_, frame.release());
}

}  // namespace

bool register_scenefilter(GstPlugin* plugin) {
  GST_DEBUG_CATEGORY_INIT(scenefilter_debug, "scenefilter", 0, "scene filter");
  return gst_element_register(plugin, "scenefilter", GST_RANK_NONE, glue::type<SceneFilter>()) !=
         FALSE;
}

}  // namespace anim
