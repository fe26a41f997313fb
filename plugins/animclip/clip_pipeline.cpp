// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/clip_pipeline.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <gst/app/gstappsrc.h>

#include "gst/core/sampling.h"
#include "gst/glue/clock_time.h"
#include "gst/glue/graph.h"
#include "plugins/animclip/background_tasks.h"

namespace anim {
namespace {

// Instants nearer than kRounding are the same, so the window's end itself is inside.
constexpr Nanoseconds kInclusive = kRounding + kRounding;
constexpr const char* kQueuedPictures = "3";
// A decoder that gives nothing for so long hangs. An encoder that looks for a size takes its time.
constexpr std::chrono::seconds kPatience{60};

int field(const GstCaps* caps, const char* name) {
  int value = 0;
  gst_structure_get_int(gst_caps_get_structure(caps, 0), name, &value);
  return value;
}

bool is_interlaced(const Stretch& stretch) {
  const gchar* mode = gst_structure_get_string(
      gst_caps_get_structure(stretch.format->caps.get(), 0), "interlace-mode");
  return mode != nullptr && g_str_equal(mode, "progressive") == FALSE;
}

// With the end itself; samples that are spread evenly end before it.
Nanoseconds length_of(const Clip& clip, const Units& units) {
  const bool is_even = clip.look.mode == SamplingMode::Even;
  const Nanoseconds begin = std::max(clip.from, units.stretches.front().begin);
  return std::max(clip.to - begin, Nanoseconds(0)) + (is_even ? Nanoseconds(0) : Nanoseconds(1));
}

bool is_raw(const Stretch& stretch) {
  return stretch.format->is_raw;
}

SourceFacts facts_of(const Clip& clip, const Units& units) {
  SourceFacts facts;
  const GstCaps* caps = units.stretches.front().format->caps.get();
  facts.size = {std::max(field(caps, "width"), 1), std::max(field(caps, "height"), 1)};
  facts.length = length_of(clip, units);
  facts.may_be_interlaced =
      std::any_of(units.stretches.begin(), units.stretches.end(), is_interlaced);
  return facts;
}

void link_decoded(GstElement* /*decoder*/, GstPad* pad, gpointer next) {
  gst_pad_link(pad, GST_PAD(next));
}

std::optional<Error> error_of(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return std::nullopt;
  GError* raw = nullptr;
  gchar* raw_detail = nullptr;
  gst_message_parse_error(message, &raw, &raw_detail);
  const auto error = glue::adopt(raw);
  const auto detail = glue::adopt(raw_detail);
  const bool writes = error->domain == GST_RESOURCE_ERROR;
  return Error{writes ? ErrorCode::WriteFailed : ErrorCode::ReadFailed,
               std::string("the clip cannot be made: ") + error->message,
               detail ? detail.get() : ""};
}

// Of damaged units, decoders and parsers may make nothing, and say nothing.
Error nothing_decoded() {
  return {ErrorCode::ReadFailed,
          "nothing of the clip's time can be shown: its pictures came so damaged that none can be "
          "decoded",
          {}};
}

}  // namespace

ClipPipeline::~ClipPipeline() {
  stop();
}

void ClipPipeline::stop() {
  is_stopping_ = true;
  if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

// Samples are taken up to the end itself. Where every frame is one, the last lasts as long as it
// was on screen.
TimelinePart ClipPipeline::window() const {
  const bool has_grid = clip_->look.interval || clip_->look.mode == SamplingMode::Even;
  const Nanoseconds end = has_grid ? clip_->to + kInclusive : units_->next.value_or(kForever);
  return {.start = std::max(clip_->from, zero()) - zero(),
          .stop = end == kForever ? std::nullopt : std::optional(end - zero()),
          .offset = Nanoseconds(0)};
}

std::vector<ElementSpec> ClipPipeline::output_specs(OutputPlan plan,
                                                    const std::string& path) const {
  const TimelinePart part = window();
  plan.sample.start += part.start;
  std::vector<ElementSpec> chain = output_chain(clip_->look, plan);
  if (part.stop) {
    chain.front().properties.emplace_back("stop-time", std::to_string(part.stop->count()));
  }
  std::vector<ElementSpec> between = {
      {"queue",
       {{"max-size-buffers", kQueuedPictures}, {"max-size-bytes", "0"}, {"max-size-time", "0"}}}};
  if (facts_of(*clip_, *units_).may_be_interlaced) {
    between.push_back({"deinterlace", {{"fields", "top"}, {"method", "linear"}}});
  }
  // Pictures were scaled before they were kept.
  const auto& stretches = units_->stretches;
  if (std::all_of(stretches.begin(), stretches.end(), is_raw)) chain.erase(chain.begin() + 1);
  chain.insert(chain.begin() + 1, between.begin(), between.end());
  chain.push_back({"filesink", {{"location", path}, {"async", "false"}, {"sync", "false"}}});
  return chain;
}

Status ClipPipeline::make(const Clip& clip, const Units& units, const std::string& path) {
  clip_ = &clip;
  units_ = &units;
  const auto plan = plan_output(clip.look, facts_of(clip, units));
  if (!plan) return plan.error();
  expected_ = plan->frames;
  pipeline_ = glue::adopt(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
  run_in_background(pipeline_.get(), clip.niceness);
  auto elements = add_chain(GST_BIN(pipeline_.get()), output_specs(*plan, path));
  if (!elements) return elements.error();
  encoder_ = (*elements)[elements->size() - 2];
  const auto sampled = glue::adopt(gst_element_get_static_pad(elements->front(), "sink"));
  constexpr auto kData =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  gst_pad_add_probe(sampled.get(), kData, on_decoded, this, nullptr);
  return add_sources(elements->front());
}

Status ClipPipeline::add_sources(GstElement* first) {
  const bool joins = units_->stretches.size() > 1;
  if (joins) {
    auto joined = add_chain(GST_BIN(pipeline_.get()), {{"concat", {{"adjust-base", "false"}}}});
    if (!joined) return joined.error();
    if (gst_element_link(joined->front(), first) == FALSE) {
      return Error{ErrorCode::Internal, "cannot link concat", {}};
    }
    first = joined->front();
  }
  // Asked for now, in the stretches' order; decoders are ready in any order.
  for (const Stretch& stretch : units_->stretches) {
    const auto next =
        joins ? joined_pad(first) : glue::adopt(gst_element_get_static_pad(first, "sink"));
    if (Status added = add_stretch(stretch, next.get()); !added) return added;
  }
  return success();
}

// concat 1.22 forgets to free a picture that comes to it while it stops.
glue::Owned<GstPad> ClipPipeline::joined_pad(GstElement* concat) {
  auto pad = glue::adopt(gst_element_request_pad_simple(concat, "sink_%u"));
  const auto drop_late = [](GstPad*, GstPadProbeInfo*, gpointer is_stopping) {
    return *static_cast<std::atomic<bool>*>(is_stopping) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  };
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, drop_late, &is_stopping_, nullptr);
  return pad;
}

Status ClipPipeline::add_stretch(const Stretch& stretch, GstPad* next) {
  auto source = add_source(stretch);
  if (!source) return source.error();
  if (!stretch.format->is_raw) return add_decoder(*source, next);
  const auto pad = glue::adopt(gst_element_get_static_pad(*source, "src"));
  if (gst_pad_link(pad.get(), next) != GST_PAD_LINK_OK) {
    return Error{ErrorCode::Internal, "cannot link the kept pictures", {}};
  }
  return success();
}

Result<GstElement*> ClipPipeline::add_source(const Stretch& stretch) {
  auto made =
      add_chain(GST_BIN(pipeline_.get()), {{"appsrc", {{"format", "time"}, {"max-bytes", "0"}}}});
  if (!made) return made.error();
  auto* source = made->front();
  gst_app_src_set_caps(GST_APP_SRC(source), stretch.format->caps.get());
  sources_.push_back(source);
  return source;
}

// The last picture may be on screen for longer than the units say.
void ClipPipeline::keep_end(std::vector<ElementSpec>& gates) const {
  if (clip_->look.mode == SamplingMode::Key) return;
  const std::string end = std::to_string((clip_->to + kInclusive - zero()).count());
  for (ElementSpec& gate : gates) gate.properties.emplace_back("keep-end", end);
}

// Nothing is clamped: the plan knows no frame rate of a live stream. With several decoders a sample
// may fall behind the last picture of one of them, so that all are needed.
Status ClipPipeline::add_decoder(GstElement* source, GstPad* next) {
  constexpr Rational kAnyRate{1'000'000};
  std::vector<ElementSpec> specs;
  if (units_->stretches.size() == 1) {
    specs = gate_specs(window(), clip_->look,
                       {.unit_rate = kAnyRate, .timeline_length = length_of(*clip_, *units_)});
    keep_end(specs);
  }
  specs.push_back({"decodebin", {}});
  auto made = add_chain(GST_BIN(pipeline_.get()), specs);
  if (!made) return made.error();
  g_signal_connect(made->back(), "pad-added", G_CALLBACK(link_decoded), next);
  if (gst_element_link(source, made->front()) == FALSE) {
    return Error{ErrorCode::Internal, "cannot link the decoder", {}};
  }
  return success();
}

// The first unit's time is the sampler's zero, whether or not that unit can be decoded. The rest is
// told behind the decoders: they let a GAP pass before the pictures that they hold.
GstPadProbeReturn ClipPipeline::on_decoded(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto& pipeline = *static_cast<ClipPipeline*>(self);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    if (pipeline.decoded_++ == 0)
      info->data = pipeline.first_picture(GST_PAD_PROBE_INFO_BUFFER(info));
  } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) {
    pipeline.is_all_decoded_ = true;
    gst_pad_send_event(pad, pipeline.rest());
  }
  return GST_PAD_PROBE_OK;
}

GstBuffer* ClipPipeline::first_picture(GstBuffer* buffer) const {
  if (clip_->look.mode == SamplingMode::Key || GST_BUFFER_PTS(buffer) == 0) return buffer;
  buffer = gst_buffer_make_writable(buffer);
  GST_BUFFER_PTS(buffer) = 0;
  return buffer;
}

// Whatever is the last picture that can be decoded stays on screen until the clip's end.
GstEvent* ClipPipeline::rest() const {
  const Nanoseconds begin = units_->last.time - zero();
  const Nanoseconds length = clip_->to - units_->last.time + kInclusive;
  GstEvent* gap = gst_event_new_gap(clock_time(begin), clock_time(length));
  gst_event_set_gap_flags(gap, GST_GAP_FLAG_MISSING_DATA);
  return gap;
}

// Its time counts from zero().
GstBuffer* ClipPipeline::buffer_of(const Unit& unit) const {
  GstBuffer* buffer = gst_buffer_copy(unit.payload.buffer.get());  // shares the memory
  const auto decode = unit.payload.decode_time;
  GST_BUFFER_PTS(buffer) = clock_time(unit.time - zero());
  GST_BUFFER_DTS(buffer) =
      decode && *decode >= zero() ? clock_time(*decode - zero()) : GST_CLOCK_TIME_NONE;
  return buffer;
}

void ClipPipeline::feed() const {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    auto* source = GST_APP_SRC(sources_[i]);
    for (const Unit& unit : units_->stretches[i].units) {
      gst_app_src_push_buffer(source, buffer_of(unit));
    }
    gst_app_src_end_of_stream(source);
  }
}

Result<std::uint64_t> ClipPipeline::run(const Progress& progress) {
  const auto bus = glue::adopt(gst_element_get_bus(pipeline_.get()));
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  feed();
  auto frames = wait(bus.get(), progress);
  stop();
  return frames;
}

Result<std::uint64_t> ClipPipeline::wait(GstBus* bus, const Progress& progress) const {
  constexpr GstClockTime kLookEvery = 100 * GST_MSECOND;
  using Clock = std::chrono::steady_clock;
  Clock::time_point moved = Clock::now();
  std::uint64_t seen = 0;
  std::uint64_t decoded = 0;
  while (!*clip_->is_cancelled) {
    const auto message = glue::adopt(gst_bus_timed_pop_filtered(
        bus, kLookEvery, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    if (message) {
      const bool is_empty = GST_MESSAGE_SRC(message.get()) == GST_OBJECT(encoder_) && decoded_ == 0;
      if (is_empty) return nothing_decoded();
      if (auto error = error_of(message.get())) return *error;
      return frames();
    }
    if (const std::uint64_t now = frames(); now != seen) {
      progress(now, expected_);
      seen = now;
    }
    if (const std::uint64_t now = decoded_; now != decoded) {
      moved = Clock::now();
      decoded = now;
    }
    if (!is_all_decoded_ && Clock::now() - moved > kPatience) {
      return Error{ErrorCode::ReadFailed,
                   "the clip cannot be made: its decoder has given nothing for a minute",
                   {}};
    }
  }
  return Error{ErrorCode::Internal, "the clip was cancelled", {}};
}

std::uint64_t ClipPipeline::frames() const {
  GstStructure* raw = nullptr;
  g_object_get(encoder_, "stats", &raw, nullptr);
  const auto stats = glue::adopt(raw);
  guint64 frames = 0;
  gst_structure_get_uint64(stats.get(), "frames-in", &frames);
  return frames;
}

}  // namespace anim
