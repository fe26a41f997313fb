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
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "gst/glue/report.h"
#include "plugins/animsampling/filter_element.h"
#include "plugins/animsampling/held_frame.h"
#include "plugins/animsampling/picture_view.h"

namespace anim {
namespace {

using namespace glue;

/// Frames so far, as the property `stats` tells them.
struct SceneCounts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
};

class SceneFilter : public FilterElement<SceneFilter> {
 public:
  struct Settings {
    double threshold = 10;
  };
  static constexpr const char* kTypeName = "GstSceneFilter";
  static constexpr FilterKind kKind = {
      .factory = "scenefilter",
      .caps = kViewCaps,
      .long_name = "Scene filter",
      .description = "Keeps the frames that look different from the last one kept"};

  Guarded<Settings> settings;

  explicit SceneFilter(GstElement* self);
  static const std::vector<Property<SceneFilter>>& properties();

  void start();
  void stop() { start_over(); }
  bool take_event(Owned<GstEvent> event);
  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  GstStructure* stats();

 private:
  void start_over();
  bool take_caps(Owned<GstEvent> event);
  [[nodiscard]] std::optional<ColourGrid> look_at(GstBuffer* buffer) const;
  [[nodiscard]] bool is_new_scene(const ColourGrid& grid) const;
  GstFlowReturn push_held(std::optional<Nanoseconds> end);

  Guarded<SceneCounts> counts_;

  // Of the streaming thread.
  GstVideoInfo info_{};
  bool has_info_ = false;
  HeldFrame held_;
  std::optional<ColourGrid> kept_;  ///< of the frame held
  std::optional<Nanoseconds> end_;  ///< of the newest frame, in the buffers' time
};

SceneFilter::SceneFilter(GstElement* self) : FilterElement(self), held_(src_) {
  GST_PAD_SET_PROXY_CAPS(sink_);
  GST_PAD_SET_PROXY_CAPS(src_);
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

GstStructure* SceneFilter::stats() {
  const SceneCounts counts = counts_.copy();
  return gst_structure_new("application/x-scenefilter-stats", "frames-in", G_TYPE_UINT64, counts.in,
                           "frames-out", G_TYPE_UINT64, counts.out, nullptr);
}

void SceneFilter::start() {
  counts_.change([](SceneCounts& counts) { counts = {}; });
  has_info_ = false;
  start_over();
}

void SceneFilter::start_over() {
  held_.forget();
  kept_.reset();
  end_.reset();
}

// ---- Events ----

bool SceneFilter::take_event(Owned<GstEvent> event) {
  if (!GST_EVENT_IS_SERIALIZED(event.get())) return pass_on(std::move(event));
  switch (GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_FLUSH_STOP:
      held_.store_sticky_events();
      start_over();
      return pass_on(std::move(event));
    case GST_EVENT_CAPS:
      return take_caps(std::move(event));
    case GST_EVENT_GAP:  // the frame on screen stays there
      return true;
    case GST_EVENT_SEGMENT:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_EOS:  // times go on elsewhere, or not at all
      push_held(end_);
      end_.reset();
      kept_.reset();
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
  const auto duration = length_or_none(GST_BUFFER_DURATION(given)).value_or(Nanoseconds(0));
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
  return register_filter<SceneFilter>(plugin);
}

}  // namespace anim
