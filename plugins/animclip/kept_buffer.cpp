// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/kept_buffer.h"

#include <gst/video/video.h>

#include "gst/glue/handle.h"

namespace anim {
namespace {

// A GstBuffer with its GstMemory, and what the ring and the allocator know of it.
constexpr std::size_t kStructures = 512;

// The blocks of memory that the buffer is in, or is a part of.
std::size_t block_bytes(GstBuffer* buffer) {
  std::size_t bytes = 0;
  for (guint i = 0; i < gst_buffer_n_memory(buffer); ++i) {
    const GstMemory* memory = gst_buffer_peek_memory(buffer, i);
    while (memory->parent != nullptr) memory = memory->parent;
    bytes += memory->maxsize;
  }
  return bytes;
}

// Whether keeping its memory keeps much more than its bytes, or what its maker waits for.
bool holds_more(GstBuffer* buffer) {
  constexpr std::size_t kSlack = 512;
  const std::size_t size = gst_buffer_get_size(buffer);
  return buffer->pool != nullptr || block_bytes(buffer) > size + size / 8 + kSlack;
}

glue::Owned<GstBuffer> copy_of(GstBuffer* buffer, bool is_raw) {
  int flags = GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS | GST_BUFFER_COPY_MEMORY;
  if (is_raw) flags |= GST_BUFFER_COPY_META;
  if (holds_more(buffer)) flags |= GST_BUFFER_COPY_DEEP;
  auto copy = glue::adopt(gst_buffer_new());
  gst_buffer_copy_into(copy.get(), buffer, static_cast<GstBufferCopyFlags>(flags), 0,
                       gst_buffer_get_size(buffer));
  if (const auto* alpha = gst_buffer_get_video_codec_alpha_meta(buffer); alpha && !is_raw) {
    gst_buffer_add_video_codec_alpha_meta(copy.get(), copy_of(alpha->buffer, false).release());
  }
  return copy;
}

}  // namespace

std::shared_ptr<GstBuffer> kept(GstBuffer* buffer, bool is_raw) {
  return {copy_of(buffer, is_raw).release(), [](GstBuffer* p) { gst_buffer_unref(p); }};
}

std::size_t kept_bytes(GstBuffer* buffer) {
  const auto* alpha = gst_buffer_get_video_codec_alpha_meta(buffer);
  return block_bytes(buffer) + kStructures + (alpha != nullptr ? kept_bytes(alpha->buffer) : 0);
}

}  // namespace anim
