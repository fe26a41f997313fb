// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/outputs/branch.h"

#include <utility>
#include <vector>

#include <gst/video/video.h>

#include "gst/core/chain.h"
#include "gst/glue/graph.h"
#include "gst/glue/handle.h"

namespace anim {
namespace {

// Enough to keep both sides busy; pictures are large.
constexpr const char* kQueuedPictures = "3";

bool is_encoder(const ElementSpec& element) {
  return element.factory.starts_with("anim");
}

bool has_threads(const ElementSpec& element) {
  return element.factory == "fitscale" || is_encoder(element);
}

std::vector<ElementSpec> specs_of(const BranchPlan& plan) {
  std::vector<ElementSpec> chain = output_chain(plan.request, plan.output);
  for (ElementSpec& element : chain) {
    if (element.factory == "intervalsampler") {
      element.properties.emplace_back("eos-upstream", "false");
    } else if (plan.threads > 0 && has_threads(element)) {
      element.properties.emplace_back("n-threads", std::to_string(plan.threads));
    }
    if (is_encoder(element) && plan.request.target_size > 0 && !plan.spool_dir.empty()) {
      element.properties.emplace_back("spool-dir", plan.spool_dir);
    }
  }
  std::vector<ElementSpec> between = {
      {"queue",
       {{"max-size-buffers", kQueuedPictures}, {"max-size-bytes", "0"}, {"max-size-time", "0"}}}};
  // Its default, fields=all, would double the frames.
  if (plan.deinterlace) {
    between.push_back({"deinterlace", {{"fields", "top"}, {"method", "linear"}}});
  }
  if (plan.common) {
    between.push_back({"fitscale",
                       {{"width", std::to_string(plan.common->size.width)},
                        {"height", std::to_string(plan.common->size.height)},
                        {"scale-type", "fill"}}});
    const std::string caps = plan.common->has_alpha ? "video/x-raw,format=A420" : "video/x-raw";
    between.push_back({"capsfilter", {{"caps", caps}}});
  }
  chain.insert(chain.begin() + 1, between.begin(), between.end());
  chain.push_back({"filesink", {{"location", plan.file}, {"async", "false"}, {"sync", "false"}}});
  return chain;
}

void add_ghost_sink(GstElement* bin, GstElement* first) {
  const auto target = glue::adopt(gst_element_get_static_pad(first, "sink"));
  gst_element_add_pad(bin, gst_ghost_pad_new("sink", target.get()));
}

GstPadProbeReturn sample_passes(GstPad* /*pad*/, GstPadProbeInfo* /*info*/, gpointer on_sample) {
  (*static_cast<std::function<void()>*>(on_sample))();
  return GST_PAD_PROBE_OK;
}

guint64 field(const GstStructure* structure, const char* name) {
  guint64 value = 0;
  gst_structure_get_uint64(structure, name, &value);
  return value;
}

Size size_at(GstElement* encoder) {
  const auto pad = glue::adopt(gst_element_get_static_pad(encoder, "sink"));
  const auto caps = glue::adopt(gst_pad_get_current_caps(pad.get()));
  GstVideoInfo info;
  gst_video_info_init(&info);
  if (!caps || gst_video_info_from_caps(&info, caps.get()) == FALSE) return {};
  return {info.width, info.height};
}

}  // namespace

Branch::Branch(GstBin* parent) : bin_(gst_bin_new(nullptr)) {
  gst_bin_add(parent, bin_);
}

Status Branch::add_chain(const BranchPlan& plan) {
  const std::vector<ElementSpec> specs = specs_of(plan);
  const auto elements = anim::add_chain(GST_BIN(bin_), specs);
  if (!elements) return elements.error();
  first_ = elements->front();
  sink_ = elements->back();
  encoder_ = (*elements)[elements->size() - 2];
  return success();
}

Status Branch::make(const BranchPlan& plan, std::function<void()>* on_sample) {
  if (Status status = add_chain(plan); !status) return status;
  add_ghost_sink(bin_, first_);
  const auto input = glue::adopt(gst_element_get_static_pad(encoder_, "sink"));
  gst_pad_add_probe(input.get(), GST_PAD_PROBE_TYPE_BUFFER, sample_passes, on_sample, nullptr);
  return success();
}

Status Branch::attach(GstElement* tee) {
  if (gst_element_set_state(bin_, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE) {
    return Error{ErrorCode::WriteFailed, "an output cannot be opened", {}};
  }
  if (gst_element_link(tee, bin_) == FALSE) {
    return Error{ErrorCode::Internal, "cannot link an output", {}};
  }
  return success();
}

BranchStats Branch::stats() const {
  GstStructure* raw = nullptr;
  g_object_get(encoder_, "stats", &raw, nullptr);
  const auto stats = glue::adopt(raw);
  BranchStats out;
  out.size = size_at(encoder_);
  out.frame_count = field(stats.get(), "frames-in");
  out.stored_frames = field(stats.get(), "frames-stored");
  out.duration = Nanoseconds(static_cast<std::int64_t>(field(stats.get(), "duration")));
  return out;
}

}  // namespace anim
