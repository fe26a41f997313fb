// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/gate_headers.h"

#include <algorithm>
#include <utility>

namespace anim {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

}  // namespace

void GateHeaders::begin(Codec codec) {
  // MPEG has one sequence header at a time, H.264 and H.265 several parameter sets by number.
  supersedes_ = codec == Codec::MpegVideo || codec == Codec::Mpeg4;
}

void GateHeaders::keep(Bytes headers) {
  if (headers.empty()) return;
  if (supersedes_) kept_.clear();
  std::erase(kept_, headers);
  kept_.push_back(std::move(headers));
}

bool GateHeaders::is_too_much() const {
  std::size_t bytes = 0;
  for (const Bytes& one : kept_) bytes += one.size();
  return bytes > kMostBytes;
}

// A parser would take the same header twice for two units.
glue::Owned<GstBuffer> GateHeaders::put_before(glue::Owned<GstBuffer> buffer, const Bytes& own) {
  std::erase(kept_, own);
  if (supersedes_ && !own.empty()) kept_.clear();
  if (kept_.empty()) return buffer;
  auto out = glue::adopt(gst_buffer_make_writable(buffer.release()));
  Bytes all;
  for (const Bytes& one : std::exchange(kept_, {})) all.insert(all.end(), one.begin(), one.end());
  GstMemory* memory = gst_allocator_alloc(nullptr, all.size(), nullptr);
  GstMapInfo info;
  if (gst_memory_map(memory, &info, GST_MAP_WRITE) == FALSE) {
    gst_memory_unref(memory);
    return out;
  }
  std::copy(all.begin(), all.end(), info.data);
  gst_memory_unmap(memory, &info);
  gst_buffer_prepend_memory(out.get(), memory);
  return out;
}

}  // namespace anim
