// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/animation_output.h"

#include <utility>

#include "gst/glue/handle.h"

namespace anim::glue {
namespace {

bool is_seekable(GstPad* pad) {
  const auto query = adopt(gst_query_new_seeking(GST_FORMAT_BYTES));
  gboolean seekable = FALSE;
  if (!gst_pad_peer_query(pad, query.get())) return false;
  gst_query_parse_seeking(query.get(), nullptr, &seekable, nullptr, nullptr);
  return seekable != FALSE;
}

/// A buffer that owns `bytes`, without a copy.
GstBuffer* wrapped(Bytes bytes) {
  auto* owner = new Bytes(std::move(bytes));
  return gst_buffer_new_wrapped_full(static_cast<GstMemoryFlags>(0), owner->data(), owner->size(),
                                     0, owner->size(), owner,
                                     [](gpointer owner) { delete static_cast<Bytes*>(owner); });
}

}  // namespace

Status AnimationOutput::open(bool patches, const std::string& spool_folder) {
  if (patches && !is_seekable(pad_)) {
    held_ = hold_in_memory();
    if (!spool_folder.empty()) {
      auto file = hold_in_folder(spool_folder);
      if (!file) return file.error();
      held_ = std::move(*file);
    }
  }
  push_segment(0);
  if (held_) push_gap();
  return success();
}

void AnimationOutput::open_late() {
  push_segment(0);
  push_gap();
}

AnimationOutput::Sent AnimationOutput::append(Bytes bytes) {
  if (bytes.empty()) return {};
  if (held_) return {.flow = GST_FLOW_OK, .status = held_->append(bytes)};
  const std::uint64_t offset = offset_;
  offset_ += bytes.size();
  return {.flow = push(wrapped(std::move(bytes)), offset, offset == 0)};
}

AnimationOutput::Sent AnimationOutput::finish(const std::vector<Patch>& patches) {
  if (held_) {
    auto whole = held_->take(patches);
    if (!whole) return {.flow = GST_FLOW_ERROR, .status = whole.error()};
    return {.flow = push(whole->release(), 0, true)};
  }
  GstFlowReturn flow = GST_FLOW_OK;
  for (const Patch& patch : patches) {
    if (flow != GST_FLOW_OK) break;
    push_segment(patch.offset);
    flow = push(wrapped(patch.bytes), patch.offset, true);
  }
  return {.flow = flow};
}

GstFlowReturn AnimationOutput::push(GstBuffer* buffer, std::uint64_t offset, bool is_header) {
  GST_BUFFER_OFFSET(buffer) = offset;
  GST_BUFFER_OFFSET_END(buffer) = offset + gst_buffer_get_size(buffer);
  if (is_header) GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_HEADER);
  return gst_pad_push(pad_, buffer);
}

void AnimationOutput::push_segment(std::uint64_t offset) {
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_BYTES);
  segment.start = offset;
  segment.time = offset;
  gst_pad_push_event(pad_, gst_event_new_segment(&segment));
}

void AnimationOutput::push_gap() {
  gst_pad_push_event(pad_, gst_event_new_gap(0, GST_CLOCK_TIME_NONE));
}

}  // namespace anim::glue
